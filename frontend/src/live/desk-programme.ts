/** The programme on the desk, with running times and a button to call each item that waits. */
import { html, nothing, type TemplateResult } from "lit";
import { itemTitle } from "./parts";
import type { LiveState, ProgrammeItem } from "./types";
import * as words from "./words";

export interface ProgrammeActs {
  readonly now: number;
  readonly busy: string;
  readonly call: (item: ProgrammeItem) => void;
}

export function programme(state: LiveState, acts: ProgrammeActs): TemplateResult {
  const shift = runningLate(state, acts.now);
  return html`<ol>
    ${state.programme.map((item) => line(item, state, shift, acts))}
  </ol>`;
}

/** Seconds by which what waits will begin late: the delay so far and what the current item overruns. */
function runningLate(state: LiveState, now: number): number {
  const current = state.programme.find((item) => item.state === "current");
  const spent = current?.started_at ? (now - Date.parse(current.started_at)) / 1000 : 0;
  const overrun = current ? Math.max(0, spent - current.minutes * 60) : 0;
  return state.meeting.delay_seconds + overrun;
}

function line(item: ProgrammeItem, state: LiveState, shift: number, acts: ProgrammeActs): TemplateResult {
  const paper = item.kind === "paper_only" && item.state !== "current" ? "run--paper" : "";
  const done = item.state === "done" || item.state === "postponed" ? "run--done" : "";
  const now = item.state === "current";
  return html`<li class="run ${paper} ${done} ${now ? "run--now" : ""}" aria-current=${now ? "step" : nothing}>
    <time>${words.hour(item.planned_at)}</time><span class="run__n">${item.number}</span>
    <span class="run__title">${itemTitle(item)}<small>${notes(item, shift, acts.now)}</small></span>
    ${item.state === "waiting" && state.meeting.state === "in_session"
      ? html`<button
          class="button run__call"
          type="button"
          aria-busy=${acts.busy === `items/${item.id}/call` ? "true" : "false"}
          aria-label=${words.callItem(item.number)}
          @click=${() => acts.call(item)}
        >
          ${words.call()}
        </button>`
      : nothing}
  </li>`;
}

function notes(item: ProgrammeItem, shift: number, now: number): string {
  const parts: string[] = [];
  if (item.state === "current" && item.started_at) {
    const spent = Math.max(0, Math.floor((now - Date.parse(item.started_at)) / 60000));
    parts.push(words.runFrom(words.hour(item.started_at), spent, item.minutes));
  } else if (item.started_at && item.ended_at) {
    parts.push(`${words.hour(item.started_at)}–${words.hour(item.ended_at)}`);
  } else if (item.state === "postponed") parts.push(words.postponed());
  else parts.push(...waitingNotes(item, shift));
  const { outcome } = item;
  if (outcome) {
    parts.push((outcome.adopted ? words.adoptedShort : words.rejectedShort)(outcome.in_favour, outcome.base));
  }
  return parts.join(", ");
}

function waitingNotes(item: ProgrammeItem, shift: number): string[] {
  const parts = [
    Math.abs(shift) >= 60
      ? words.expectedAt(words.hour(Date.parse(item.planned_at) + shift * 1000))
      : words.allotted(item.minutes),
  ];
  if (item.kind === "paper_only") parts.push(words.onPaper());
  if (item.consent) parts.push(words.noDiscussion());
  if (item.wishes_to_speak > 0) parts.push(words.wishes(item.wishes_to_speak));
  return parts;
}
