/**
 * All ballots one person casts in a poll: the own one and those of members they act for, as a pure reducer.
 *
 * Each mandate has a ballot of its own with its own choice, key and receipt; one of them is in view.
 */
import { NO_BALLOT, nextBallot, type Ballot, type BallotEvent } from "./ballot";

/** The own mandate, whatever its number; others go by their membership. */
export const OWN = 0;

export interface Ballots {
  readonly pollId: number | null;
  readonly selected: number;
  readonly rows: ReadonlyMap<number, Ballot>;
}

export type BallotsEvent =
  | { readonly kind: "poll"; readonly id: number | null; readonly others: readonly number[] }
  | { readonly kind: "select"; readonly mandate: number }
  | { readonly kind: "row"; readonly mandate: number; readonly event: BallotEvent };

export const NO_BALLOTS: Ballots = { pollId: null, selected: OWN, rows: new Map([[OWN, NO_BALLOT]]) };

export function nextBallots(ballots: Ballots, event: BallotsEvent): Ballots {
  switch (event.kind) {
    case "poll":
      return event.id === ballots.pollId ? withRows(ballots, event.others) : fresh(event.id, event.others);
    case "select":
      return ballots.rows.has(event.mandate) ? { ...ballots, selected: event.mandate } : ballots;
    case "row":
      return withRow(ballots, event.mandate, event.event);
  }
}

function fresh(pollId: number | null, others: readonly number[]): Ballots {
  const rows = [OWN, ...others].map((mandate): [number, Ballot] => [mandate, { ...NO_BALLOT, pollId }]);
  return { pollId, selected: OWN, rows: new Map(rows) };
}

/** A mandate may be told of later, none is ever taken away: what is marked on it stays. */
function withRows(ballots: Ballots, others: readonly number[]): Ballots {
  const more = others.filter((mandate) => !ballots.rows.has(mandate));
  if (more.length === 0) return ballots;
  const added = more.map((mandate): [number, Ballot] => [mandate, { ...NO_BALLOT, pollId: ballots.pollId }]);
  return { ...ballots, rows: new Map([...ballots.rows, ...added]) };
}

function withRow(ballots: Ballots, mandate: number, event: BallotEvent): Ballots {
  const row = ballots.rows.get(mandate);
  const next = row && nextBallot(row, event);
  return next && next !== row ? { ...ballots, rows: new Map(ballots.rows).set(mandate, next) } : ballots;
}

export const rowOf = (ballots: Ballots, mandate: number): Ballot => ballots.rows.get(mandate) ?? NO_BALLOT;

/** The next mandate after this one that has no ballot yet; null when none is left. */
export function stillToCast(ballots: Ballots, after: number): number | null {
  const order = [...ballots.rows.keys()];
  const from = order.indexOf(after);
  const turn = [...order.slice(from + 1), ...order.slice(0, from)];
  return turn.find((mandate) => rowOf(ballots, mandate).receipt === null) ?? null;
}
