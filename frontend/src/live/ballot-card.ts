import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { faceOf, type Ballot, type BallotEvent, type Face, type Receipt } from "./ballot";
import { mandateName, mandateSwitch } from "./ballot-mandates";
import { ownBallots, receiptBox } from "./ballot-result";
import { NO_BALLOTS, nextBallots, OWN, rowOf, stillToCast, type Ballots } from "./ballots";
import { CheckIn } from "./check-in";
import { newKey, stepUpUrl } from "./commands";
import { voteButton } from "./vote-button";
import { recall, remember } from "./memory";
import { outcomeLink, rollCallNote, verdictBox } from "./parts";
import { seatKey, seatMap, tallyLabel, tallyOf } from "./seat-map";
import type { LiveStore } from "./store";
import type { Me, MyMandateBallot } from "./my-types";
import type { ChoiceView, PollView, ReceiptOut } from "./types";
import * as words from "./words";

/** A tap that comes so soon after the face changed was meant for what stood there before. */
const SETTLE_MS = 500;

/** What the ballot needs from the room around it. */
export interface RoomActs {
  readonly changed: () => void;
  readonly act: (path: string, body: unknown) => void;
  readonly busy: (path: string) => boolean;
  readonly askButton: (extra: string) => TemplateResult | typeof nothing;
  /** The box whose height never changes, once it is drawn. */
  readonly box: () => HTMLElement | null;
}

/** The ballot under the thumb: its choice lives here, so that no push can redraw a half-filled one. */
export class BallotCard {
  face: Face = "before";
  announcement = "";
  private ballots: Ballots = NO_BALLOTS;
  private faceSince = 0;
  private heldFocus = false;
  private readonly room: LiveStore;
  private readonly host: RoomActs;
  private readonly checkIn: CheckIn;

  constructor(room: LiveStore, host: RoomActs) {
    this.room = room;
    this.host = host;
    this.checkIn = new CheckIn(room, host);
    this.bringInLine();
    this.restore();
    window.addEventListener("pagehide", () => this.keep());
    // Shown again as it was left, mark and all: what was kept for a new page is not needed.
    window.addEventListener("pageshow", (event) => void (event.persisted && recall()));
  }

  private get poll(): PollView | null {
    return this.room.state.poll;
  }

  private get mine(): Me["poll"] {
    const mine = this.room.me?.poll ?? null;
    return mine && mine.id === this.poll?.id ? mine : null;
  }

  /** The ballot in view. */
  private get ballot(): Ballot {
    return rowOf(this.ballots, this.ballots.selected);
  }

  private do(event: BallotEvent, mandate = this.ballots.selected): void {
    this.ballots = nextBallots(this.ballots, { kind: "row", mandate, event });
    this.host.changed();
  }

  /** Memberships this person acts for in the poll: the state everybody gets tells them at once. */
  private get others(): number[] {
    const user = this.room.me?.user_id;
    const acting = this.poll?.proxies.filter((one) => one.acting_user === user) ?? [];
    return this.room.state.audience === "member" ? acting.map((one) => one.membership_id) : [];
  }

  /** What the server knows of a mandate of mine. */
  private known(mandate: number): MyMandateBallot | undefined {
    return this.mine?.ballots.find((one) => (mandate === OWN ? one.own : one.membership_id === mandate));
  }

  private select(mandate: number): void {
    this.ballots = nextBallots(this.ballots, { kind: "select", mandate });
    this.settle();
    this.host.changed();
  }

  /** Before each drawing. `announce` is false for the first one: what stands there is no news. */
  follow(announce: boolean): void {
    const before = this.ballots.pollId;
    this.bringInLine();
    const { poll } = this;
    // Once, in the hand; a browser lets only a page vibrate that was touched before.
    if (announce && poll && poll.id !== before && poll.state === "open" && navigator.userActivation?.hasBeenActive) {
      navigator.vibrate?.(200);
    }
    this.turn(faceOf(this.ballot, poll, this.room.connected));
  }

