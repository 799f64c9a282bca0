import assert from "node:assert/strict";
import { test } from "node:test";
import { moved } from "../src/live/desk-shape";
import { Announcer } from "../src/live/news";
import type { LiveState } from "../src/live/types";

Object.assign(globalThis, {
  document: { documentElement: { lang: "en" } },
  gettext: (text: string) => text,
  interpolate: (format: string, values: Record<string, unknown>) =>
    format.replace(/%\((\w+)\)s/g, (_all, name: string) => String(values[name])),
});

type Part = Record<string, unknown>;

function state(part: Part): LiveState {
  const quiet = { meeting: { state: "in_session" }, current: null, poll: null, floor: { speaker: null, queue: [] } };
  return { ...quiet, ...part } as unknown as LiveState;
}

const poll = { id: 1, state: "open", question: "Thông qua?", question_en: "Adopt?", verdict: null };
const verdict = { outcome: "adopted", sentence: "Cần 2.", sentence_en: "2 needed." };
const speech = (end: string): Part => ({
  floor: { speaker: { request_id: 7, name: "Lan", ends_at: end }, queue: [] },
});

test("what stands there first is no news, a vote and its result are", () => {
  const open = state({ poll });
  const told = new Announcer(open, 0);
  told.follow(open, 0);
  assert.equal(told.text, "");
  told.follow(state({ poll: { ...poll, state: "closed", verdict } }), 0);
  assert.equal(told.text, "Adopted. 2 needed.");
  told.follow(state({ poll: { ...poll, id: 2 } }), 0);
  assert.equal(told.text, "A vote is open: Adopt?");
});

test("an old result that is shown again is not announced", () => {
  const told = new Announcer(state({}), 0);
  told.follow(state({ poll: { ...poll, state: "closed", verdict } }), 0);
  assert.equal(told.text, "");
});

test("the end of a speaker's time is told once, and again when it was extended", () => {
  const told = new Announcer(state({}), 0);
  told.follow(state(speech("1970-01-01T00:01:00Z")), 1_000);
  assert.equal(told.text, "Lan has the floor");
  told.follow(state(speech("1970-01-01T00:01:00Z")), 60_000);
  assert.equal(told.text, "The time of Lan is up");
  told.text = "";
  told.follow(state(speech("1970-01-01T00:01:00Z")), 61_000);
  assert.equal(told.text, "");
  told.follow(state(speech("1970-01-01T00:02:00Z")), 121_000);
  assert.equal(told.text, "The time of Lan is up");
});

test("buttons move when the vote opens or somebody leaves the queue, not when somebody joins it", () => {
  const queue = (...ids: number[]): LiveState =>
    state({ floor: { speaker: null, queue: ids.map((request_id) => ({ request_id })) } });
  assert.equal(moved(queue(1), queue(1, 2)), false);
  assert.equal(moved(queue(1, 2), queue(2)), true);
  assert.equal(moved(state({}), state({ poll })), true);
});
