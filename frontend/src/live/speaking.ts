/** Who has spoken how long, by member and by item, from the finished speeches. */
import type { LiveState, Seat, Speech } from "./types";

export interface Spoken {
  readonly id: number;
  readonly times: number;
  readonly seconds: number;
}

const speechesOf = ({ desk }: LiveState): readonly Speech[] => desk?.speeches ?? [];

/** Summed up under the id that `of` tells, the longest first. */
function totals(speeches: readonly Speech[], of: (speech: Speech) => number): Spoken[] {
  const sums = new Map<number, Spoken>();
  for (const speech of speeches) {
    const id = of(speech);
    const { times, seconds } = sums.get(id) ?? { times: 0, seconds: 0 };
    sums.set(id, { id, times: times + 1, seconds: seconds + speech.seconds });
  }
  return [...sums.values()].sort((a, b) => b.seconds - a.seconds || a.id - b.id);
}

export const byMember = (state: LiveState): Spoken[] => totals(speechesOf(state), (speech) => speech.membership_id);
export const byItem = (state: LiveState): Spoken[] => totals(speechesOf(state), (speech) => speech.item_id);

/** Voting members who are here, have not spoken and do not speak now. */
export function silent(state: LiveState): Seat[] {
  const heard = new Set(byMember(state).map((one) => one.id));
  const now = state.floor.speaker?.membership_id;
  return state.seats.filter(
    (seat) => (seat.presence === "present" || seat.presence === "remote") && !heard.has(seat.membership_id) && seat.membership_id !== now,
  );
}

/** Who may be put on the list: whoever is here, and the substitutes of those who are not. */
export function speakable(state: LiveState): { readonly id: number; readonly name: string; readonly substitute: string }[] {
  const stands = new Map(state.desk?.absences.map((row) => [row.membership_id, row.substitute]));
  return state.seats.flatMap((seat) => {
    const here = seat.presence === "present" || seat.presence === "remote";
    const substitute = here ? "" : (stands.get(seat.membership_id) ?? "");
    return here || substitute ? [{ id: seat.membership_id, name: seat.name, substitute }] : [];
  });
}