  /** Never touches a choice while its poll is the same. */
  private bringInLine(): void {
    const { poll } = this;
    this.ballots = nextBallots(this.ballots, { kind: "poll", id: poll?.id ?? null, others: this.others });
    for (const mandate of this.ballots.rows.keys()) {
      const cast = this.known(mandate)?.ballot;
      if (!poll || !cast) continue;
      const event: BallotEvent = { kind: "mine", pollId: poll.id, receipt: receiptOf(cast) };
      this.ballots = nextBallots(this.ballots, { kind: "row", mandate, event });
    }
  }

  private turn(face: Face): void {
    if (face === this.face) return;
    this.heldFocus = this.host.box()?.contains(document.activeElement) ?? false;
    // Marking a choice moves nothing: who then confirms at once means it.
    if (this.face !== "open" || face !== "chosen") this.settle();
    this.face = face;
    this.announcement = face === "cast" ? words.counted() : "";
  }

  /** After each drawing: where the button that had the focus is gone with its face, stay in the ballot. */
  keepFocus(): void {
    const box = this.host.box();
    if (this.heldFocus && !box?.contains(document.activeElement)) box?.focus({ preventScroll: true });
    this.heldFocus = false;
    // What is longer than its place is scrolled, by keys too; the style sheet gives such a question half a line more.
    const question = box?.querySelector<HTMLElement>(".ballot__question");
    if (question && overflows(question)) question.tabIndex = 0;
    if (box) box.tabIndex = overflows(box) ? 0 : -1;
  }

  /** For a moment the buttons of the new face are visibly not yet there to be pressed. */
  private settle(): void {
    this.faceSince = performance.now();
    window.setTimeout(() => this.host.changed(), SETTLE_MS + 20);
  }

  private get settled(): boolean {
    return performance.now() - this.faceSince > SETTLE_MS;
  }

  private choose(choice: ChoiceView): void {
    this.do({ kind: "choose", choice: choice.code, key: newKey() });
  }

  private async cast(): Promise<void> {
    const { pollId, choice, key, sending } = this.ballot;
    // Another ballot may be in view when the answer comes: it goes to the one that was sent.
    const mandate = this.ballots.selected;
    if (pollId === null || choice === null || sending || !this.settled) return;
    this.do({ kind: "send" }, mandate);
    const body = mandate === OWN ? { choice } : { choice, mandate };
    const answer = await this.room.command<ReceiptOut>(`polls/${pollId}/cast`, body, key);
    if (answer.ok) {
      const { cast_at, receipt } = answer.body;
      this.do({ kind: "cast", pollId, receipt: { choice: answer.body.choice, cast_at, code: receipt } }, mandate);
      return;
    }
    const url = answer.refusal ? stepUpUrl(answer.refusal) : null;
    this.do({ kind: "refused", error: answer.refusal?.message ?? words.castUnknown() }, mandate);
    if (url) this.stepUp(url);
  }

  /** Off to confirm who one is, and back to this very choice; it is still cast by hand. */
  private stepUp(url: string): void {
    const address = new URL(url, location.href);
    address.searchParams.set("next", location.pathname + location.search);
    location.assign(address);
  }

  /** The page goes away: by a reload, to a paper, because the session has ended. The mark is there on return. */
  private keep(): void {
    const { pollId: poll, selected, rows } = this.ballots;
    const user = this.room.me?.user_id;
    const marks = [...rows].flatMap(([mandate, { choice, key, sending }]) =>
      choice !== null && !sending ? [{ mandate, choice, key }] : [],
    );
    if (user !== undefined && poll !== null && marks.length > 0) remember({ user, poll, selected, marks });
  }

  private restore(): void {
    const kept = recall();
    if (!kept || kept.poll !== this.poll?.id || kept.user !== this.room.me?.user_id) return;
    for (const { mandate, choice, key } of kept.marks) {
      this.do({ kind: "change" }, mandate);
      this.do({ kind: "choose", choice, key }, mandate);
    }
    this.ballots = nextBallots(this.ballots, { kind: "select", mandate: kept.selected });
  }

