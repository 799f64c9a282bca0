import assert from "node:assert/strict";
import { test } from "node:test";
import { faceOf, nextBallot, NO_BALLOT, type Ballot, type BallotEvent, type Receipt } from "../src/live/ballot";

const receipt: Receipt = { choice: "for", cast_at: "2026-11-26T02:32:07Z", code: "7F3A 92KD" };
const open = { state: "open" };
const run = (...events: BallotEvent[]): Ballot => events.reduce(nextBallot, NO_BALLOT);
const marked: BallotEvent[] = [
  { kind: "poll", id: 5 },
  { kind: "choose", choice: "against", key: "k1" },
];

test("a push of the same poll leaves a half-filled ballot alone", () => {
  const before = run(...marked);
  assert.equal(nextBallot(before, { kind: "poll", id: 5 }), before);
  assert.equal(nextBallot(before, { kind: "mine", pollId: 5, receipt: null }), before);
});

test("another poll is another ballot", () => {
  assert.deepEqual(run(...marked, { kind: "poll", id: 6 }), { ...NO_BALLOT, pollId: 6 });
});

test("the key stays with the choice over retries and changes with it", () => {
  const failed = run(...marked, { kind: "send" }, { kind: "refused", error: "x" });
  assert.equal(failed.key, "k1");
  assert.equal(nextBallot(failed, { kind: "choose", choice: "against", key: "k2" }).key, "k1");
  assert.equal(nextBallot(failed, { kind: "choose", choice: "for", key: "k2" }).key, "k2");
});

test("nothing is sent without a choice, nor twice, nor changed while it is on its way", () => {
  assert.equal(run({ kind: "poll", id: 5 }, { kind: "send" }).sending, false);
  const sending = run(...marked, { kind: "send" });
  assert.equal(nextBallot(sending, { kind: "send" }), sending);
  assert.equal(nextBallot(sending, { kind: "choose", choice: "for", key: "k3" }), sending);
});

test("an older answer never takes back a newer receipt", () => {
  const cast = run(...marked, { kind: "send" }, { kind: "cast", pollId: 5, receipt });
  const older = { ...receipt, choice: "against", cast_at: "2026-11-26T02:31:00Z" };
  assert.equal(nextBallot(cast, { kind: "mine", pollId: 5, receipt: older }).receipt, receipt);
  assert.equal(nextBallot(cast, { kind: "mine", pollId: 4, receipt }), cast);
});

test("every face", () => {
  const cast = run(...marked, { kind: "send" }, { kind: "cast", pollId: 5, receipt });
  const changing = nextBallot(cast, { kind: "change" });
  const faces: [Ballot, { state: string } | null, boolean, string][] = [
    [NO_BALLOT, null, true, "before"],
    [run({ kind: "poll", id: 5 }), open, true, "open"],
    [run(...marked), open, true, "chosen"],
    [run(...marked), open, false, "lost"],
    [cast, open, true, "cast"],
    [cast, open, false, "cast"],
    [changing, open, true, "open"],
    [changing, open, false, "lost"],
    [nextBallot(changing, { kind: "keep" }), open, true, "cast"],
    [cast, { state: "closed" }, true, "result"],
    [run(...marked), { state: "closed" }, false, "result"],
  ];
  for (const [ballot, poll, connected, face] of faces) assert.equal(faceOf(ballot, poll, connected), face);
});
