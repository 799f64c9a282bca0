import assert from "node:assert/strict";
import { test } from "node:test";
import { isDirty, nextDraft, NO_DRAFT, type Draft, type DraftEvent } from "../src/live/draft";

const run = (...events: DraftEvent[]): Draft => events.reduce(nextDraft, NO_DRAFT);
const onItem: DraftEvent = { kind: "pushed", itemId: 3, text: "" };

test("what was typed is never overwritten by a push", () => {
  const typed = run(onItem, { kind: "typed", text: "Agreed." });
  assert.equal(nextDraft(typed, { kind: "pushed", itemId: 3, text: "Other" }), typed);
});

test("a text from elsewhere is taken over while nothing is unsaved", () => {
  assert.equal(run(onItem, { kind: "pushed", itemId: 3, text: "Other" }).text, "Other");
});

test("typing on while saving leaves the rest unsaved", () => {
  const draft = run(
    onItem,
    { kind: "typed", text: "A" },
    { kind: "sending" },
    { kind: "typed", text: "AB" },
    { kind: "saved", itemId: 3, text: "A", at: 9 },
  );
  assert.equal(draft.text, "AB");
  assert.equal(isDirty(draft), true);
  assert.equal(draft.savedAt, 9);
});

test("a blank at the end survives saving, and an emptied field is not sent", () => {
  const saved = run(onItem, { kind: "typed", text: "A " }, { kind: "saved", itemId: 3, text: "A ", at: 1 });
  assert.equal(nextDraft(saved, { kind: "pushed", itemId: 3, text: "A" }).text, "A ");
  assert.equal(isDirty(nextDraft(saved, { kind: "typed", text: " " })), false);
});

test("a failed save keeps the text and says so", () => {
  const draft = run(onItem, { kind: "typed", text: "A" }, { kind: "sending" }, { kind: "failed", error: "no" });
  assert.deepEqual([draft.text, draft.error, isDirty(draft)], ["A", "no", true]);
});

test("an answer for the item before does not mark this one saved", () => {
  const draft = run(onItem, { kind: "pushed", itemId: 4, text: "B" }, { kind: "saved", itemId: 3, text: "A", at: 1 });
  assert.deepEqual([draft.text, draft.savedAt], ["B", null]);
});
