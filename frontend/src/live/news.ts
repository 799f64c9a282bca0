/**
 * What has just happened in the room, in one sentence for those who do not see the screen.
 *
 * Only what everybody must learn: who reads along with a screen reader is not told every push.
 */
import type { LiveState } from "./types";
import * as words from "./words";

/** The sentence for the step from one state to the next; empty where there is nothing to say. */
export function news(before: LiveState, after: LiveState): string {
  return vote(before, after) || sitting(before, after) || item(before, after) || speaker(before, after);
}

function vote({ poll: before }: LiveState, { poll }: LiveState): string {
  if (!poll || (before?.id === poll.id && before.state === poll.state)) return "";
  if (poll.state === "open") return words.announceOpen(words.own(poll.question, poll.question_en));
  const { verdict } = poll;
  // A result that stands there because its item was called again is no news.
  if (!verdict || before?.id !== poll.id) return "";
  return `${words.outcome(verdict.outcome)}. ${words.own(verdict.sentence, verdict.sentence_en)}`;
}

function sitting({ meeting: before }: LiveState, { meeting }: LiveState): string {
  if (before.state === meeting.state) return "";
  if (meeting.state === "in_session") return words.announceStarted();
  return meeting.state === "adjourned" ? words.adjourned() : "";
}

function item({ current: before }: LiveState, { current }: LiveState): string {
  if (!current || before?.id === current.id) return "";
  return words.announceItem(current.number, words.own(current.title, current.title_en));
}

function speaker({ floor: before }: LiveState, { floor }: LiveState): string {
  if (!floor.speaker || before.speaker?.request_id === floor.speaker.request_id) return "";
  return words.announceSpeaker(floor.speaker.name);
}

/** Follows the states of one page; what stands there first is no news. */
export class Announcer {
  text = "";
  private seen: LiveState;
  /** The end of the speech whose time was told to be up. */
  private rung: string;

  constructor(first: LiveState, now: number) {
    this.seen = first;
    this.rung = overSince(first, now);
  }

  follow(state: LiveState, now: number): void {
    if (state !== this.seen) {
      this.text = news(this.seen, state) || this.text;
      this.seen = state;
    }
    const over = overSince(state, now);
    if (over && over !== this.rung) this.text = words.timeIsUp(state.floor.speaker?.name ?? "");
    this.rung = over || this.rung;
  }
}

/** When the time of who speaks ran out; empty while there is some left. */
function overSince({ floor: { speaker } }: LiveState, now: number): string {
  return speaker && Date.parse(speaker.ends_at) <= now ? speaker.ends_at : "";
}
