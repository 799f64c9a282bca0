import assert from "node:assert/strict";
import { test } from "node:test";
import { countdown, minutes, ServerClock } from "../src/live/clock";

test("the server's time counts, not the device's", () => {
  const clock = new ServerClock();
  clock.note("1970-01-01T00:10:00Z", 60_000);
  assert.equal(clock.now(61_000), 601_000);
});

test("the fastest message is believed, a delayed one is not", () => {
  const clock = new ServerClock();
  clock.note("1970-01-01T00:10:00Z", 60_000);
  clock.note("1970-01-01T00:10:01Z", 61_900);
  assert.equal(clock.now(62_000), 602_000);
  clock.note("1970-01-01T00:10:03Z", 62_900);
  assert.equal(clock.now(63_000), 603_100);
});

test("a countdown runs out and then counts the overtime", () => {
  assert.deepEqual(countdown(0, 300_000, 192_000), { seconds: 108, text: "1:48", over: false, share: 0.36 });
  assert.deepEqual(countdown(0, 300_000, 300_000), { seconds: 0, text: "0:00", over: false, share: 0 });
  assert.deepEqual(countdown(0, 300_000, 312_500), { seconds: -12, text: "+0:12", over: true, share: 0 });
});

test("hours", () => {
  assert.equal(minutes(3661), "1:01:01");
  assert.equal(minutes(59.9), "0:59");
});
