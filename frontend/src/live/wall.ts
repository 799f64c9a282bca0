import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { PageElement } from "./element";
import { byline, clockLine, itemTitle, office, ofWords, rollCallNote, speech, verdictBox } from "./parts";
import { basisOf } from "./poll-parts";
import { seatKey, seatMap, signIcon, tallyLabel, tallyOf } from "./seat-map";
import { store, StoreController } from "./store";
import type { CurrentItem, PollView, Speaker } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

/** How long a result stays on the wall while a new speaker has already begun. */
const RESULT_MS = 60_000;
/** Longer titles and questions are set smaller, so that what comes below them stays on the wall. */
const LONG = 110;

/** The projector: read from twelve metres, touched by nobody. */
export class LiveWall extends PageElement {
  private readonly room = store();

  constructor() {
    super();
    new StoreController(this);
  }

  protected override render(): TemplateResult {
    const { current, poll } = this.room.state;
    return html`${this.renderHead()} ${current ? this.renderItem(current) : this.renderMeeting()}
      ${current ? this.renderMatter(poll) : nothing}
      <p class="visually-hidden" role="status">${this.announcement(poll)}</p>`;
  }

  private announcement(poll: PollView | null): string {
    if (!poll) return "";
    if (!poll.verdict) return words.announceOpen(words.own(poll.question, poll.question_en));
    return `${words.outcome(poll.verdict.outcome)}. ${words.own(poll.verdict.sentence, poll.verdict.sentence_en)}`;
  }

  private renderHead(): TemplateResult {
    const { meeting, attendance } = this.room.state;
    const { link, lostSince } = this.room;
    return html`<header class="wall__head">
      <p class="wall__body official">${icon("emblem")} ${itemTitle(meeting)}</p>
      ${link.phase === "lost" && lostSince
        ? html`<p class="wall__lost" role="status"><span>${icon("wifi-off")} ${words.wallLostAt(words.hour(lostSince))}</span></p>`
        : nothing}
      <p class="wall__present"><b class="num">${attendance.present}/${attendance.members}</b> ${words.quorum(attendance.quorate, attendance.needed)}</p>
      <p class="wall__hour"><time>${words.hour(this.room.now())}</time></p>
    </header>`;
  }

  private renderItem(item: CurrentItem): TemplateResult {
    return html`<section class="wall__item ${itemTitle(item).length > LONG ? "wall__item--long" : ""}">
      <p class="wall__no" aria-hidden="true">${item.number}</p>
      <div>
        <h1 class="official">${itemTitle(item)}</h1>
        <p class="wall__by">${byline(item, " · ")}</p>
      </div>
    </section>`;
  }

  private renderMeeting(): TemplateResult {
    const { meeting, programme } = this.room.state;
    const next = programme.find((item) => item.state === "waiting");
    const place = words.own(meeting.place, meeting.place_en);
    return html`<section class="wall__idle">
      <h1 class="official">${itemTitle(meeting)}</h1>
      <p class="wall__by">${words.own(meeting.body, meeting.body_en)}${place ? ` · ${place}` : ""}</p>
      <p class="wall__state">${this.meetingState()}</p>
      ${next && meeting.state === "in_session"
        ? html`<p class="wall__by">${words.nextItem(next.number, itemTitle(next))}</p>`
        : nothing}
    </section>`;
  }

  private meetingState(): string {
    const { meeting } = this.room.state;
    switch (meeting.state) {
      case "in_session":
        return words.noItem();
      case "adjourned":
        return words.adjourned();
      case "cancelled":
        return words.cancelled();
      default:
        return words.welcome(words.hour(meeting.starts_at));
    }
  }

  /** A vote comes before a speech; a result gives way to a speaker after a minute. */
  private renderMatter(poll: PollView | null): TemplateResult | typeof nothing {
    const { speaker } = this.room.state.floor;
    const fresh = poll?.closed_at ? this.room.now() - Date.parse(poll.closed_at) < RESULT_MS : false;
    if (poll && (poll.state === "open" || fresh || !speaker)) return this.renderVote(poll);
    return speaker ? this.renderSpeaker(speaker) : this.renderNobody();
  }

