import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../shared/icon";
import { ConsentList } from "./desk-consent";
import { floorColumn } from "./desk-floor";
import { itemHead, meetingState } from "./desk-head";
import { programme, scrollToCurrent } from "./desk-programme";
import { Presenting } from "./desk-present";
import { POSTPONE, REOPEN, WithReason } from "./desk-reason";
import { Recusals } from "./desk-recusal";
import { Roll } from "./desk-roll";
import { moved } from "./desk-shape";
import { SpeakingTimes } from "./desk-speaking";
import { VoteColumn, type DeskActs } from "./desk-vote";
import { isDirty, type Draft } from "./draft";
import { Drafts } from "./drafts";
import { PageElement } from "./element";
import { Announcer } from "./news";
import { itemTitle, outcomeLink } from "./parts";
import { store, StoreController } from "./store";
import type { CurrentItem, ProgrammeItem } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

/** A press that comes so soon after the buttons have moved was meant for what stood there before. */
const SETTLE_MS = 500;

/** The rostrum of chair and secretariat: everything that acts, in one place. */
export class LiveDesk extends PageElement {
  private readonly room = store();
  private readonly drafts = new Drafts(this.room, () => this.requestUpdate());
  private readonly acts: DeskActs = {
    act: (path, body, where) => this.act(path, body, where),
    busy: (path) => this.busy === path,
    error: (where) => this.renderError(where),
    refused: () => this.refusal?.code ?? "",
    details: () => this.refusal?.details ?? {},
    changed: () => this.requestUpdate(),
    callNext: () => this.renderCallNext("button--primary button--large button--block"),
    dialog: (name) => this.querySelector<HTMLDialogElement>(`#${name}`),
    open: (name) => this.open(name),
    settle: () => this.settle(),
  };
  private readonly vote = new VoteColumn(this.room, this.acts);
  private readonly postponing = new WithReason(POSTPONE, this.acts, (item) => this.saved(item, "postpone"));
  private readonly reopening = new WithReason(REOPEN, this.acts, () => Promise.resolve(true));
  private readonly consent = new ConsentList(this.room, this.acts);
  private readonly recusals = new Recusals(this.room, this.acts);
  private readonly speaking = new SpeakingTimes(this.room, this.acts);
  private readonly presenting = new Presenting(this.room, this.acts);
  private readonly roll = new Roll(this.room, this.acts, (...words) => this.send(...words));
  private readonly announcer = new Announcer(this.room.state, this.room.now());
  private seen = this.room.state;
  private settling = 0;
  private shown: number | null = null;
  private heldBy: Element | null = null;
  private busy = "";
  private refusal: {
    readonly where: string;
    readonly text: string;
    readonly code: string;
    readonly details: Readonly<Record<string, unknown>>;
  } | null = null;

  constructor() {
    super();
    new StoreController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("click", this.opener);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("click", this.opener);
  }

  /** Buttons of the bar, which the server drew, open the desk's dialogs. */
  private readonly opener = ({ target }: Event): void => {
    const name = target instanceof Element ? target.closest<HTMLElement>("[data-desk-dialog]")?.dataset["deskDialog"] : "";
    if (name) this.open(name);
  };

  private open(name: string): void {
    this.refusal = null;
    const dialog = this.acts.dialog(name);
    if (dialog && !dialog.open) dialog.showModal();
    this.settle();
    this.requestUpdate();
  }

  private shut(name: string): void {
    this.acts.dialog(name)?.close();
  }

  /** For a moment no button takes a press: a second tap must not reach what has come under the finger. */
  private settle(): void {
    window.clearTimeout(this.settling);
    this.classList.add("is-settling");
    this.settling = window.setTimeout(() => {
      this.settling = 0;
      this.classList.remove("is-settling");
    }, SETTLE_MS);
  }

  // ── acts ──

  private async act(path: string, body: unknown, where: string): Promise<boolean> {
    if (this.busy || this.settling) return false;
    this.busy = path;
    const done = await this.send(path, body, where);
    this.busy = "";
    this.settle();
    this.requestUpdate();
    return done;
  }

  private async send(path: string, body: unknown, where: string): Promise<boolean> {
    this.refusal = null;
    this.requestUpdate();
    const answer = await this.room.command(path, body);
    if (!answer.ok) {
      const { refusal } = answer;
      this.refuse(where, refusal?.message ?? words.commandUnknown(), refusal?.code, refusal?.details);
    }
    return answer.ok;
  }

  private refuse(where: string, text: string, code = "", details: Readonly<Record<string, unknown>> = {}): void {
    this.refusal = { where, text, code, details };
    this.requestUpdate();
  }

  /** Has the server what was written about the item? Where it has not, says so and nothing is done. */
  private async saved(item: number, where: string): Promise<boolean> {
    const saved = await this.drafts.flush(item);
    if (!saved) this.refuse(where, words.unsaved());
    return saved;
  }

