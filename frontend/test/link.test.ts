import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, firstLink, isSilent, nextLink, SILENCE_MS } from "../src/live/link";

test("a push makes the page live and forgets earlier failures", () => {
  const lost = nextLink(nextLink(firstLink(0), { kind: "failed", at: 10 }), { kind: "failed", at: 20 });
  assert.deepEqual(lost, { phase: "lost", heardAt: 0, lostAt: 10, attempt: 2 });
  const back = nextLink(lost, { kind: "heard", by: "socket", at: 30 });
  assert.deepEqual(back, { phase: "live", heardAt: 30, lostAt: null, attempt: 0 });
});

test("an answer over HTTP ends the loss but does not claim a socket", () => {
  const lost = nextLink(firstLink(0), { kind: "offline", at: 5 });
  const polling = nextLink(lost, { kind: "heard", by: "poll", at: 9 });
  assert.equal(polling.phase, "polling");
  assert.equal(polling.lostAt, null);
  assert.equal(nextLink({ ...polling, phase: "live" }, { kind: "heard", by: "poll", at: 10 }).phase, "live");
});

test("a closed socket alone is not a loss", () => {
  const live = nextLink(firstLink(0), { kind: "heard", by: "socket", at: 1 });
  assert.equal(nextLink(live, { kind: "closed", at: 2 }).phase, "connecting");
});

test("five seconds without a beat are silence", () => {
  const live = nextLink(firstLink(0), { kind: "heard", by: "socket", at: 100 });
  assert.equal(isSilent(live, 100 + SILENCE_MS), false);
  assert.equal(isSilent(live, 101 + SILENCE_MS), true);
});

test("waiting grows, is capped, and is spread by chance", () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 20].map((attempt) => backoff(attempt, () => 1));
  assert.deepEqual(waits, [550, 950, 1750, 3350, 6550, 8150, 8150, 8150]);
  assert.equal(backoff(20, () => 0), 150);
});
