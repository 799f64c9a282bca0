import { html, type TemplateResult } from "lit";
import { itemTitle } from "./parts";
import type { CurrentItem, MeetingView } from "./types";
import * as words from "./words";

/** What the desk deals with: the item on the table, and who brings it. */
export function itemHead(item: CurrentItem): TemplateResult {
  return html`<header class="desk__item">
        <p class="live__no" aria-hidden="true">${item.number}</p>
        <div>
          <h1 id="h-item" class="official" tabindex="-1">${itemTitle(item)}</h1>
          <p class="small muted">${byline(item)}</p>
        </div>
      </header>`;
}

/** Where the meeting stands while no item is on the table. */
export function meetingState(meeting: MeetingView): TemplateResult {
  if (meeting.state === "in_session") return html`<p>${words.noItem()}.</p>`;
  if (meeting.state === "adjourned") {
    return html`<p><b>${words.adjourned()}.</b> ${words.adjournedAt(words.hour(meeting.adjourned_at ?? meeting.ends_at))}</p>`;
  }
  if (meeting.state === "cancelled") return html`<p><b>${words.cancelled()}.</b></p>`;
  return html`<p><b>${words.notStarted()}.</b> ${words.startsAt(words.hour(meeting.starts_at))}</p>
      <p class="small muted">${words.startHint()}</p>`;
}

function byline(item: CurrentItem): string {
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