  /** Calling an item ends the one before; its conclusion is saved first. */
  private async call(item: ProgrammeItem): Promise<void> {
    const current = this.room.state.current;
    if (current && !(await this.saved(current.id, "run"))) return;
    if (await this.act(`items/${item.id}/call`, {}, "run")) this.shut("programme");
  }

  private async endItem(item: CurrentItem): Promise<void> {
    if (await this.saved(item.id, "floor")) await this.act(`items/${item.id}/end`, {}, "floor");
  }

  private async adjourn(): Promise<void> {
    const current = this.room.state.current;
    if (current && !(await this.saved(current.id, "adjourn"))) return;
    if (await this.act("adjourn", {}, "adjourn")) this.shut("adjourn");
  }

  // ── drawing ──

  protected override willUpdate(_changed: PropertyValues): void {
    this.announcer.follow(this.room.state, this.room.now());
    if (moved(this.seen, this.room.state)) this.settle();
    this.seen = this.room.state;
    this.heldBy = this.contains(document.activeElement) ? (document.activeElement?.closest("section, dialog") ?? null) : null;
  }

  protected override updated(_changed: PropertyValues): void {
    this.vote.tidy();
    this.keepFocus();
    this.showCurrent();
  }

  private showCurrent(): void {
    const current = this.room.state.current?.id ?? null;
    if (current !== this.shown) scrollToCurrent(this.querySelector(".desk__run"));
    this.shown = current;
  }

  /** Where the button that had the focus is gone, the focus goes to the heading of its part of the desk. */
  private keepFocus(): void {
    const dialog = this.heldBy instanceof HTMLDialogElement ? this.heldBy : null;
    // The button in a dialog that has just been closed counts as focused until the next painting.
    const lost = document.activeElement === document.body || (dialog !== null && !dialog.open);
    if (!this.heldBy || !lost) return;
    const part = dialog ? this.querySelector(".desk__vote") : this.heldBy;
    part?.querySelector<HTMLElement>("h1, h2")?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    return html`
      <section class="desk__run" aria-labelledby="h-run" tabindex="0">
        <h2 id="h-run" class="label">${words.programme()}</h2>
        ${this.consent.renderButton()} ${this.renderProgramme()} ${this.renderError("run")}
        ${this.room.state.meeting.state === "in_session"
          ? html`<p class="desk__adjourn">
              <button class="button" type="button" @click=${() => this.open("adjourn")}>${words.adjourn()}</button>
            </p>`
          : nothing}
      </section>
      <section class="desk__floor" aria-labelledby="h-item">
        ${this.room.connected
          ? nothing
          : html`<p class="desk__lost" role="alert"><span>${words.deskLost()}</span></p>`}
        ${this.room.state.current ? this.renderCurrent(this.room.state.current) : this.renderNoItem()}
      </section>
      <section class="desk__vote" aria-labelledby="h-vote">${this.vote.render()}</section>
      ${this.renderDialogs()} ${this.vote.renderDialogs()} ${this.postponing.render()} ${this.reopening.render()}
      ${this.consent.render()} ${this.recusals.render()} ${this.roll.render()} ${this.speaking.render()}
      <p class="visually-hidden" role="status">${this.announcer.text}</p>
    `;
  }

  private renderProgramme(): TemplateResult {
    return programme(this.room.state, {
      now: this.room.now(),
      busy: this.busy,
      call: (item) => void this.call(item),
      postpone: (item) => this.postponing.ask(item),
      reopen: (item) => this.reopening.ask(item),
    });
  }

  renderError(where: string): TemplateResult | typeof nothing {
    if (this.refusal?.where !== where) return nothing;
    return html`<p class="field__error desk__error" role="alert">${icon("triangle-alert")} ${this.refusal.text}</p>`;
  }

  private renderNoItem(): TemplateResult {
    const { meeting } = this.room.state;
    return html`<header class="desk__item desk__item--none">
        <div>
          <p class="small muted">${words.own(meeting.body, meeting.body_en)}</p>
          <h1 id="h-item" class="official" tabindex="-1">${itemTitle(meeting)}</h1>
          ${meetingState(meeting)}
        </div>
      </header>
      ${this.renderError("floor")}
      <p class="actions desk__next">
        ${meeting.state === "adjourned" ? outcomeLink(this.room.config.programme, "button--primary") : nothing}
        ${meeting.state === "in_session"
          ? this.renderCallNext("button--primary button--large")
          : meeting.state === "distributed"
            ? html`<button
                class="button button--primary button--large"
                type="button"
                aria-busy=${this.busy === "start" ? "true" : "false"}
                @click=${() => this.act("start", {}, "floor")}
              >
                ${icon("gavel")} ${words.startMeeting()}
              </button>`
            : nothing}
        ${meeting.state === "in_session" || meeting.state === "distributed"
          ? html`<button class="button button--large" type="button" @click=${() => this.open("attendance")}>
              ${icon("users-round")} ${words.attendance()}
            </button>`
          : nothing}
      </p>`;
  }

