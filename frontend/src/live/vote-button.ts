/** One answer on a ballot: a sign, or a letter for one of several options, and its words. */
import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { choiceSign, letterOf } from "./seat-map";
import type { ChoiceView } from "./types";
import * as words from "./words";

export interface VoteButton {
  /** The choice that is marked on this ballot. */
  readonly marked: string | null;
  readonly disabled: boolean;
  readonly choose: () => void;
}

export function voteButton(choice: ChoiceView, { marked, disabled, choose }: VoteButton): TemplateResult {
  return html`<button
    class="vote"
    type="button"
    aria-pressed=${marked === null ? nothing : choice.code === marked ? "true" : "false"}
    ?disabled=${disabled}
    @click=${choose}
  >
    ${signOf(choice)}<span>${words.own(choice.label, choice.label_en)}</span>
  </button>`;
}

function signOf(choice: ChoiceView): TemplateResult {
  const letter = letterOf(choiceSign(choice));
  return letter ? html`<b class="vote__letter" aria-hidden="true">${letter}</b>` : html`${icon(SIGNS[choice.side])}`;
}

const SIGNS = {
  for: "circle-check",
  against: "circle-x",
  abstain: "circle-minus",
  other: "circle-question-mark",
  option: "circle-check",
} as const;
