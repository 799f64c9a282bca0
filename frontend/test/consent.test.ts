import assert from "node:assert/strict";
import { test } from "node:test";
import { signsOf, tallyOf } from "../src/live/seat-map";
import type { LiveState, Presence, Seat } from "../src/live/types";
import { blockOf, pulledOf } from "../src/live/consent";

Object.assign(globalThis, { gettext: (text: string) => text, document: { documentElement: { lang: "en" } } });

const marks = { in_block: false, pulled_by: [], against: 0, adopted_at: null, reopened: null };
const item = (id: number, own: object, state = "waiting") => ({ id, consent: true, state, marks: { ...marks, ...own } });
const seat = (id: number, presence: Presence, recused = false): Partial<Seat> => ({ membership_id: id, presence, recused });
const room = (own: object): LiveState => ({ programme: [], seats: [], poll: null, ...own }) as unknown as LiveState;

test("the gavel's list and what was brought up are two lists; what is over is in neither", () => {
  const pulled = { pulled_by: [{ membership_id: 1, name: "A", stance: "" }] };
  const state = room({ programme: [item(1, { in_block: true }), item(2, pulled), item(3, {}, "done"), item(4, pulled, "done")] });
  assert.deepEqual(blockOf(state).map((one) => one.id), [1]);
  assert.deepEqual(pulledOf(state).map((one) => one.id), [2]);
});

test("who takes no part has a sign and a line of their own, apart from waiting and absent", () => {
  const seats = [seat(1, "present"), seat(2, "present", true), seat(3, "absent", true), seat(4, "remote")];
  const state = room({ seats, attendance: { members: 4, present: 3 } });
  assert.deepEqual([...signsOf(state).values()], ["waiting", "recused", "absent", "waiting"]);
  assert.deepEqual(tallyOf(state).map((line) => [line.sign, line.votes]), [["waiting", 2], ["absent", 1], ["recused", 1]]);
});
