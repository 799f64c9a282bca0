import assert from "node:assert/strict";
import { test } from "node:test";
import { isDirty, nextDraft, NO_DRAFT, type Draft, type DraftEvent } from "../src/live/draft";

const run = (...events: DraftEvent[]): Draft => events.reduce(nextDraft, NO_DRAFT);
const onItem: DraftEvent = { kind: "pushed", itemId: 3, text: "", seq: 1 };

test("what was typed is never overwritten by a push", () => {
  const typed = run(onItem, { kind: "typed", text: "Agreed." });
  assert.equal(nextDraft(typed, { kind: "pushed", itemId: 3, text: "Other", seq: 2 }), typed);
});

test("a text from elsewhere is taken over while nothing is unsaved", () => {
  assert.equal(run(onItem, { kind: "pushed", itemId: 3, text: "Other", seq: 2 }).text, "Other");
});

test("typing on while saving leaves the rest unsaved", () => {
  const draft = run(
    onItem,
    { kind: "typed", text: "A" },
    { kind: "sending" },
    { kind: "typed", text: "AB" },
    { kind: "saved", itemId: 3, text: "A", at: 9, seq: 2 },
  );
  assert.equal(draft.text, "AB");
  assert.equal(isDirty(draft), true);
  assert.equal(draft.savedAt, 9);
});

test("a blank at the end survives saving, and an emptied field is not sent", () => {
  const saved = run(onItem, { kind: "typed", text: "A " }, { kind: "saved", itemId: 3, text: "A ", at: 1, seq: 2 });
  assert.equal(nextDraft(saved, { kind: "pushed", itemId: 3, text: "A", seq: 2 }).text, "A ");
  assert.equal(isDirty(nextDraft(saved, { kind: "typed", text: " " })), false);
});

test("a failed save keeps the text and says so", () => {
  const draft = run(onItem, { kind: "typed", text: "A" }, { kind: "sending" }, { kind: "failed", error: "no" });
  assert.deepEqual([draft.text, draft.error, isDirty(draft)], ["A", "no", true]);
});

test("an answer for the item before does not mark this one saved", () => {
  const draft = run(onItem, { kind: "pushed", itemId: 4, text: "B", seq: 1 }, { kind: "saved", itemId: 3, text: "A", at: 1, seq: 2 });
  assert.deepEqual([draft.text, draft.savedAt], ["B", null]);
});

test("a push that is older than what was saved takes nothing back", () => {
  const saved = run(onItem, { kind: "typed", text: "A" }, { kind: "sending" }, { kind: "saved", itemId: 3, text: "A", at: 1, seq: 5 });
  assert.equal(nextDraft(saved, { kind: "pushed", itemId: 3, text: "", seq: 4 }).text, "A");
  assert.equal(nextDraft(saved, { kind: "pushed", itemId: 3, text: "Other", seq: 6 }).text, "Other");
});

test("a field emptied to begin anew stays empty until something new comes from elsewhere", () => {
  const emptied = run(onItem, { kind: "pushed", itemId: 3, text: "A", seq: 2 }, { kind: "typed", text: "" });
  assert.equal(nextDraft(emptied, { kind: "pushed", itemId: 3, text: "A", seq: 3 }).text, "");
  assert.equal(nextDraft(emptied, { kind: "pushed", itemId: 3, text: "B", seq: 4 }).text, "B");
});
