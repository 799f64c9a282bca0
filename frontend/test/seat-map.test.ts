import assert from "node:assert/strict";
import { test } from "node:test";
import { choiceSign, letterOf, signsOf } from "../src/live/seat-map";
import type { LiveState, Presence } from "../src/live/types";

const seat = (membership_id: number, presence: Presence) => ({ membership_id, presence, recused: false, proxy: "" });
const SEATS = [seat(1, "present"), seat(2, "remote"), seat(3, "absent"), seat(4, "absent")];
const room = (poll: object | null): LiveState => ({ seats: SEATS, poll }) as unknown as LiveState;

test("without a vote a represented member is away like any other", () => {
  assert.deepEqual([...signsOf(room(null)).values()], ["waiting", "waiting", "absent", "absent"]);
});

test("in an open vote the ballot of a represented member is still to come", () => {
  const poll = { state: "open", voted: [1], proxies: [{ membership_id: 3, name: "C", acting: "A", acting_user: 7 }] };
  assert.deepEqual([...signsOf(room(poll)).values()], ["voted", "waiting", "waiting", "absent"]);
});

test("options are told apart by their letter, everything else by its sign", () => {
  const signs = ["option-1", "option-8"].map((code) => choiceSign({ code, side: "option" }));
  assert.deepEqual(signs.map(letterOf), ["A", "H"]);
  assert.equal(letterOf(choiceSign({ code: "against", side: "against" })), "");
});
