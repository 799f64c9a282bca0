import assert from "node:assert/strict";
import { test } from "node:test";
import { byItem, byMember, silent, speakable } from "../src/live/speaking";
import type { LiveState } from "../src/live/types";

const speech = (membership_id: number, item_id: number, seconds: number): object => ({ membership_id, item_id, seconds });
const seat = (membership_id: number, presence: string): object => ({ membership_id, name: `M${membership_id}`, presence });
const state = {
  seats: [seat(1, "present"), seat(2, "remote"), seat(3, "absent"), seat(4, "absent"), seat(5, "present")],
  floor: { speaker: { membership_id: 5 }, queue: [] },
  desk: {
    speeches: [speech(1, 7, 60), speech(3, 7, 200), speech(1, 8, 30)],
    absences: [{ membership_id: 3, reason: "", substitute: "Phó" }, { membership_id: 4, reason: "x", substitute: "" }],
  },
} as unknown as LiveState;

test("speaking time adds up by member and by item, the longest first", () => {
  assert.deepEqual(byMember(state), [{ id: 3, times: 1, seconds: 200 }, { id: 1, times: 2, seconds: 90 }]);
  assert.deepEqual(byItem(state), [{ id: 7, times: 2, seconds: 260 }, { id: 8, times: 1, seconds: 30 }]);
});

test("only who is here, has not spoken and does not speak now is silent", () => {
  assert.deepEqual(silent(state).map((one) => one.membership_id), [2]);
});

test("whoever is here may be put on the list, and of the others those with a substitute", () => {
  assert.deepEqual(speakable(state).map((one) => [one.id, one.substitute]), [[1, ""], [2, ""], [3, "Phó"], [5, ""]]);
});
