/** The switch between the ballots one person casts: the own one and those of members they act for. */
import { html, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { OWN, rowOf, type Ballots } from "./ballots";
import type { PollView } from "./types";
import * as words from "./words";

export interface MandateSwitch {
  readonly label: (code: string) => string;
  readonly select: (mandate: number) => void;
}

export function mandateSwitch(ballots: Ballots, poll: PollView, acts: MandateSwitch): TemplateResult {
  return html`<h2 class="visually-hidden">${words.namedVote()}</h2>
    <div class="ballot__mandates" role="group" aria-label=${words.yourBallots()}>
      ${[...ballots.rows.keys()].map((mandate) => {
        const { receipt, choice } = rowOf(ballots, mandate);
        const stands = receipt ? acts.label(receipt.choice) : choice === null ? words.notCastYet() : words.onlyMarked();
        return html`<button
          class="mandate"
          type="button"
          aria-pressed=${mandate === ballots.selected ? "true" : "false"}
          @click=${() => acts.select(mandate)}
        >
          ${icon(receipt ? "check" : "pen-line")}<span><b>${mandateName(mandate, poll)}</b><small>${stands}</small></span>
        </button>`;
      })}
    </div>`;
}

export function mandateName(mandate: number, poll: PollView): string {
  const other = poll.proxies.find((one) => one.membership_id === mandate);
  return mandate === OWN || !other ? words.myVote() : words.voteFor(other.name);
}
