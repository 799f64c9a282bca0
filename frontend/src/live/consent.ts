/** What the consent list holds, from the state everybody gets. */
import type { LiveState, ProgrammeItem } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

/** What one gavel would adopt now. */
export const blockOf = ({ programme }: LiveState): ProgrammeItem[] => programme.filter((item) => item.marks.in_block);

/** On the list, and kept off it by somebody's word. */
export const pulledOf = ({ programme }: LiveState): ProgrammeItem[] =>
  programme.filter((item) => item.consent && item.state === "waiting" && item.marks.pulled_by.length > 0);

/** Who keeps an item off the list, in words. */
export function pulledWords(item: ProgrammeItem): string {
  const { pulled_by: who } = item.marks;
  return words.names(who.map((one) => (one.stance ? told.askedBefore(one.name) : told.pulledBy(one.name))));
}
