import { html, nothing, svg, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../shared/icon";
import { minutes } from "./clock";
import { Proxies } from "./desk-proxies";
import { QuestionForm } from "./desk-question";
import { Revote } from "./desk-revote";
import { rollCallNote, verdictBox } from "./parts";
import { actingList, pollLines, questionOf } from "./poll-parts";
import { seatKey, seatMap, tallyLabel, tallyOf } from "./seat-map";
import type { LiveStore } from "./store";
import type { CurrentItem, PollView } from "./types";
import * as words from "./words";

/** What the column needs from the desk around it. */
export interface DeskActs {
  readonly act: (path: string, body: unknown, where: string) => Promise<boolean>;
  readonly busy: (path: string) => boolean;
  readonly error: (where: string) => TemplateResult | typeof nothing;
  /** Code of the last refusal, until the next act or dialog. */
  readonly refused: () => string;
  readonly details: () => Readonly<Record<string, unknown>>;
  readonly changed: () => void;
  readonly callNext: () => TemplateResult | typeof nothing;
  readonly dialog: (name: string) => HTMLDialogElement | null;
  readonly open: (name: string) => void;
  /** Other buttons come under the pointer: for a moment none takes a press. */
  readonly settle: () => void;
}

/** So many names are read at a glance. */
const FEW = 6;

/** The right column of the desk: put the question, watch the turnout, close, read the verdict. */
export class VoteColumn {
  private again: number | null = null;
  private chairChoice: string | null = null;
  private cancelReason = "";
  private readonly room: LiveStore;
  private readonly desk: DeskActs;
  private readonly form: QuestionForm;
  private readonly proxies: Proxies;
  private readonly revote: Revote;

  constructor(room: LiveStore, desk: DeskActs) {
    this.room = room;
    this.desk = desk;
    this.form = new QuestionForm(room, desk, () => (this.again = null));
    this.proxies = new Proxies(room, desk);
    this.revote = new Revote(desk);
  }

  /** A dialog about a poll that is over closes itself. */
  tidy(): void {
    if (this.poll?.state === "open") return;
    this.desk.dialog("close-vote")?.close();
    this.desk.dialog("cancel-vote")?.close();
    this.chairChoice = null;
  }

  private get poll(): PollView | null {
    return this.room.state.poll;
  }

  render(): TemplateResult {
    const { current, meeting } = this.room.state;
    const { poll } = this;
    if (poll?.state === "open") return this.renderOpen(poll);
    if (current && poll && this.again !== poll.id) return this.renderResult(poll, current);
    if (current?.kind === "information") return this.renderInformation();
    if (current && meeting.state === "in_session") return this.renderQuestion(current);
    return this.renderRoom();
  }

  // ── before ──

  private renderRoom(): TemplateResult {
    const { state } = this.room;
    const tally = tallyOf(state);
    const { present, members, needed, quorate } = state.attendance;
    return html`<h2 id="h-vote" class="desk__vote-title" tabindex="-1">${words.attendance()}</h2>
      <div class="desk__turnout">
        <p class="num"><b>${present}</b>/${members}</p>
        <p class="small">${words.quorum(quorate, needed)}</p>
      </div>
      <div class="desk__seats">${seatMap(state, { radius: 44, labels: false }, tallyLabel(tally))}</div>
      ${seatKey(tally, "desk__key")}
      <p class="desk__close">
        <button class="button button--block" type="button" data-desk-dialog="attendance">
          ${icon("users-round")} ${words.attendance()}
        </button>
      </p>
      ${this.proxies.button()}`;
  }

  private renderInformation(): TemplateResult {
    return html`<h2 id="h-vote" class="desk__vote-title" tabindex="-1">${words.noVote()}</h2>
      <p class="small muted">${words.forInformation()}</p>
      <p class="desk__close">${this.desk.callNext()}</p>`;
  }

  private renderQuestion(item: CurrentItem): TemplateResult {
    return html`${this.form.render(item)}
      ${this.poll
        ? html`<button class="button button--quiet" type="button" @click=${() => this.putAgain(null)}>
            ${words.resultTitle()}
          </button>`
        : nothing}
      ${this.proxies.button()} ${pollLines(this.room.state.polls)}`;
  }

  private putAgain(poll: number | null): void {
    this.again = poll;
    this.form.clear();
    this.desk.settle();
    this.desk.changed();
  }

  // ── while it is open ──

  private renderOpen(poll: PollView): TemplateResult {
    const { state } = this.room;
    const elapsed = (this.room.now() - Date.parse(poll.opened_at)) / 1000;
    const tally = tallyOf(state);
    return html`<div class="desk__poll">
      <h2 id="h-vote" class="desk__vote-title" tabindex="-1">
        ${words.votingNow()} <span class="muted num">${minutes(elapsed)}</span>
      </h2>
      ${questionOf(poll)}
      <div class="desk__turnout">
        <p class="num"><b>${poll.turnout}</b>/${poll.expected}</p>
        <p class="small">
          ${words.haveVoted()}
          ${poll.needed !== null && poll.base !== null ? words.neededOf(poll.needed, poll.base) : nothing}
        </p>
      </div>
      ${bars(poll)} ${poll.counts.length > 0 ? html`<p class="small muted">${words.runningCounts()}</p>` : nothing}
      <div class="desk__seats">${seatMap(state, { radius: 44, labels: false }, tallyLabel(tally))}</div>
      ${seatKey(tally, "desk__key")}
      ${this.renderMissing()}
      ${this.desk.error("vote")}
      <p class="desk__close">
        <button class="button button--final button--large button--block" type="button" @click=${() => this.desk.open("close-vote")}>
          ${icon("gavel")} ${words.closeVote()}
        </button>
      </p>
      <p class="small desk__hand">
        <button class="button button--quiet" type="button" @click=${() => this.desk.open("cancel-vote")}>
          ${words.cancelVote()}
        </button>
      </p>
    </div>`;
  }

  /** Few names stand there; many are folded away, so that the button below stays in sight. */
  private renderMissing(): TemplateResult {
    const { missing } = this;
    if (missing.length === 0) return html`<p class="small desk__waiting">${words.everybodyVoted()}</p>`;
    if (missing.length <= FEW) {
      return html`<p class="small desk__waiting"><b>${words.notVoted()}</b> ${words.names(missing)}.</p>`;
    }
    return html`<details class="small desk__waiting">
      <summary><b>${words.notVoted()}</b> ${words.people(missing.length)}</summary>
      <p>${words.names(missing)}.</p>
    </details>`;
  }

  /** Names of those who may still vote and have not. */
  private get missing(): string[] {
    const waiting = new Set(this.room.state.desk?.not_voted);
    const acting = new Map(this.poll?.proxies.map((one) => [one.membership_id, one.acting]));
    return this.room.state.seats
      .filter((seat) => waiting.has(seat.membership_id))
      .map((seat) => (acting.has(seat.membership_id) ? words.byProxy(seat.name, acting.get(seat.membership_id) ?? "") : seat.name));
  }

  renderDialogs(): TemplateResult {
    return html`${this.renderCloseDialog()} ${this.renderCancelDialog()} ${this.proxies.dialog()} ${this.revote.dialog(this.poll)}`;
  }

  /** Told beforehand when only the chair's ballot is missing, by the refusal to close in other cases. */
  private get tie(): boolean {
    return (this.room.state.desk?.chair_must_decide ?? false) || this.desk.refused() === "chair_must_decide";
  }

  /** The codes the chair chooses between, told beforehand or with the refusal. */
  private get between(): readonly string[] {
    const told = this.room.state.desk?.chair_choices ?? [];
    return told.length > 0 ? told : ((this.desk.details()["choices"] as readonly string[] | undefined) ?? []);
  }

  private renderCloseDialog(): TemplateResult {
    const { current } = this.room.state;
    const { tie } = this;
    return html`<dialog id="close-vote" class="dialog dialog--final" aria-labelledby="h-close">
      <h2 id="h-close">${words.closeTitle(current?.number ?? 0)}</h2>
      <div class="dialog__body">
        ${this.missing.length > 0
          ? html`<p><b>${words.closeMissing(this.missing.length)}</b>${words.closeMissingMore(words.names(this.missing))}</p>`
          : html`<p>${words.everybodyVoted()}</p>`}
        ${tie ? this.renderTie() : nothing}
        <p>${words.closeFinal()}</p>
        ${this.desk.error("close")}
      </div>
      <p class="actions">
        <button
          class="button button--final button--large"
          type="button"
          aria-busy=${this.poll && this.desk.busy(`polls/${this.poll.id}/close`) ? "true" : "false"}
          ?disabled=${tie && this.chairChoice === null}
          @click=${() => void this.close()}
        >
          ${icon("gavel")} ${words.closeNow()}
        </button>
        <button class="button button--large" type="button" @click=${() => this.desk.dialog("close-vote")?.close()}>
          ${words.waitMore()}
        </button>
      </p>
    </dialog>`;
  }

  /** Only the chair's own hand decides a tie. */
  private renderTie(): TemplateResult {
    if (!this.room.me?.is_chair) return html`<p><b>${words.tieWaits()}</b></p>`;
    const sides = (this.poll?.choices ?? []).filter((one) => this.between.includes(one.code));
    return html`<fieldset class="desk__tie">
      <legend>${words.tieLabel()}</legend>
      ${sides.map(
        (one) =>
          html`<label class="choice"
            ><input
              type="radio"
              name="chair"
              value=${one.code}
              .checked=${this.chairChoice === one.code}
              @change=${() => {
                this.chairChoice = one.code;
                this.desk.changed();
              }}
            /><span>${words.own(one.label, one.label_en)}</span></label
          >`,
      )}
    </fieldset>`;
  }

  private async close(): Promise<void> {
    const { poll } = this;
    if (!poll) return;
    await this.desk.act(`polls/${poll.id}/close`, { chair_choice: this.tie ? this.chairChoice : null }, "close");
  }

  private renderCancelDialog(): TemplateResult {
    return html`<dialog id="cancel-vote" class="dialog dialog--final" aria-labelledby="h-cancel">
      <h2 id="h-cancel">${words.cancelVoteTitle()}</h2>
      <div class="dialog__body">
        <p>${words.cancelVoteBody()}</p>
        <label class="field"
          ><span class="field__label">${words.reason()}</span>
          <input class="field__input" maxlength="200" .value=${live(this.cancelReason)}
            @input=${(event: Event) => (this.cancelReason = (event.target as HTMLInputElement).value)} />
        </label>
        ${this.desk.error("cancel")}
      </div>
      <p class="actions">
        <button
          class="button button--final button--large"
          type="button"
          aria-busy=${this.poll && this.desk.busy(`polls/${this.poll.id}/cancel`) ? "true" : "false"}
          @click=${() => void this.cancel()}
        >
          ${words.cancelVote()}
        </button>
        <button class="button button--large" type="button" @click=${() => this.desk.dialog("cancel-vote")?.close()}>
          ${words.waitMore()}
        </button>
      </p>
    </dialog>`;
  }

  private async cancel(): Promise<void> {
    const { poll } = this;
    if (poll && (await this.desk.act(`polls/${poll.id}/cancel`, { reason: this.cancelReason }, "cancel"))) {
      this.cancelReason = "";
    }
  }

  // ── after ──

  private renderResult(poll: PollView, item: CurrentItem): TemplateResult {
    const { state } = this.room;
    const tally = tallyOf(state);
    return html`<div class="desk__poll">
      <h2 id="h-vote" class="desk__vote-title" tabindex="-1">
        ${words.resultTitle()} <span class="muted num">${poll.closed_at ? words.hour(poll.closed_at) : nothing}</span>
      </h2>
      ${questionOf(poll)}
      ${poll.verdict ? verdictBox(poll.verdict, true) : nothing} ${rollCallNote(state)}
      <div class="desk__seats">${seatMap(state, { radius: 44, labels: false }, tallyLabel(tally))}</div>
      ${seatKey(tally)}
      ${this.desk.error("run")}
      <div class="desk__close desk__after">
        ${poll.verdict?.adopted ? this.renderDecision(item) : nothing} ${this.desk.callNext()}
        <button class="button button--quiet" type="button" @click=${() => this.putAgain(poll.id)}>
          ${words.anotherQuestion()}
        </button>
        ${this.revote.button()}
      </div>
      ${pollLines(state.polls)} ${actingList(poll)}
    </div>`;
  }

  /** Leaves the desk for the page on which the decision is worded and sent to be signed. */
  private renderDecision(item: CurrentItem): TemplateResult | typeof nothing {
    const { decision } = this.room.config;
    if (item.kind !== "decision" || !decision) return nothing;
    return html`<a class="button button--block" href=${decision.replace("0", String(item.id))}
      >${icon("signature")} ${words.prepareDecision()}</a
    >`;
  }
}

/** One bar per ballot that may come, and a gold line where the needed number lies. */
function bars(poll: PollView): TemplateResult {
  const many = Math.max(1, poll.expected);
  return html`<svg class="turnout" viewBox="0 0 ${many * 10 - 2} 22" preserveAspectRatio="none" aria-hidden="true">
    ${Array.from(
      { length: many },
      (_, index) => svg`<rect x=${index * 10} width="8" height="22" class=${index < poll.turnout ? "on" : ""}></rect>`,
    )}
  </svg>`;
}
