import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../shared/icon";
import { minutes } from "./clock";
import { attendance } from "./desk-attendance";
import { programme } from "./desk-programme";
import { VoteColumn } from "./desk-vote";
import { isDirty, type Draft } from "./draft";
import { Drafts } from "./drafts";
import { PageElement } from "./element";
import { clockLine, itemTitle, office, ofWords, speech } from "./parts";
import { store, StoreController } from "./store";
import type { CurrentItem, Presence, ProgrammeItem, Speaker, Waiting } from "./types";
import * as words from "./words";

/** The rostrum of chair and secretariat: everything that acts, in one place. */
export class LiveDesk extends PageElement {
  private readonly room = store();
  private readonly drafts = new Drafts(this.room, () => this.requestUpdate());
  private readonly vote = new VoteColumn(this.room, {
    act: (path, body, where) => this.act(path, body, where),
    busy: (path) => this.busy === path,
    error: (where) => this.renderError(where),
    changed: () => this.requestUpdate(),
    callNext: () => this.renderCallNext("button--primary button--large button--block"),
    dialog: (name) => this.querySelector<HTMLDialogElement>(`#${name}`),
  });
  private busy = "";
  private refusal: { readonly where: string; readonly text: string } | null = null;

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
    this.querySelector<HTMLDialogElement>(`#${name}`)?.showModal();
    this.requestUpdate();
  }

  private shut(name: string): void {
    this.querySelector<HTMLDialogElement>(`#${name}`)?.close();
  }

  // ── acts ──

  private async act(path: string, body: unknown, where: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = path;
    this.refusal = null;
    this.requestUpdate();
    const answer = await this.room.command(path, body);
    this.busy = "";
    if (!answer.ok) this.refusal = { where, text: answer.refusal?.message ?? words.commandUnknown() };
    this.requestUpdate();
    return answer.ok;
  }

  /** Calling an item ends the one before; its conclusion is saved first. */
  private async call(item: ProgrammeItem): Promise<void> {
    const current = this.room.state.current;
    if (current && !(await this.drafts.flush(current.id))) {
      this.refusal = { where: "floor", text: words.unsaved() };
      return this.requestUpdate();
    }
    if (await this.act(`items/${item.id}/call`, {}, "run")) this.shut("programme");
  }

  private async endItem(item: CurrentItem): Promise<void> {
    if (await this.drafts.flush(item.id)) await this.act(`items/${item.id}/end`, {}, "floor");
  }

  private async adjourn(): Promise<void> {
    const current = this.room.state.current;
    if (current && !(await this.drafts.flush(current.id))) return;
    if (await this.act("adjourn", {}, "adjourn")) this.shut("adjourn");
  }

  private mark(ids: readonly number[], presence: Presence, reason = ""): void {
    const known = new Map(this.room.state.desk?.absences.map((one) => [one.membership_id, one.substitute]));
    const substitute = (presence === "absent" && ids.length === 1 && known.get(ids[0] ?? 0)) || "";
    void this.act("presence", { presence, membership_ids: ids, reason, substitute }, "attendance");
  }

  // ── drawing ──

  protected override updated(_changed: PropertyValues): void {
    this.vote.tidy();
  }

  protected override render(): TemplateResult {
    return html`
      <section class="desk__run" aria-labelledby="h-run" tabindex="0">
        <h2 id="h-run" class="label">${words.programme()}</h2>
        ${this.renderProgramme()} ${this.renderError("run")}
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
      ${this.renderDialogs()} ${this.vote.renderDialogs()}
    `;
  }

  private renderProgramme(): TemplateResult {
    const call = (item: ProgrammeItem): void => void this.call(item);
    return programme(this.room.state, { now: this.room.now(), busy: this.busy, call });
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
          <h1 id="h-item" class="official">${itemTitle(meeting)}</h1>
          ${this.renderMeetingState()}
        </div>
      </header>
      ${this.renderError("floor")}
      <p class="actions desk__next">
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

  private renderMeetingState(): TemplateResult {
    const { meeting } = this.room.state;
    if (meeting.state === "in_session") return html`<p>${words.noItem()}.</p>`;
    if (meeting.state === "adjourned") {
      return html`<p><b>${words.adjourned()}.</b> ${words.adjournedAt(words.hour(meeting.adjourned_at ?? meeting.ends_at))}</p>`;
    }
    if (meeting.state === "cancelled") return html`<p><b>${words.cancelled()}.</b></p>`;
    return html`<p><b>${words.notStarted()}.</b> ${words.startsAt(words.hour(meeting.starts_at))}</p>
      <p class="small muted">${words.startHint()}</p>`;
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
    const { floor } = this.room.state;
    return html`<header class="desk__item">
        <p class="live__no" aria-hidden="true">${item.number}</p>
        <div>
          <h1 id="h-item" class="official">${itemTitle(item)}</h1>
          <p class="small muted">${this.byline(item)}</p>
        </div>
      </header>
      ${floor.speaker ? this.renderSpeaker(floor.speaker) : this.renderSilence()}
      <h2 class="label desk__h">
        ${words.queueTitle()} <span class="muted">${words.queueLine(floor.queue.length, floor.wait_seconds)}</span>
      </h2>
      <ol class="speakers">
        ${floor.queue.map((entry, index) => this.renderWaiting(entry, index + 1))}
      </ol>
      ${this.renderError("floor")} ${this.renderConclusion(item)}`;
  }

  private byline(item: CurrentItem): string {
    const { draft } = item;
    const sponsor = words.own(item.sponsor, item.sponsor_en);
    return [
      sponsor,
      item.rapporteur ? words.reportedBy(item.rapporteur) : "",
      draft ? words.versionOf(draft.version) : "",
    ]
      .filter(Boolean)
      .join(" · ");
  }

  private renderSpeaker(speaker: Speaker): TemplateResult {
    const clock = speech(speaker, this.room.now());
    const path = `floor/${speaker.request_id}`;
    return html`<div class="desk__speaker ${clock.over ? "clock--over" : ""}">
      <div class="desk__now">
        <p class="label">${words.speaking()}</p>
        <p class="live__name">${speaker.name}</p>
        <p class="small muted">
          ${office(speaker)} ·
          ${speaker.times > 0 ? words.spokenToday(minutes(speaker.spoken_seconds)) : words.notSpoken()}
        </p>
      </div>
      <div class="desk__clock">
        <p class="clock__time" role="timer">${clock.text}</p>
        <p class="clock__of small muted">${ofWords(speaker, clock)}</p>
      </div>
      ${clockLine(clock)}
      <p class="actions desk__speak-actions">
        <button
          class="button"
          type="button"
          aria-busy=${this.busy === `${path}/extend` ? "true" : "false"}
          @click=${() => this.act(`${path}/extend`, { minutes: 1 }, "floor")}
        >
          ${icon("plus")} ${words.oneMinute()}
        </button>
        <button
          class="button"
          type="button"
          aria-busy=${this.busy === `${path}/end` ? "true" : "false"}
          @click=${() => this.act(`${path}/end`, {}, "floor")}
        >
          ${words.endSpeech()}
        </button>
      </p>
    </div>`;
  }

  private renderSilence(): TemplateResult {
    return html`<div class="desk__speaker"><p class="muted">${words.nobodySpeaks()}</p></div>`;
  }

  private renderWaiting(entry: Waiting, place: number): TemplateResult {
    const spoken =
      entry.times > 0 ? words.spokenTimes(entry.times, minutes(entry.spoken_seconds)) : words.notSpoken();
    return html`<li class="speaker">
      <span class="speaker__n num">${place}</span>
      <span class="speaker__who"><b>${entry.name}</b><small>${office(entry)}</small></span>
      <span class="speaker__spoke">${spoken}</span>
      <span class="speaker__acts">
        <button
          class="button"
          type="button"
          aria-label=${words.inviteName(entry.name)}
          aria-busy=${this.busy === `floor/${entry.request_id}/give` ? "true" : "false"}
          @click=${() => this.act(`floor/${entry.request_id}/give`, {}, "floor")}
        >
          ${words.invite()}
        </button>
        <button
          class="button button--icon"
          type="button"
          aria-label=${words.remove(entry.name)}
          @click=${() => this.act(`floor/${entry.request_id}/remove`, {}, "floor")}
        >
          ${icon("x")}
        </button>
      </span>
    </li>`;
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
      </p>
    </div>`;
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
    return html`<dialog id="attendance" class="dialog desk__sheet" aria-labelledby="h-attendance">
        <h2 id="h-attendance">${words.attendance()}</h2>
        <div class="dialog__body">
          ${attendance(state, { mark: (ids, presence, reason) => this.mark(ids, presence, reason) })}
          ${this.renderError("attendance")}
        </div>
        <p class="actions">
          <button class="button" type="button" @click=${() => this.shut("attendance")}>${words.close()}</button>
        </p>
      </dialog>
      <dialog id="programme" class="dialog desk__sheet" aria-labelledby="h-programme">
        <h2 id="h-programme">${words.programme()}</h2>
        <div class="dialog__body">${this.renderProgramme()} ${this.renderError("run")}</div>
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
