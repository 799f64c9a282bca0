import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { faceOf, nextBallot, NO_BALLOT, type Ballot, type BallotEvent, type Face, type Receipt } from "./ballot";
import { newKey, stepUpUrl } from "./commands";
import { PageElement } from "./element";
import { recall, remember } from "./memory";
import { byline, clockLine, itemTitle, office, ofWords, speech, verdictBox } from "./parts";
import { seatKey, seatMap, tallyLabel, tallyOf } from "./seat-map";
import { store, StoreController } from "./store";
import type { ChoiceView, CurrentItem, Me, PollView, ReceiptOut } from "./types";
import * as words from "./words";

/** A tap that comes so soon after the face changed was meant for what stood there before. */
const SETTLE_MS = 500;

/** A member's live room: the item, the floor, and the ballot under the thumb. */
export class LiveRoom extends PageElement {
  private readonly room = store();
  private ballot: Ballot = NO_BALLOT;
  private face: Face = "before";
  private faceSince = 0;
  private heldFocus = false;
  private announcement = "";
  private busy = "";
  private refusal = "";

  constructor() {
    super();
    new StoreController(this, () => this.room.state.floor.speaker !== null);
    this.follow(null);
    this.restore();
  }

  // ── state ──

  private get poll(): PollView | null {
    return this.room.state.poll;
  }

  private get mine(): Me["poll"] {
    const mine = this.room.me?.poll ?? null;
    return mine && mine.id === this.poll?.id ? mine : null;
  }

  private do(event: BallotEvent): void {
    this.ballot = nextBallot(this.ballot, event);
    this.requestUpdate();
  }

  /** Brings the ballot in line with the newest state. Never touches a choice while its poll is the same. */
  private follow(before: number | null): void {
    const poll = this.poll;
    this.ballot = nextBallot(this.ballot, { kind: "poll", id: poll?.id ?? null });
    const cast = this.mine?.ballot;
    if (poll && cast) {
      this.ballot = nextBallot(this.ballot, { kind: "mine", pollId: poll.id, receipt: receiptOf(cast) });
    }
    if (poll && poll.id !== before && poll.state === "open" && this.hasUpdated) {
      this.announcement = words.announceOpen(words.own(poll.question, poll.question_en));
      // Once, in the hand; a browser that may not vibrate says so by returning false.
      navigator.vibrate?.(200);
    }
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.follow(this.ballot.pollId);
    const face = faceOf(this.ballot, this.poll, this.room.connected);
    if (face === this.face) return;
    this.heldFocus = this.querySelector(".ballot")?.contains(document.activeElement) ?? false;
    this.face = face;
    this.faceSince = performance.now();
    if (face === "result" && this.poll?.verdict) {
      const verdict = this.poll.verdict;
      this.announcement = `${words.outcome(verdict.outcome)}. ${words.own(verdict.sentence, verdict.sentence_en)}`;
    }
    if (face === "cast") this.announcement = words.counted();
  }

  protected override updated(_changed: PropertyValues): void {
    // The button that had the focus is gone with its face: stay in the ballot.
    if (!this.heldFocus) return;
    this.heldFocus = false;
    this.querySelector<HTMLElement>(".ballot__state")?.focus({ preventScroll: true });
  }

  private get settled(): boolean {
    return performance.now() - this.faceSince > SETTLE_MS;
  }