  // ── one height in every state ──

  render(): TemplateResult {
    if (this.face === "before") return this.renderBefore();
    const poll = this.poll;
    if (!poll) return this.renderBefore();
    if (this.face === "result") return this.renderResult(poll);
    if (this.face === "cast" && this.ballot.receipt) return this.renderCast(poll, this.ballot.receipt);
    if (this.room.state.audience !== "member" || (this.mine && !this.mine.may_cast)) return this.renderOnlooker(poll);
    return html`${this.renderHead(poll)}
      <p class="ballot__question" id="question">${this.question(poll)}</p>
      ${this.face === "lost" ? this.renderLost(poll) : this.renderChoices(poll)}`;
  }

  /** Whose ballot is in view, where there are several; the same height either way. */
  private renderHead(poll: PollView): TemplateResult {
    if (this.ballots.rows.size > 1) {
      return mandateSwitch(this.ballots, poll, { label: (code) => this.label(code), select: (one) => this.select(one) });
    }
    return html`<div class="ballot__head">
      <h2>${words.namedVote()}</h2>
      <p class="small muted">${words.openedAt(words.hour(poll.opened_at))}</p>
    </div>`;
  }

  private question(poll: PollView): string {
    return words.own(poll.question, poll.question_en);
  }

  private renderChoices(poll: PollView): TemplateResult {
    const { choice, sending, error } = this.ballot;
    const marked = poll.choices.find((one) => one.code === choice);
    return html`<div class="ballot__slot">
      <div
        class="ballot__choices ${poll.choices.length > 3 || this.ballots.rows.size > 1 ? "ballot__choices--many" : ""}"
        role="group"
        aria-labelledby="question"
      >
        ${poll.choices.map(
          (one) =>
            voteButton(one, { marked: choice, disabled: sending, choose: () => this.choose(one) }),
        )}
      </div>
      ${error ? html`<p class="field__error ballot__error" role="alert">${icon("triangle-alert")} ${error}</p>` : nothing}
      ${this.renderConfirm(marked, sending)}
    </div>`;
  }

  private renderConfirm(marked: ChoiceView | undefined, sending: boolean): TemplateResult {
    if (!marked) {
      const kept = this.ballot.receipt ? this.label(this.ballot.receipt.choice) : "";
      return kept
        ? html`<button class="button button--large button--block ballot__cast" type="button" ?disabled=${!this.settled} @click=${() => this.do({ kind: "keep" })}>
            ${words.keepBallot(kept)}
          </button>`
        : html`<button class="button button--large button--block ballot__cast" type="button" disabled>
            ${words.chooseOne()}
          </button>`;
    }
    return html`<button
      class="button button--primary button--large button--block ballot__cast"
      type="button"
      aria-busy=${sending ? "true" : "false"}
      ?disabled=${!sending && !this.settled}
      @click=${() => void this.cast()}
    >
      ${icon("fingerprint")} ${sending ? words.casting() : words.castAs(words.own(marked.label, marked.label_en))}
    </button>`;
  }

  private label(code: string): string {
    const choice = this.poll?.choices.find((one) => one.code === code);
    return choice ? words.own(choice.label, choice.label_en) : code;
  }

  private renderLost(_poll: PollView): TemplateResult {
    const { choice } = this.ballot;
    return html`<div class="ballot__slot ballot__lost">
      <div class="hatched-frame" role="alert" tabindex="0">
        <p>
          <b>${words.lostTitle()}</b> ${words.lostWords()} ${choice === null ? nothing : words.choiceKept(this.label(choice))}
        </p>
      </div>
      <button class="button button--block" type="button" @click=${() => this.room.retryNow()}>
        ${icon("refresh-cw")} ${words.retry()}
      </button>
    </div>`;
  }

