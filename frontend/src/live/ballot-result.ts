/** What became of each ballot of mine, and the ledger's proof of it after the close. */
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import type { Receipt } from "./ballot";
import type { MyMandateBallot } from "./my-types";
import type { PollView } from "./types";
import * as words from "./words";

/** While the vote is open: this very ballot is counted. */
export function receiptBox(receipt: Receipt, label: string): TemplateResult {
  return html`<div class="receipt sealed">
    <span class="seal">${icon("seal")}</span>
    <h2 class="receipt__title">${words.counted()}</h2>
    <dl class="receipt__facts">
      <dt>${words.youChose()}</dt>
      <dd><b>${label}</b></dd>
      <dt>${words.at()}</dt>
      <dd>${words.hour(receipt.cast_at, true)}</dd>
      <dt>${words.receipt()}</dt>
      <dd class="nowrap">${receipt.code}</dd>
    </dl>
  </div>`;
}

/** One line per mandate; what was answered at a roll call on paper was no ballot, so the ledger has none. Nobody else is sent this: it comes with what is mine. */
export function ownBallots(
  ballots: readonly MyMandateBallot[],
  mode: PollView["mode"],
  label: (code: string) => string,
): TemplateResult {
  return html`<ul class="ballot__own small">
    ${ballots.map(
      (one) => html`<li>
        ${ballots.length > 1 || !one.own ? html`<b>${whose(one)}</b> ` : nothing}${line(one, label)}
        ${one.ballot && mode !== "roll_call" ? proof(one) : nothing}
      </li>`,
    )}
  </ul>`;
}

const whose = (one: MyMandateBallot): string => (one.own ? words.myVote() : words.voteFor(one.name));

function line(one: MyMandateBallot, label: (code: string) => string): TemplateResult {
  if (one.why_not === "represented") return html`<span class="muted">${words.votedForMe(one.acting)}</span>`;
  if (!one.ballot) return html`<span class="muted">${words.noBallotCast()}</span>`;
  return html`<span>${words.myBallot(label(one.ballot.choice), one.ballot.receipt)}</span>`;
}

function proof({ proof: placed }: MyMandateBallot): TemplateResult {
  if (!placed) return html`<span class="muted">${words.proofFollows()}</span>`;
  return html`<span class="muted">${words.provenBy(placed.index + 1, placed.size)}</span>
    <a href=${placed.url} download>${icon("download")} ${words.keepProof()}</a>`;
}