  private renderCallNext(extra: string): TemplateResult | typeof nothing {
    const { programme: items, current } = this.room.state;
    const from = current ? items.findIndex((item) => item.id === current.id) : -1;
    const next = items.slice(from + 1).find((item) => item.state === "waiting") ?? items.find((item) => item.state === "waiting");
    if (!next) {
      return html`<button class="button ${extra}" type="button" @click=${() => this.open("adjourn")}>
        ${icon("gavel")} ${words.adjourn()}
      </button>`;
    }
    return html`<button
      class="button ${extra}"
      type="button"
      aria-busy=${this.busy === `items/${next.id}/call` ? "true" : "false"}
      @click=${() => this.call(next)}
    >
      ${words.callItem(next.number)} ${icon("arrow-right")}
    </button>`;
  }

  private renderCurrent(item: CurrentItem): TemplateResult {
    const act = (path: string, body: unknown): void => void this.act(path, body, "floor");
    return html`${itemHead(item)}
      ${floorColumn(this.room.state.floor, { now: this.room.now(), busy: this.busy, act })} ${this.speaking.renderButton()} ${this.presenting.render(item)}
      ${this.renderError("floor")}
      ${this.renderConclusion(item)}`;
  }

  private renderConclusion(item: CurrentItem): TemplateResult {
    const draft = this.drafts.of(item.id, item.conclusion);
    const typed = (event: Event): void => {
      this.drafts.typed(item.id, (event.target as HTMLTextAreaElement).value);
    };
    return html`<div class="desk__conclusion">
      <h2 class="label desk__h">
        <label for="conclusion">${words.conclusionLabel()}</label>
        <span class="muted" role="status">${this.savedWords(draft)}</span>
      </h2>
      <textarea
        id="conclusion"
        class="field__input"
        rows="4"
        maxlength="20000"
        lang="vi"
        .value=${live(draft.text)}
        @input=${typed}
        @blur=${() => void this.drafts.flush(item.id)}
      ></textarea>
      <p class="actions desk__end">
        <button
          class="button"
          type="button"
          aria-busy=${this.busy === `items/${item.id}/end` ? "true" : "false"}
          @click=${() => void this.endItem(item)}
        >
          ${words.endItem(item.number)}
        </button>
        ${this.renderPostpone(item)} ${this.recusals.renderButton()} ${this.renderRollCall(item)}
      </p>
    </div>`;
  }

  /** A vote without the network: the sheet on paper, entered by one person and confirmed by another. */
  private renderRollCall(item: CurrentItem): TemplateResult {
    const waits = this.room.state.desk?.roll_calls.some((one) => one.item_id === item.id);
    return html`<a class="button button--quiet" href=${this.room.config.roll_call.replace("0", String(item.id))}
      >${waits ? told.rollCallWaits() : told.rollCall()}</a
    >`;
  }

  private renderPostpone(item: CurrentItem): TemplateResult | typeof nothing {
    const line = this.room.state.programme.find((one) => one.id === item.id);
    if (!line) return nothing;
    return html`<button class="button button--quiet" type="button" @click=${() => this.postponing.ask(line)}>
      ${words.postponeItem(item.number)}
    </button>`;
  }

  private savedWords(draft: Draft): string {
    if (draft.error) return draft.error;
    if (draft.saving) return words.saving();
    if (isDirty(draft)) return words.unsaved();
    return draft.savedAt === null ? "" : words.savedAt(words.hour(draft.savedAt, true));
  }

  private renderDialogs(): TemplateResult {
    const { state } = this.room;
    const waiting = state.programme.filter((item) => item.state === "waiting" || item.state === "current").length;
    return html`<dialog id="programme" class="dialog desk__sheet" aria-labelledby="h-programme">
        <h2 id="h-programme">${words.programme()}</h2>
        <div class="dialog__body">${this.consent.renderButton()} ${this.renderProgramme()} ${this.renderError("run")}</div>
        <p class="actions">
          <button class="button" type="button" @click=${() => this.shut("programme")}>${words.close()}</button>
          ${state.meeting.state === "in_session"
            ? html`<button class="button" type="button" @click=${() => this.open("adjourn")}>${words.adjourn()}</button>`
            : nothing}
        </p>
      </dialog>
      <dialog id="adjourn" class="dialog dialog--final" aria-labelledby="h-adjourn">
        <h2 id="h-adjourn">${words.adjournTitle()}</h2>
        <div class="dialog__body"><p>${words.adjournBody(waiting)}</p>${this.renderError("adjourn")}</div>
        <p class="actions">
          <button
            class="button button--final button--large"
            type="button"
            aria-busy=${this.busy === "adjourn" ? "true" : "false"}
            @click=${() => void this.adjourn()}
          >
            ${icon("gavel")} ${words.adjourn()}
          </button>
          <button class="button button--large" type="button" @click=${() => this.shut("adjourn")}>
            ${words.notYetAdjourn()}
          </button>
        </p>
      </dialog>`;
  }
}
