import assert from "node:assert/strict";
import { test } from "node:test";
import { headOf, seated, seatPlan, seatsPerRow } from "../src/live/seats";

test("27 seats sit as 7, 9 and 11 with the head in the middle of the inner row", () => {
  assert.deepEqual(seatsPerRow(27), [7, 9, 11]);
  const plan = seatPlan(27);
  assert.equal(headOf(plan), 12);
  assert.deepEqual(plan.points[12], { x: 560, y: 320 });
  assert.deepEqual(plan.points.slice(0, 3).map((point) => point.x), [320, 180, 40]);
});

test("every number of seats finds a place, none on another, all inside the drawing", () => {
  for (let count = 1; count <= 300; count += 1) {
    const plan = seatPlan(count);
    assert.equal(plan.points.length, count);
    const [, , width, height] = plan.viewBox.split(" ").map(Number) as [number, number, number, number];
    for (const [index, point] of plan.points.entries()) {
      assert.ok(point.x >= plan.radius && point.x <= width - plan.radius, `${count}: x ${point.x}`);
      assert.ok(point.y >= plan.radius && point.y <= height - plan.radius, `${count}: y ${point.y}`);
      for (const other of plan.points.slice(index + 1)) {
        const apart = Math.hypot(point.x - other.x, point.y - other.y);
        assert.ok(apart > 2 * plan.radius, `${count} seats: two stand ${apart} apart`);
      }
    }
  }
});

test("the chair takes the head, the others keep their order", () => {
  const plan = seatPlan(5);
  const order = seated(["chair", "a", "b", "c", "d"], (name) => name === "chair", plan);
  assert.deepEqual(order, ["a", "b", "chair", "c", "d"]);
  assert.deepEqual(seated(["a", "b"], () => false, seatPlan(2)), ["a", "b"]);
});
