/** Where each seat of a horseshoe stands. Pure geometry; `seat-map.ts` draws it. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface SeatPlan {
  /** In seating order: from the left end of the horseshoe to the right, nearest the middle first. */
  readonly points: readonly Point[];
  readonly radius: number;
  readonly viewBox: string;
}

export interface PlanOptions {
  /** Room under each seat for its label, in units of the drawing. */
  readonly label?: number;
  readonly radius?: number;
}

const STEP = 140;
const INNER = 240;

/** Fewest rows that seat so many without neighbours touching: 27 sit in three. */
export function rowsFor(count: number): number {
  let rows = 1;
  while (count > rows * (9 + 2 * (rows - 1))) rows += 1;
  return rows;
}

/**
 * Seats per row, inner first. Each row holds two more than the one inside it (27 → 7, 9, 11),
 * four more in a large house; what is left over goes to the outer rows, where there is room.
 */
export function seatsPerRow(count: number): number[] {
  const rows = rowsFor(count);
  const more = rows > 3 ? 4 : 2;
  const inner = Math.max(1, Math.floor(count / rows - (more * (rows - 1)) / 2));
  const shape = Array.from({ length: rows }, (_, row) => inner + more * row);
  let left = count - shape.reduce((sum, n) => sum + n, 0);
  for (let row = rows - 1; left !== 0; row = row === 0 ? rows - 1 : row - 1) {
    const change = left > 0 ? 1 : -1;
    if ((shape[row] ?? 0) + change < 1) continue;
    shape[row] = (shape[row] ?? 0) + change;
    left -= change;
  }
  return shape;
}

export function seatPlan(count: number, options: PlanOptions = {}): SeatPlan {
  const radius = options.radius ?? 31;
  const label = options.label ?? 0;
  const shape = count > 0 ? seatsPerRow(count) : [];
  const outer = INNER + STEP * Math.max(0, shape.length - 1);
  const margin = radius + 9;
  const centre: Point = { x: outer + margin, y: outer + margin };
  const placed = shape.flatMap((seats, row) => rowOf(seats, INNER + STEP * row, centre));
  placed.sort((a, b) => a.angle - b.angle || a.distance - b.distance);
  const height = centre.y + radius + 9 + label;
  return {
    points: placed.map(({ x, y }) => ({ x: round(x), y: round(y) })),
    radius,
    viewBox: `0 0 ${round(2 * centre.x)} ${round(height)}`,
  };
}

function rowOf(seats: number, distance: number, centre: Point): (Point & { angle: number; distance: number })[] {
  return Array.from({ length: seats }, (_, index) => {
    const angle = seats === 1 ? Math.PI / 2 : (Math.PI * index) / (seats - 1);
    return {
      x: centre.x - distance * Math.cos(angle),
      y: centre.y - distance * Math.sin(angle),
      // Rounded so that seats on one ray sort by distance, not by a rounding error.
      angle: Math.round(angle * 1e6),
      distance,
    };
  });
}

/** Members in seating order with the chair in the middle of the inner row, as at the table. */
export function seated<T>(members: readonly T[], isChair: (member: T) => boolean, plan: SeatPlan): T[] {
  const chair = members.find(isChair);
  if (chair === undefined) return [...members];
  const others = members.filter((member) => member !== chair);
  others.splice(headOf(plan), 0, chair);
  return others;
}

/** Index of the seat at the head: straight ahead, nearest the middle. */
export function headOf(plan: SeatPlan): number {
  const middle = Math.max(...plan.points.map((point) => point.x), 0) / 2 + Math.min(...plan.points.map((p) => p.x), 0) / 2;
  let best = 0;
  plan.points.forEach((point, index) => {
    const now = plan.points[best];
    if (!now) return;
    const nearer = Math.abs(point.x - middle) - Math.abs(now.x - middle);
    if (nearer < -0.5 || (Math.abs(nearer) <= 0.5 && point.y > now.y)) best = index;
  });
  return best;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