  /** Nobody speaks and nothing is put: who is here. */
  private renderNobody(): TemplateResult {
    const { state } = this.room;
    const { present, members, quorate, needed } = state.attendance;
    const tally = tallyOf(state);
    return html`<section class="wall__vote" aria-label=${words.attendance()}>
      <div class="wall__seats">${seatMap(state, { radius: 31, labels: true }, tallyLabel(tally))}</div>
      <div class="wall__words">
        <p class="wall__label">${words.present()}</p>
        <p class="wall__big num">${present}<small>/${members}</small></p>
        <p class="wall__reason">${words.quorum(quorate, needed)}</p>
        ${state.floor.queue.length > 0 ? this.renderQueue() : seatKey(tally)}
      </div>
    </section>`;
  }

  private renderSpeaker(speaker: Speaker): TemplateResult {
    const clock = speech(speaker, this.room.now());
    return html`<section class="wall__speak ${clock.over ? "clock--over" : ""}" aria-label=${words.speakerLabel()}>
      <div class="wall__who">
        <p class="wall__label">${speaker.kind === "point_of_order" ? told.pointOfOrder() : words.speaking()}</p>
        <p class="wall__name official">${speaker.name}</p>
        <p class="wall__office">
          ${speaker.in_place_of ? html`${told.inPlaceOf(speaker.in_place_of)}, ` : nothing}${office(speaker)}
        </p>
      </div>
      <div class="wall__clock">
        <p class="wall__time num" role="timer">${clock.text}</p>
        <p>${ofWords(speaker, clock)}</p>
      </div>
      ${clockLine(clock, "wall__line")} ${this.room.state.floor.queue.length > 0 ? this.renderQueue() : nothing}
    </section>`;
  }

  private renderQueue(): TemplateResult {
    return html`<ol class="wall__queue">
      <li class="wall__label">${words.nextSpeakers()}</li>
      ${this.room.state.floor.queue
        .slice(0, 3)
        .map((entry) => html`<li><b>${entry.name}</b> ${office(entry)}</li>`)}
    </ol>`;
  }

  private renderVote(poll: PollView): TemplateResult {
    const { state } = this.room;
    const tally = tallyOf(state);
    return html`<section class="wall__vote" aria-label=${words.namedVote()}>
      <div class="wall__seats">${seatMap(state, { radius: 31, labels: true }, tallyLabel(tally))}</div>
      <div class="wall__words">${poll.verdict ? this.renderVerdict(poll) : this.renderTurnout(poll)}</div>
    </section>`;
  }

  private renderTurnout(poll: PollView): TemplateResult {
    const question = words.own(poll.question, poll.question_en);
    const long = question.length > LONG || poll.amendment !== null;
    return html`<p class="wall__label">${words.votingNow()}</p>
      <p class="wall__question official ${long ? "wall__question--long" : ""}">${question}</p>
      ${basisOf(poll)}
      <p class="wall__big num">${poll.turnout}<small>/${poll.expected}</small></p>
      <p class="wall__reason">
        ${words.membersVoted()}
        ${poll.needed !== null && poll.base !== null ? words.adoptedWhen(poll.needed, poll.base) : nothing}
      </p>
      ${seatKey(tallyOf(this.room.state))}`;
  }

  private renderVerdict(poll: PollView): TemplateResult {
    const tally = tallyOf(this.room.state);
    return html`${poll.verdict ? verdictBox(poll.verdict, false) : nothing} ${rollCallNote(this.room.state)}
      <dl class="wall__tally ${tally.length > 4 ? "wall__tally--long" : ""}">
        ${tally.map(
          (line) => html`<div>
            ${signIcon(line.sign)}
            <dt>${line.label}</dt>
            <dd class="num">${line.votes}</dd>
          </div>`,
        )}
      </dl>`;
  }
}