  // ── acts ──

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
    if (url) this.stepUp(url, pollId, choice, key);
  }

  /** Off to confirm who one is, and back to this very choice; it is still cast by hand. */
  private stepUp(url: string, poll: number, choice: string, key: string): void {
    remember({ poll, choice, key });
    const address = new URL(url, location.href);
    address.searchParams.set("next", location.pathname + location.search);
    location.assign(address);
  }

  private restore(): void {
    const kept = recall();
    if (!kept || kept.poll !== this.poll?.id) return;
    this.ballot = nextBallot(this.ballot, { kind: "change" });
    this.ballot = nextBallot(this.ballot, { kind: "choose", choice: kept.choice, key: kept.key });
  }

  private async act(path: string, body: unknown = {}): Promise<void> {
    if (this.busy) return;
    this.busy = path;
    this.refusal = "";
    this.requestUpdate();
    const answer = await this.room.command(path, body);
    this.busy = "";
    if (!answer.ok) this.refusal = answer.refusal?.message ?? words.commandUnknown();
    this.requestUpdate();
  }

  // ── drawing ──

  protected override render(): TemplateResult {
    return html`
      <div class="live__room">
        ${this.renderItem()} ${this.renderSpeaker()} ${this.renderQuorum()} ${this.renderPapers()}
        ${this.room.state.audience === "member" ? this.renderAsk() : nothing}
      </div>
      <ec-live-paper></ec-live-paper>
      <section class="ballot live__ballot" id="ballot" aria-label=${words.ballotLabel()}>
        <div class="ballot__state" tabindex="-1" data-face=${this.face}>${this.renderFace()}</div>
        <p class="visually-hidden" role="status">${this.announcement}</p>
      </section>
    `;
  }

  private renderItem(): TemplateResult {
    const { current, meeting } = this.room.state;
    if (!current) return this.renderNoItem();
    return html`<section class="live__item">
      <p class="live__no" aria-hidden="true">${current.number}</p>
      <div>
        <p class="small muted">
          ${current.started_at ? words.underDiscussion(words.hour(current.started_at)) : words.itemNumber(current.number)}
        </p>
        <h1 class="official">${itemTitle(current)}</h1>
        <p class="small muted live__by">${byline(current)}</p>
        ${current.kind === "paper_only" ? html`<p class="small live__by">${words.paperOnly()}</p>` : nothing}
      </div>
      ${meeting.state === "in_session" ? nothing : this.renderMeetingState()}
    </section>`;
  }

  private renderNoItem(): TemplateResult {
    const { meeting, programme } = this.room.state;
    const next = programme.find((item) => item.state === "waiting");
    return html`<section class="live__item live__item--none">
      <div>
        <p class="small muted">${words.own(meeting.body, meeting.body_en)}</p>
        <h1 class="official">${itemTitle(meeting)}</h1>
        ${this.renderMeetingState()}
        ${next && meeting.state !== "adjourned"
          ? html`<p class="small muted">${words.nextItem(next.number, itemTitle(next))}</p>`
          : nothing}
      </div>
    </section>`;
  }

  private renderMeetingState(): TemplateResult {
    const { meeting } = this.room.state;
    switch (meeting.state) {
      case "in_session":
        return html`<p>${words.noItem()}</p>`;
      case "adjourned":
        return html`<p>
          <b>${words.adjourned()}.</b> ${meeting.adjourned_at ? words.adjournedAt(words.hour(meeting.adjourned_at)) : nothing}
        </p>`;
      case "cancelled":
        return html`<p><b>${words.cancelled()}.</b></p>`;
      default:
        return html`<p><b>${words.notStarted()}.</b> ${words.startsAt(words.hour(meeting.starts_at))}</p>`;
    }
  }

  private renderSpeaker(): TemplateResult | typeof nothing {
    const { speaker } = this.room.state.floor;
    if (!this.room.state.current) return nothing;
    if (!speaker) {
      return html`<section class="live__speaker" aria-label=${words.speakerLabel()}>
        <p class="muted">${words.nobodySpeaks()}</p>
      </section>`;
    }
    const clock = speech(speaker, this.room.now());
    return html`<section class="live__speaker ${clock.over ? "clock--over" : ""}" aria-label=${words.speakerLabel()}>
      <div>
        <p class="label">${words.speaking()}</p>
        <p class="live__name">${speaker.name}</p>
        <p class="small muted">${office(speaker)}</p>
      </div>
      <div class="clock clock--small">
        <p class="clock__time" role="timer">${clock.text}</p>
        <p class="clock__of">${ofWords(speaker, clock)}</p>
      </div>
      ${clockLine(clock)}
    </section>`;
  }

  private renderQuorum(): TemplateResult {
    const { present, members, quorate, needed } = this.room.state.attendance;
    return html`<p class="live__quorum">
      ${icon("users-round")}<span><b>${present}/${members}</b> ${words.quorum(quorate, needed)}</span>
    </p>`;
  }

  private renderPapers(): TemplateResult | typeof nothing {
    const current = this.room.state.current;
    const first = current?.draft ?? current?.papers[0];
    if (!current || !first) return nothing;
    return html`<div class="live__doc">
      <a class="button" href=${this.paperUrl(first.version_id)}
        >${icon("file-text")}<span
          >${words.openPaper()}<small>${words.paperWords(itemTitle(first), first.version)}</small></span
        ></a
      >
      ${this.renderMorePapers(current)}
    </div>`;
  }

  /** While a ballot is to be filled in, the three choices are the screen: no other list. */
  private renderMorePapers(current: CurrentItem): TemplateResult | typeof nothing {
    const first = current.draft ?? current.papers[0];
    const more = current.papers.filter((paper) => paper.version_id !== first?.version_id);
    if (more.length === 0 || this.face === "open" || this.face === "chosen") return nothing;
    return html`<details class="live__more">
      <summary>${words.otherPapers(more.length)}</summary>
      <ul>
        ${more.map(
          (paper) =>
            html`<li><a href=${this.paperUrl(paper.version_id)}>${itemTitle(paper)}</a>
              <span class="small muted">${words.pagesOf(paper.pages)}</span></li>`,
        )}
      </ul>
    </details>`;
  }

  private paperUrl(version: number): string {
    return this.room.config.paper.replace("0", String(version));
  }

  private renderAsk(): TemplateResult | typeof nothing {
    const { current, floor } = this.room.state;
    if (!current || this.room.state.meeting.state !== "in_session") return nothing;
    return html`<p class="live__ask">
      ${this.renderAskButton("")}
      <span class="small muted">${this.askHint() || words.waitingLine(floor.queue.length, floor.wait_seconds)}</span>
    </p>`;
  }

  /** My place in the queue stands in the state everybody gets; only my membership is mine. */
  private get place(): number {
    const me = this.room.me?.mandate?.membership_id;
    const { queue, speaker } = this.room.state.floor;
    if (me === undefined) return -1;
    if (speaker?.membership_id === me) return 0;
    return queue.findIndex((entry) => entry.membership_id === me) + 1 || -1;
  }

  private askHint(): string {
    if (this.place === 0) return words.youSpeak();
    return this.place > 0 ? words.myPlace(this.place) : "";
  }

  private renderAskButton(extra: string): TemplateResult | typeof nothing {
    if (this.place === 0 || !this.room.me?.mandate) return nothing;
    const path = this.place > 0 ? "floor/withdraw" : "floor/request";
    return html`<button
      class="button ${extra}"
      type="button"
      aria-busy=${this.busy === path ? "true" : "false"}
      ?disabled=${!this.room.connected}
      @click=${() => this.act(path)}
    >
      ${icon("hand")} ${this.place > 0 ? words.withdraw() : words.askToSpeak()}
    </button>`;
  }

  // ── the ballot, one height in every state ──

  private renderFace(): TemplateResult {
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
        ? html`<button class="button button--large button--block ballot__cast" type="button" @click=${() => this.settled && this.do({ kind: "keep" })}>
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
      <div class="hatched-frame" role="alert">
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
        ?disabled=${!this.room.connected}
        @click=${() => this.settled && this.do({ kind: "change" })}
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
      <p class="small muted">${why}</p>`;
  }

  private renderResult(poll: PollView): TemplateResult {
    const { state } = this.room;
    const tally = tallyOf(state);
    const mine = this.ballot.receipt;
    return html`${poll.verdict ? verdictBox(poll.verdict, true) : nothing}
      ${seatMap(state, { radius: 34, labels: false, mine: this.room.me?.mandate?.membership_id }, tallyLabel(tally))}
      ${seatKey(tally, "live__key")}
      ${state.audience === "member"
        ? html`<p class="small muted">
            ${mine ? words.myBallot(this.label(mine.choice), mine.code) : this.mine ? words.noBallotCast() : nothing}
          </p>`
        : nothing}`;
  }

  private renderBefore(): TemplateResult {
    const { meeting, audience, current } = this.room.state;
    const over = meeting.state === "adjourned" || meeting.state === "cancelled";
    return html`<div class="ballot__head"><h2>${words.noVote()}</h2></div>
      ${over ? nothing : html`<p>${audience === "member" ? words.whenOpened() : words.observerHint()}</p>`}
      ${this.renderPosition()} ${over ? nothing : this.renderCheckIn()}
      ${this.refusal ? html`<p class="field__error" role="alert">${icon("triangle-alert")} ${this.refusal}</p>` : nothing}
      ${current && audience === "member" && meeting.state === "in_session" && !this.mayCheckIn
        ? this.renderAskButton("button--block ballot__ask")
        : nothing}`;
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
    return this.room.me?.mandate?.votes === true && (this.presence === "expected" || this.presence === "absent");
  }

  private renderCheckIn(): TemplateResult | typeof nothing {
    if (!this.room.me?.mandate?.votes) return nothing;
    if (!this.mayCheckIn) {
      return html`<p class="ballot__mine">${icon("check")}<span>${words.checkedIn(this.presence === "remote")}</span></p>`;
    }
    const { mode } = this.room.state.meeting;
    return html`<p class="ballot__mine">${icon("info")}<span>${words.checkInWhy()}</span></p>
      <div class="ballot__checkin">
        ${mode === "remote" ? nothing : this.renderPresence("present", words.checkIn(), true)}
        ${mode === "in_person" ? nothing : this.renderPresence("remote", words.checkInRemote(), mode === "remote")}
      </div>`;
  }

  private renderPresence(presence: string, label: string, primary: boolean): TemplateResult {
    return html`<button
      class="button button--block ${primary ? "button--primary button--large" : ""}"
      type="button"
      aria-busy=${this.busy ? "true" : "false"}
      ?disabled=${!this.room.connected}
      @click=${() => this.act("presence", { presence })}
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
