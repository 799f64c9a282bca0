import assert from "node:assert/strict";
import { test } from "node:test";
import { FOLLOWING, pageToShow, shown, switched, touched } from "../src/live/follow";
import { isNewer, type Presenter } from "../src/live/types";

const at = (page: number, turns: number): Presenter => ({ version_id: 1, page, name: "A", turns });

test("each turn of the presenter is followed once", () => {
  assert.equal(pageToShow(FOLLOWING, null), null);
  assert.equal(pageToShow(FOLLOWING, at(4, 1)), 4);
  const after = shown(FOLLOWING, at(4, 1));
  assert.equal(pageToShow(after, at(4, 1)), null);
  assert.equal(pageToShow(after, at(2, 2)), 2);
});

test("a hand on the paper ends following; only the switch brings it back, to the page of now", () => {
  const free = touched(shown(FOLLOWING, at(4, 1)), at(4, 1));
  assert.equal(pageToShow(free, at(9, 2)), null);
  assert.equal(pageToShow(touched(free, at(9, 2)), at(9, 2)), null);
  assert.equal(pageToShow(switched(free), at(9, 2)), 9);
});

test("where nobody presents, scrolling decides nothing: who reads now follows when it begins", () => {
  assert.equal(pageToShow(touched(FOLLOWING, null), at(3, 1)), 3);
});

test("a turned page is newer than the same state, and older than the next act", () => {
  assert.ok(isNewer({ seq: 1, votes: 0, pages: 2 }, { seq: 1, votes: 0, pages: 1 }));
  assert.ok(!isNewer({ seq: 1, votes: 0, pages: 9 }, { seq: 1, votes: 1, pages: 1 }));
  assert.ok(!isNewer({ seq: 1, votes: 0, pages: 1 }, { seq: 1, votes: 0, pages: 1 }));
  assert.ok(isNewer({ seq: 2, votes: 0, pages: 0 }, { seq: 1, votes: 5, pages: 9 }));
});