  private renderCast(poll: PollView, receipt: Receipt): TemplateResult {
    const { selected } = this.ballots;
    const next = stillToCast(this.ballots, selected);
    return html`${this.ballots.rows.size > 1 ? this.renderHead(poll) : nothing}
      ${receiptBox(receipt, this.label(receipt.choice))}
      <p class="ballot__turnout"><b class="num">${poll.turnout}/${poll.expected}</b> ${words.turnoutWords()}</p>
      ${poll.counts.length > 0 ? seatKey(tallyOf(this.room.state), "live__key") : nothing}
      ${next === null
        ? nothing
        : html`<button
            class="button button--primary button--block"
            type="button"
            ?disabled=${!this.settled}
            @click=${() => this.select(next)}
          >
            ${words.castNext(mandateName(next, poll))} ${icon("arrow-right")}
          </button>`}
      <button
        class="button button--block"
        type="button"
        ?disabled=${!this.room.connected || !this.settled}
        @click=${() => this.do({ kind: "change" })}
      >
        ${words.changeBallot()}
      </button>`;
  }

  private renderOnlooker(poll: PollView): TemplateResult {
    const { state } = this.room;
    const why = state.audience === "member" ? words.noBallot(this.mine?.why_not ?? null) : words.observerHint();
    return html`<div class="ballot__head">
        <h2>${words.namedVote()}</h2>
        <p class="small muted">${words.openedAt(words.hour(poll.opened_at))}</p>
      </div>
      <p class="ballot__question">${this.question(poll)}</p>
      ${seatMap(state, { radius: 34, labels: false, mine: this.room.me?.mandate?.membership_id }, words.seatsOpen(poll.turnout, poll.expected))}
      ${seatKey(tallyOf(state), "live__key")}
      <p class="small muted">${why}</p>
      ${this.checkIn.may ? this.checkIn.renderButtons() : nothing}`;
  }

  private renderResult(poll: PollView): TemplateResult {
    const { state } = this.room;
    const tally = tallyOf(state);
    return html`${poll.verdict ? verdictBox(poll.verdict, true) : nothing} ${rollCallNote(state)}
      ${seatMap(state, { radius: 34, labels: false, mine: this.room.me?.mandate?.membership_id }, tallyLabel(tally))}
      ${seatKey(tally, "live__key")}
      ${state.audience === "member" && this.mine ? ownBallots(this.mine.ballots, poll.mode, (code) => this.label(code)) : nothing}
      ${state.meeting.state === "in_session" ? this.renderNextStep() : nothing}`;
  }

  private renderBefore(): TemplateResult {
    const { meeting, audience, current } = this.room.state;
    const over = meeting.state === "adjourned" || meeting.state === "cancelled";
    if (meeting.state === "adjourned") {
      return html`<div class="ballot__head"><h2>${words.adjourned()}</h2></div>
        ${outcomeLink(this.room.config.programme, "button--primary button--block")}`;
    }
    return html`<div class="ballot__head"><h2>${words.noVote()}</h2></div>
      ${over ? nothing : html`<p>${audience === "member" ? words.whenOpened() : words.observerHint()}</p>`}
      ${this.renderPosition()} ${over ? nothing : this.checkIn.render()}
      ${current && meeting.state === "in_session" && !this.checkIn.may ? this.renderNextStep() : nothing}`;
  }

  private renderPosition(): TemplateResult | typeof nothing {
    const position = this.room.me?.position;
    if (!position || !this.room.state.current) return nothing;
    return html`<p class="ballot__mine">
      ${icon("pen-line")}<span
        >${words.positionOf(words.day(position.stated_at))} <b>${words.stance(position.stance)}</b></span
      >
    </p>`;
  }

  /** Who is not here yet says so first; then one may ask to speak. */
  private renderNextStep(): TemplateResult | typeof nothing {
    return this.checkIn.may ? this.checkIn.renderButtons() : this.host.askButton("button--block ballot__ask");
  }
}

function receiptOf(cast: { choice: string; cast_at: string; receipt: string }): Receipt {
  return { choice: cast.choice, cast_at: cast.cast_at, code: cast.receipt };
}

const overflows = (element: Element): boolean => element.scrollHeight > element.clientHeight + 1;
