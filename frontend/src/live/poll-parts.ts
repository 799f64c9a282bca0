/** What a vote is about and what was voted on before, as desk, room and wall draw it. */
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import type { AmendmentView, PollLine, PollView } from "./types";
import * as words from "./words";

const LONG = 110;

/** Set smaller where it is long, so that the button below stays in sight. */
export function questionOf(poll: PollView): TemplateResult {
  const question = words.own(poll.question, poll.question_en);
  return html`<p class="official desk__question ${question.length > LONG ? "desk__question--long" : ""}">${question}</p>
    ${basisOf(poll)}`;
}

/** The words of an amendment, the amendments in the text put, why a vote is taken again. */
export function basisOf(poll: PollView): TemplateResult {
  return html`${poll.amendment ? amendmentOf(poll.amendment) : nothing}
    ${poll.amendments > 0 ? html`<p class="small muted">${words.asAmended(poll.amendments)}</p>` : nothing}
    ${poll.revote_of === null ? nothing : html`<p class="small muted">${words.takenAgain(poll.reason)}</p>`}`;
}

export function amendmentOf(amendment: AmendmentView): TemplateResult {
  return html`<blockquote class="amendment">
    <p class="amendment__clause">${amendment.clause}</p>
    <p class="official">${words.own(amendment.text, amendment.text_en)}</p>
  </blockquote>`;
}

/** Votes on the item that have a result, first to last; what was taken again stays, marked. */
export function pollLines(lines: readonly PollLine[]): TemplateResult | typeof nothing {
  if (lines.length < 2 && !lines.some((line) => line.kind === "amendment")) return nothing;
  return html`<section class="votes-before">
    <h2 class="label">${words.votesOnItem()}</h2>
    <ol>
      ${lines.map(
        (line) =>
          html`<li class=${line.superseded ? "votes-before__gone" : ""}>
            ${icon(line.adopted ? "circle-check" : "circle-x")}
            <span
              ><b>${outcomeOf(line)}</b> ${words.own(line.question, line.question_en)}
              ${line.superseded ? html`<i>${words.superseded()}</i>` : nothing}
              ${line.reason ? html`<small>${words.takenAgain(line.reason)}</small>` : nothing}</span
            >
          </li>`,
      )}
    </ol>
  </section>`;
}

function outcomeOf(line: PollLine): string {
  if (line.chosen) return words.chosen(words.own(line.chosen, line.chosen_en));
  return line.adopted ? words.adoptedShort(line.in_favour, line.base) : words.rejectedShort(line.in_favour, line.base);
}

/** Who voted for whom in a poll. */
export function actingList(poll: PollView): TemplateResult | typeof nothing {
  if (poll.proxies.length === 0) return nothing;
  return html`<p class="small muted">
    ${words.proxiesLabel()} ${words.names(poll.proxies.map((one) => words.byProxy(one.name, one.acting)))}.
  </p>`;
}
