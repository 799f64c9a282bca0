import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { faceOf, nextBallot, NO_BALLOT, type Ballot, type BallotEvent, type Face, type Receipt } from "./ballot";
import { newKey, stepUpUrl } from "./commands";
import { recall, remember } from "./memory";
import { outcomeLink, rollCallNote, verdictBox } from "./parts";
import { seatKey, seatMap, tallyLabel, tallyOf } from "./seat-map";
import type { LiveStore } from "./store";
import type { ChoiceView, Me, PollView, ReceiptOut } from "./types";
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
  private ballot: Ballot = NO_BALLOT;
  private faceSince = 0;
  private heldFocus = false;
  private readonly room: LiveStore;
  private readonly host: RoomActs;

  constructor(room: LiveStore, host: RoomActs) {
    this.room = room;
    this.host = host;
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

  private do(event: BallotEvent): void {
    this.ballot = nextBallot(this.ballot, event);
    this.host.changed();
  }

  /** Before each drawing. `announce` is false for the first one: what stands there is no news. */
  follow(announce: boolean): void {
    const before = this.ballot.pollId;
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
    this.ballot = nextBallot(this.ballot, { kind: "poll", id: poll?.id ?? null });
    const cast = this.mine?.ballot;
    if (poll && cast) {
      this.ballot = nextBallot(this.ballot, { kind: "mine", pollId: poll.id, receipt: receiptOf(cast) });
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
    if (pollId === null || choice === null || sending || !this.settled) return;
    this.do({ kind: "send" });
    const answer = await this.room.command<ReceiptOut>(`polls/${pollId}/cast`, { choice }, key);
    if (answer.ok) {
      const { cast_at, receipt } = answer.body;
      this.do({ kind: "cast", pollId, receipt: { choice: answer.body.choice, cast_at, code: receipt } });
      return;
    }
    const url = answer.refusal ? stepUpUrl(answer.refusal) : null;
    this.do({ kind: "refused", error: answer.refusal?.message ?? words.castUnknown() });
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
    const { pollId: poll, choice, key, sending } = this.ballot;
    const user = this.room.me?.user_id;
    if (user !== undefined && poll !== null && choice !== null && !sending) remember({ user, poll, choice, key });
  }

  private restore(): void {
    const kept = recall();
    if (!kept || kept.poll !== this.poll?.id || kept.user !== this.room.me?.user_id) return;
    this.ballot = nextBallot(this.ballot, { kind: "change" });
    this.ballot = nextBallot(this.ballot, { kind: "choose", choice: kept.choice, key: kept.key });
  }

  // ── one height in every state ──

  render(): TemplateResult {
    if (this.face === "before") return this.renderBefore();
    const poll = this.poll;
    if (!poll) return this.renderBefore();
    if (this.face === "result") return this.renderResult(poll);
    if (this.face === "cast" && this.ballot.receipt) return this.renderCast(poll, this.ballot.receipt);
    if (this.room.state.audience !== "member" || (this.mine && !this.mine.may_cast)) return this.renderOnlooker(poll);
    return html`<div class="ballot__head">
        <h2>${words.namedVote()}</h2>
        <p class="small muted">${words.openedAt(words.hour(poll.opened_at))}</p>
      </div>
      <p class="ballot__question" id="question">${this.question(poll)}</p>
      ${this.face === "lost" ? this.renderLost(poll) : this.renderChoices(poll)}`;
  }

  private question(poll: PollView): string {
    return words.own(poll.question, poll.question_en);
  }

  private renderChoices(poll: PollView): TemplateResult {
    const { choice, sending, error } = this.ballot;
    const marked = poll.choices.find((one) => one.code === choice);
    return html`<div class="ballot__slot">
      <div class="ballot__choices" role="group" aria-labelledby="question">
        ${poll.choices.map(
          (one) =>
            html`<button
              class="vote"
              type="button"
              aria-pressed=${choice === null ? nothing : one.code === choice ? "true" : "false"}
              ?disabled=${sending}
              @click=${() => this.choose(one)}
            >
              ${icon(SIGNS[one.side])}<span>${words.own(one.label, one.label_en)}</span>
            </button>`,
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
    return html`<div class="receipt sealed">
        <span class="seal">${icon("seal")}</span>
        <h2 class="receipt__title">${words.counted()}</h2>
        <dl class="receipt__facts">
          <dt>${words.youChose()}</dt>
          <dd><b>${this.label(receipt.choice)}</b></dd>
          <dt>${words.at()}</dt>
          <dd>${words.hour(receipt.cast_at, true)}</dd>
          <dt>${words.receipt()}</dt>
          <dd class="nowrap">${receipt.code}</dd>
        </dl>
      </div>
      <p class="ballot__turnout"><b class="num">${poll.turnout}/${poll.expected}</b> ${words.turnoutWords()}</p>
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
      ${this.mayCheckIn ? this.renderCheckInButtons() : nothing}`;
  }

  private renderResult(poll: PollView): TemplateResult {
    const { state } = this.room;
    const tally = tallyOf(state);
    const mine = this.ballot.receipt;
    return html`${poll.verdict ? verdictBox(poll.verdict, true) : nothing} ${rollCallNote(state)}
      ${seatMap(state, { radius: 34, labels: false, mine: this.room.me?.mandate?.membership_id }, tallyLabel(tally))}
      ${seatKey(tally, "live__key")}
      ${state.audience === "member"
        ? html`<p class="small muted">
            ${mine ? words.myBallot(this.label(mine.choice), mine.code) : this.mine ? words.noBallotCast() : nothing}
          </p>`
        : nothing}
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
      ${this.renderPosition()} ${over ? nothing : this.renderCheckIn()}
      ${current && meeting.state === "in_session" && !this.mayCheckIn ? this.renderNextStep() : nothing}`;
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

  /** Where I am marked: the state everybody gets is newer than what was fetched about me. */
  private get presence(): string {
    const me = this.room.me?.mandate;
    const seat = this.room.state.seats.find((one) => one.membership_id === me?.membership_id);
    return seat?.presence ?? me?.presence ?? "";
  }

  private get mayCheckIn(): boolean {
    return this.room.speaks && (this.presence === "expected" || this.presence === "absent");
  }

  private renderCheckIn(): TemplateResult | typeof nothing {
    if (!this.room.speaks) return nothing;
    if (!this.mayCheckIn) {
      return html`<p class="ballot__mine">${icon("check")}<span>${words.checkedIn(this.presence === "remote")}</span></p>`;
    }
    return html`<p class="ballot__mine">${icon("info")}<span>${words.checkInWhy(this.room.me?.mandate?.votes ?? false)}</span></p>
      ${this.renderCheckInButtons()}`;
  }

  /** Who is not here yet says so first; then one may ask to speak. */
  private renderNextStep(): TemplateResult | typeof nothing {
    return this.mayCheckIn ? this.renderCheckInButtons() : this.host.askButton("button--block ballot__ask");
  }

  private renderCheckInButtons(): TemplateResult {
    const { mode } = this.room.state.meeting;
    return html`<div class="ballot__checkin">
        ${mode === "remote" ? nothing : this.renderPresence("present", words.checkIn(), true)}
        ${mode === "in_person" ? nothing : this.renderPresence("remote", words.checkInRemote(), mode === "remote")}
      </div>`;
  }

  private renderPresence(presence: string, label: string, primary: boolean): TemplateResult {
    return html`<button
      class="button button--block ${primary ? "button--primary button--large" : ""}"
      type="button"
      aria-busy=${this.host.busy("presence") ? "true" : "false"}
      ?disabled=${!this.room.connected}
      @click=${() => this.host.act("presence", { presence })}
    >
      ${label}
    </button>`;
  }
}

const SIGNS = {
  for: "circle-check",
  against: "circle-x",
  abstain: "circle-minus",
  other: "circle-question-mark",
} as const;

function receiptOf(cast: { choice: string; cast_at: string; receipt: string }): Receipt {
  return { choice: cast.choice, cast_at: cast.cast_at, code: cast.receipt };
}

const overflows = (element: Element): boolean => element.scrollHeight > element.clientHeight + 1;
