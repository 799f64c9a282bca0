import assert from "node:assert/strict";
import { test } from "node:test";
import { asText, fromText, leftOutOf } from "../src/shared/left-out";

const row = (id: string, checked: boolean) => ({ id, checked });

test("what is taken out stays out, what is put back is in", () => {
  const left = leftOutOf(new Set(), [row("1", true), row("2", false)]);
  assert.deepEqual([...left], ["2"]);
  assert.deepEqual([...leftOutOf(left, [row("1", false), row("2", true)])], ["1"]);
});

test("a narrowed list changes nothing about the rows it does not show", () => {
  const left = leftOutOf(new Set(["7"]), [row("1", true)]);
  assert.deepEqual([...left], ["7"]);
});

test("what was kept comes back, and what is broken leaves nothing out", () => {
  assert.deepEqual(fromText(asText(new Set(["3", "4"]))), new Set(["3", "4"]));
  for (const text of [null, "", "{", "{}", "[1]", "null"]) assert.deepEqual(fromText(text), new Set());
});
