/** The programme on the desk, with running times and a button to call each item that waits. */
import { html, nothing, type TemplateResult } from "lit";
import { itemTitle } from "./parts";
import type { LiveState, ProgrammeItem } from "./types";
import { pulledWords } from "./consent";
import * as words from "./words";
import * as told from "./words-desk";

export interface ProgrammeActs {
  readonly now: number;
  readonly busy: string;
  readonly call: (item: ProgrammeItem) => void;
  readonly postpone: (item: ProgrammeItem) => void;
  readonly reopen: (item: ProgrammeItem) => void;
}

export function programme(state: LiveState, acts: ProgrammeActs): TemplateResult {
  const expected = expectedTimes(state, acts.now);
  return html`<ol>
    ${state.programme.map((item) => line(item, state, expected, acts))}
  </ol>`;
}

/** Far down in a long programme the current item would be out of sight, where the column scrolls on its own. */
export function scrollToCurrent(column: Element | null): void {
  const line = column?.querySelector(".run--now");
  if (!column || !line || column.scrollHeight <= column.clientHeight) return;
  column.scrollTop += line.getBoundingClientRect().top - column.getBoundingClientRect().top - column.clientHeight / 3;
}

/** When each waiting item will begin if the current one, and all before it, take what is allotted to them. */
function expectedTimes(state: LiveState, now: number): Map<number, number> {
  const current = state.programme.find((item) => item.state === "current");
  const started = current?.started_at ? Date.parse(current.started_at) : now;
  let at = Math.max(now, started + (current?.minutes ?? 0) * 60_000);
  const times = new Map<number, number>();
  for (const item of state.programme) {
    if (item.state !== "waiting" || state.meeting.state !== "in_session") continue;
    times.set(item.id, at);
    at += item.minutes * 60_000;
  }
  return times;
}

function line(item: ProgrammeItem, state: LiveState, expected: Map<number, number>, acts: ProgrammeActs): TemplateResult {
  const paper = item.kind === "paper_only" && item.state !== "current" ? "run--paper" : "";
  const done = item.state === "done" || item.state === "postponed" ? "run--done" : "";
  const now = item.state === "current";
  return html`<li class="run ${paper} ${done} ${now ? "run--now" : ""}" aria-current=${now ? "step" : nothing}>
    <time>${words.hour(item.planned_at)}</time><span class="run__n">${item.number}</span>
    <span class="run__title">${itemTitle(item)}<small>${notes(item, expected.get(item.id), acts.now)}</small></span>
    ${state.meeting.state === "in_session" ? buttons(item, acts) : nothing}
  </li>`;
}

/** What waits can be called or put off; what was put off can be called again; what is over can be reopened. */
function buttons(item: ProgrammeItem, acts: ProgrammeActs): TemplateResult | typeof nothing {
  if (item.state === "current") return nothing;
  if (item.state === "done") return html`<span class="run__acts">${reopenButton(item, acts)}</span>`;
  return html`<span class="run__acts">
    <button
      class="button run__act"
      type="button"
      aria-busy=${acts.busy === `items/${item.id}/call` ? "true" : "false"}
      aria-label=${words.callItem(item.number)}
      @click=${() => acts.call(item)}
    >
      ${words.call()}
    </button>
    ${item.state === "waiting"
      ? html`<button
          class="button run__act"
          type="button"
          aria-label=${words.postponeItem(item.number)}
          @click=${() => acts.postpone(item)}
        >
          ${words.postpone()}
        </button>`
      : reopenButton(item, acts)}
  </span>`;
}

const reopenButton = (item: ProgrammeItem, acts: ProgrammeActs): TemplateResult =>
  html`<button
    class="button run__act"
    type="button"
    aria-label=${told.reopenItem(item.number)}
    @click=${() => acts.reopen(item)}
  >
    ${told.reopen()}
  </button>`;

function notes(item: ProgrammeItem, expected: number | undefined, now: number): string {
  const parts: string[] = [];
  if (item.state === "current" && item.started_at) {
    const spent = Math.max(0, Math.floor((now - Date.parse(item.started_at)) / 60000));
    parts.push(words.runFrom(words.hour(item.started_at), spent, item.minutes));
  } else if (item.started_at && item.ended_at) {
    parts.push(`${words.hour(item.started_at)}–${words.hour(item.ended_at)}`);
  } else if (item.state === "postponed") parts.push(words.postponed());
  else parts.push(...waitingNotes(item, expected));
  const { outcome, marks } = item;
  if (marks.reopened && item.state === "waiting") parts.push(told.reopened(words.hour(marks.reopened.at)));
  if (marks.adopted_at && !outcome) parts.push(told.adoptedInBlock());
  if (outcome?.chosen) parts.push(words.chosen(words.own(outcome.chosen, outcome.chosen_en ?? "")));
  else if (outcome) {
    parts.push((outcome.adopted ? words.adoptedShort : words.rejectedShort)(outcome.in_favour, outcome.base));
  }
  if (outcome && marks.roll_call?.poll_id === outcome.poll_id) parts.push(told.byRollCallShort());
  return parts.join(", ");
}

function waitingNotes(item: ProgrammeItem, expected: number | undefined): string[] {
  const parts = [
    expected === undefined || Math.abs(expected - Date.parse(item.planned_at)) < 60_000
      ? words.allotted(item.minutes)
      : words.expectedAt(words.hour(expected)),
  ];
  if (item.kind === "paper_only") parts.push(words.onPaper());
  if (item.marks.in_block) parts.push(words.noDiscussion());
  if (item.marks.pulled_by.length > 0) parts.push(pulledWords(item));
  if (item.wishes_to_speak > 0) parts.push(words.wishes(item.wishes_to_speak));
  return parts;
}
