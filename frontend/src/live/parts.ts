/** Pieces that more than one screen of the live room draws. */
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { countdown, type Countdown } from "./clock";
import type { CurrentItem, LiveState, Speaker, VerdictView } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

export const speech = (speaker: Speaker, now: number): Countdown =>
  countdown(Date.parse(speaker.ends_at) - speaker.allotted_seconds * 1000, Date.parse(speaker.ends_at), now);

export function clockLine(clock: Countdown, extra = ""): TemplateResult {
  return html`<svg class="clock__line ${extra}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect width="100" height="8"></rect>
    <rect width=${clock.over ? 100 : Math.round(clock.share * 1000) / 10} height="8"></rect>
  </svg>`;
}

export const ofWords = (speaker: Speaker, clock: Countdown): string =>
  clock.over ? words.overBy() : words.leftOf(Math.max(1, Math.round(speaker.allotted_seconds / 60)));

export function verdictBox(verdict: VerdictView, small: boolean): TemplateResult {
  const [tone, sign] =
    verdict.outcome === "adopted"
      ? ["verdict--adopted", "circle-check"]
      : verdict.outcome === "rejected"
        ? ["verdict--final", "circle-x"]
        : ["verdict--unknown", "circle-question-mark"];
  return html`<div class="verdict ${tone} ${small ? "verdict--small" : ""}">
    ${icon(sign)}
    <p class="verdict__answer">${words.outcome(verdict.outcome)}</p>
    <p class="verdict__reason">${words.own(verdict.sentence, verdict.sentence_en)}</p>
  </div>`;
}

/** Who stands for the result that is shown, where the vote was held on paper. */
export function rollCallNote({ poll, programme }: LiveState): TemplateResult | typeof nothing {
  const row = programme.find((item) => item.id === poll?.item_id)?.marks.roll_call;
  if (!row || row.poll_id !== poll?.id) return nothing;
  return html`<p class="small">${told.byRollCall(row.entered_by, row.confirmed_by)}</p>`;
}

export const itemTitle = (item: { title: string; title_en: string }): string => words.own(item.title, item.title_en);
export const office = (person: { office: string; office_en: string }): string =>
  words.own(person.office, person.office_en);

/** "Ministry of …, so-and-so reports", as far as it is known. */
export function byline(item: CurrentItem, separator = ", "): string {
  const sponsor = words.own(item.sponsor, item.sponsor_en);
  const parts = [
    sponsor ? words.submittedBy(sponsor) : "",
    item.rapporteur ? words.reportedBy(item.rapporteur) : "",
  ];
  return parts.filter(Boolean).join(separator);
}

/** The way on when the meeting is over. */
export const outcomeLink = (href: string, extra = ""): TemplateResult =>
  html`<a class="button button--large ${extra}" href=${href}>${words.seeOutcome()} ${icon("arrow-right")}</a>`;

export const quiet = (text: string): TemplateResult | typeof nothing =>
  text ? html`<p class="small muted">${text}</p>` : nothing;
