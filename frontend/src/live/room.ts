import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { BallotCard } from "./ballot-card";
import { PageElement } from "./element";
import { Announcer } from "./news";
import { byline, clockLine, itemTitle, office, ofWords, speech } from "./parts";
import { basisOf, pollLines } from "./poll-parts";
import { TakingPart } from "./room-taking-part";
import { store, StoreController } from "./store";
import type { CurrentItem } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

/** A member's live room: the item, the floor, and the ballot under the thumb. */
export class LiveRoom extends PageElement {
  private readonly room = store();
  private readonly card = new BallotCard(this.room, {
    changed: () => this.requestUpdate(),
    act: (path, body) => void this.act(path, body),
    busy: (path) => this.busy.startsWith(path),
    askButton: (extra) => this.renderAskButton(extra),
    box: () => this.querySelector<HTMLElement>(".ballot__state"),
  });
  private readonly taking = new TakingPart(this.room, {
    act: (path, body) => this.act(path, body),
    busy: (path) => this.busy === path,
    changed: () => this.requestUpdate(),
    dialog: () => this.querySelector<HTMLDialogElement>("#recuse"),
  });
  private readonly announcer = new Announcer(this.room.state, this.room.now());
  private busy = "";
  private refusal = "";

  constructor() {
    super();
    new StoreController(this, () => this.room.state.floor.speaker !== null);
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { face } = this.card;
    this.card.follow(this.hasUpdated);
    if (this.card.face !== face) this.refusal = "";
    this.announcer.follow(this.room.state, this.room.now());
  }

  protected override updated(_changed: PropertyValues): void {
    this.card.keepFocus();
  }

  private async act(path: string, body: unknown = {}): Promise<boolean> {
    if (this.busy) return false;
    this.busy = path;
    this.refusal = "";
    this.requestUpdate();
    const answer = await this.room.command(path, body);
    this.busy = "";
    if (!answer.ok) this.refusal = answer.refusal?.message ?? words.commandUnknown();
    this.requestUpdate();
    return answer.ok;
  }

  // ── drawing ──

  protected override render(): TemplateResult {
    return html`
      <div class="live__room">
        ${this.renderItem()} ${this.renderPut()} ${this.renderSpeaker()} ${this.renderQuorum()} ${this.renderPapers()}
        ${this.room.speaks ? this.renderAsk() : nothing} ${this.renderPoint()}
        ${this.taking.renderRecusal()} ${this.taking.renderConsent()}
      </div>
      <ec-live-paper></ec-live-paper>
      <section class="ballot live__ballot" id="ballot" aria-label=${words.ballotLabel()}>
        <div class="ballot__state" tabindex="-1" data-face=${this.card.face}>${this.card.render()}</div>
        ${this.refusal
          ? html`<p class="field__error ballot__error" role="alert">${icon("triangle-alert")} ${this.refusal}</p>`
          : nothing}
        <p class="visually-hidden" role="status">${this.card.announcement || this.announcer.text}</p>
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

  /** What is put to the vote, to be read beside the ballot, and what was voted on before. */
  private renderPut(): TemplateResult {
    const { poll, polls } = this.room.state;
    return html`${poll ? basisOf(poll) : nothing} ${pollLines(polls)}`;
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
        <p class="label">${speaker.kind === "point_of_order" ? told.pointOfOrder() : words.speaking()}</p>
        <p class="live__name">${speaker.name}</p>
        <p class="small muted">${speaker.in_place_of ? html`${told.inPlaceOf(speaker.in_place_of)}, ` : nothing}${office(speaker)}</p>
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
    if (!current || !first || this.taking.hidesPapers) return nothing;
    return html`<div class="live__doc">
      <a class="button" href=${this.paperUrl(first.version_id)}
        >${icon("file-text")}<span
          >${words.openPaper()}<small>${words.paperWords(itemTitle(first), first.version)}</small></span
        ></a
      >
      ${this.renderPresenter()} ${this.renderMorePapers(current)}
    </div>`;
  }

  /** Where there is no room for the paper beside the ballot: the way to the presenter's page. */
  private renderPresenter(): TemplateResult | typeof nothing {
    const { presenter } = this.room.state;
    if (!presenter) return nothing;
    return html`<a class="live__presented" href="${this.paperUrl(presenter.version_id)}?page=${presenter.page}"
      >${told.presenterAt(presenter.page)}</a
    >`;
  }

  /** While a ballot is to be filled in, the three choices are the screen: no other list. */
  private renderMorePapers(current: CurrentItem): TemplateResult | typeof nothing {
    const first = current.draft ?? current.papers[0];
    const more = current.papers.filter((paper) => paper.version_id !== first?.version_id);
    if (more.length === 0 || this.card.face === "open" || this.card.face === "chosen") return nothing;
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
    return queue.findIndex((entry) => entry.membership_id === me && entry.kind === "request") + 1 || -1;
  }

  /** A point of order goes before the others, also of who already waits. */
  private renderPoint(): TemplateResult | typeof nothing {
    const { current, meeting } = this.room.state;
    if (!current || meeting.state !== "in_session" || !this.room.speaks) return nothing;
    const me = this.room.me?.mandate?.membership_id;
    const raised = this.room.state.floor.queue.some((entry) => entry.membership_id === me && entry.kind === "point_of_order");
    const path = raised ? "floor/withdraw" : "floor/request";
    return html`<p>
      <button
        class="button button--quiet"
        type="button"
        aria-busy=${this.busy === path ? "true" : "false"}
        ?disabled=${!this.room.connected}
        @click=${() => void this.act(path, { kind: "point_of_order" })}
      >
        ${raised ? told.withdrawPoint() : told.pointOfOrder()}
      </button>
    </p>`;
  }

  private askHint(): string {
    if (this.place === 0) return words.youSpeak();
    return this.place > 0 ? words.myPlace(this.place) : "";
  }

  private renderAskButton(extra: string): TemplateResult | typeof nothing {
    if (this.place === 0 || !this.room.speaks) return nothing;
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
}
