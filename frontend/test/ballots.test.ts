import assert from "node:assert/strict";
import { test } from "node:test";
import type { Receipt } from "../src/live/ballot";
import { NO_BALLOTS, nextBallots, OWN, rowOf, stillToCast, type Ballots, type BallotsEvent } from "../src/live/ballots";

const receipt: Receipt = { choice: "for", cast_at: "2026-11-26T02:32:07Z", code: "7F3A 92KD" };
const run = (...events: BallotsEvent[]): Ballots => events.reduce(nextBallots, NO_BALLOTS);
const put: BallotsEvent = { kind: "poll", id: 5, others: [8, 9] };
const mark = (mandate: number, choice: string, key = "k"): BallotsEvent => ({
  kind: "row",
  mandate,
  event: { kind: "choose", choice, key },
});

test("each mandate has a choice and a key of its own", () => {
  const ballots = run(put, mark(OWN, "for", "a"), mark(8, "against", "b"));
  assert.deepEqual([rowOf(ballots, OWN).choice, rowOf(ballots, 8).choice, rowOf(ballots, 9).choice], ["for", "against", null]);
  assert.deepEqual([rowOf(ballots, OWN).key, rowOf(ballots, 8).key], ["a", "b"]);
});

test("a push of the same poll leaves every half-filled ballot and the one in view alone", () => {
  const before = run(put, mark(OWN, "for"), mark(9, "abstain"), { kind: "select", mandate: 9 });
  assert.equal(nextBallots(before, put), before);
  // Not even when the push no longer tells of a mandate.
  assert.equal(nextBallots(before, { kind: "poll", id: 5, others: [] }), before);
});

test("a mandate told of later joins without touching what is marked", () => {
  const before = run({ kind: "poll", id: 5, others: [] }, mark(OWN, "for"));
  const after = nextBallots(before, { kind: "poll", id: 5, others: [8] });
  assert.equal(rowOf(after, OWN), rowOf(before, OWN));
  assert.deepEqual([...after.rows.keys()], [OWN, 8]);
  assert.equal(rowOf(after, 8).pollId, 5);
});

test("options are marked like any other choice, and a push does not take the mark back", () => {
  const before = run({ kind: "poll", id: 5, others: [] }, mark(OWN, "option-7"));
  assert.equal(rowOf(nextBallots(before, { kind: "poll", id: 5, others: [] }), OWN).choice, "option-7");
});

test("another poll begins anew with the own ballot in view", () => {
  const after = run(put, mark(8, "for"), { kind: "select", mandate: 8 }, { kind: "poll", id: 6, others: [8] });
  assert.deepEqual([after.pollId, after.selected, rowOf(after, 8).choice], [6, OWN, null]);
});

test("an answer goes to the ballot that was sent, whichever is in view", () => {
  const sent = run(put, mark(8, "for"), { kind: "row", mandate: 8, event: { kind: "send" } }, { kind: "select", mandate: OWN });
  const cast = nextBallots(sent, { kind: "row", mandate: 8, event: { kind: "cast", pollId: 5, receipt } });
  assert.equal(rowOf(cast, 8).receipt, receipt);
  assert.equal(rowOf(cast, OWN).receipt, null);
});

test("what is still to be cast, going round", () => {
  const cast = (mandate: number): BallotsEvent => ({ kind: "row", mandate, event: { kind: "cast", pollId: 5, receipt } });
  assert.equal(stillToCast(run(put), OWN), 8);
  assert.equal(stillToCast(run(put, cast(8)), OWN), 9);
  assert.equal(stillToCast(run(put, cast(9)), 9), OWN);
  assert.equal(stillToCast(run(put, cast(OWN), cast(8), cast(9)), 9), null);
});

test("nobody selects a mandate that is not theirs", () => {
  const before = run(put);
  assert.equal(nextBallots(before, { kind: "select", mandate: 77 }), before);
});
