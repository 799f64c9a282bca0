import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { seatPlan, seated, type Point } from "./seats";
import type { ChoiceView, Count, LiveState, PollView, Seat, Side } from "./types";
import * as words from "./words";

/** What a seat shows: a shape first and a colour second, so that it survives a bad projector. */
export type Sign = Exclude<Side, "option"> | `option-${number}` | "voted" | "waiting" | "silent" | "absent" | "recused";

export interface SeatMapOptions {
  readonly radius: number;
  readonly labels: boolean;
  /** The seat of whoever looks at it. */
  readonly mine?: number | undefined;
}

/** The sign of a choice: options are told apart by their letter. */
export function choiceSign(choice: Pick<ChoiceView, "code" | "side">): Sign {
  return choice.side === "option" ? (choice.code as `option-${number}`) : choice.side;
}

/** A for the first of several options; empty for every other sign. */
export function letterOf(sign: Sign): string {
  return sign.startsWith("option-") ? String.fromCharCode(64 + Number(sign.slice(7))) : "";
}

const classOf = (sign: Sign): string =>
  letterOf(sign) ? "seat--option" : CLASSES[sign as Exclude<Sign, `option-${number}`>];

const CLASSES: Record<Exclude<Sign, `option-${number}`>, string> = {
  for: "seat--for",
  against: "seat--against",
  abstain: "seat--abstain",
  other: "seat--abstain",
  voted: "seat--voted",
  waiting: "",
  silent: "",
  absent: "seat--absent",
  recused: "seat--absent",
};

/** The sign in a circle of radius `r` around a point, as path data; null where the circle says all. */
function mark(sign: Sign, { x, y }: Point, r: number): string | null {
  const at = (n: number): number => Math.round(n * 100) / 100;
  switch (sign) {
    case "for":
      return `M${at(x - 0.42 * r)} ${y}l${at(0.315 * r)} ${at(0.315 * r)} ${at(0.525 * r)} ${at(-0.63 * r)}`;
    case "against": {
      const d = at(0.672 * r);
      return `M${at(x - 0.336 * r)} ${at(y - 0.336 * r)}l${d} ${d}m0 ${-d}l${-d} ${d}`;
    }
    case "abstain":
      return `M${at(x - 0.42 * r)} ${y}h${at(0.84 * r)}`;
    case "other":
      return `M${at(x - 0.3 * r)} ${y}h.01m${at(0.3 * r)} 0h.01m${at(0.3 * r)} 0h.01`;
    case "recused":
      return `M${at(x - 0.4 * r)} ${at(y + 0.4 * r)}l${at(0.8 * r)} ${at(-0.8 * r)}`;
    default:
      return null;
  }
}

/** Sign per membership: who has voted while the poll is open, how after it is closed, else who is here. */
export function signsOf(state: LiveState): Map<number, Sign> {
  const poll = state.poll;
  if (poll?.state === "closed") return resultSigns(poll);
  const voted = new Set(poll?.voted);
  const here = (seat: Seat): boolean => seat.presence === "present" || seat.presence === "remote";
  // Who is represented in the open vote has a ballot to come like who is here.
  const represented = new Set(poll?.proxies.map((one) => one.membership_id));
  return new Map(
    state.seats.map((seat) => {
      if (poll && voted.has(seat.membership_id)) return [seat.membership_id, "voted"];
      if (seat.recused && here(seat)) return [seat.membership_id, "recused"];
      return [seat.membership_id, here(seat) || represented.has(seat.membership_id) ? "waiting" : "absent"];
    }),
  );
}

function resultSigns(poll: PollView): Map<number, Sign> {
  const sides = new Map(poll.choices.map((choice) => [choice.code, choiceSign(choice)]));
  return new Map(
    poll.results.map((result): [number, Sign] => {
      const side = result.choice === null ? undefined : sides.get(result.choice);
      return [result.membership_id, side ?? (result.standing === "voted" ? "voted" : result.standing)];
    }),
  );
}

export function seatMap(state: LiveState, options: SeatMapOptions, label: string): TemplateResult {
  const signs = signsOf(state);
  const plan = seatPlan(state.seats.length, { radius: options.radius, label: options.labels ? 22 : 0 });
  const acting = actingOf(state);
  const order = seated(state.seats, (seat) => seat.role === "chair", plan);
  return html`<svg class="seats" viewBox=${plan.viewBox} role="img" aria-label=${label}>
    ${order.map((seat, index) => {
      const point = plan.points[index];
      const sign = signs.get(seat.membership_id) ?? "absent";
      return point ? oneSeat(seat, point, sign, acting.get(seat.membership_id) ?? "", plan.radius, options) : nothing;
    })}
  </svg>`;
}

function oneSeat(
  seat: Seat,
  point: Point,
  sign: Sign,
  acting: string,
  radius: number,
  options: SeatMapOptions,
): SVGTemplateResult {
  const path = mark(sign, point, radius);
  const mine = seat.membership_id === options.mine ? "seat--mine" : "";
  return svg`<g class="seat ${classOf(sign)} ${mine}">
    <title>${seat.name}, ${words.own(seat.office, seat.office_en)}${acting ? ` (${words.actsBy(acting)})` : ""}</title>
    <circle cx=${point.x} cy=${point.y} r=${radius}></circle>
    ${path === null ? nothing : svg`<path d=${path}></path>`} ${letter(sign, point, radius)}
    ${acting ? svg`<circle class="seat__proxy" cx=${point.x} cy=${point.y} r=${radius * 1.22}></circle>` : nothing}
    ${options.labels ? svg`<text x=${point.x} y=${point.y + radius + 21}>${seat.label}</text>` : nothing}
  </g>`;
}

function letter(sign: Sign, { x, y }: Point, radius: number): SVGTemplateResult | typeof nothing {
  const text = letterOf(sign);
  return text ? svg`<text class="seat__letter" transform="translate(${x} ${y}) scale(${radius / 10})" y="4.2">${text}</text>` : nothing;
}

/** Who acts for a seat: as frozen in the poll that is shown, else as it would be now. */
function actingOf(state: LiveState): Map<number, string> {
  if (state.poll) return new Map(state.poll.proxies.map((one) => [one.membership_id, one.acting]));
  return new Map(state.seats.filter((seat) => seat.proxy).map((seat) => [seat.membership_id, seat.proxy]));
}

/** The same sign, small, beside a word. */
export function signIcon(sign: Sign): TemplateResult {
  const path = mark(sign, { x: 12, y: 12 }, 10);
  return html`<svg class="seat ${classOf(sign)}" viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="10"></circle>
    ${path === null ? nothing : svg`<path d=${path}></path>`} ${letter(sign, { x: 12, y: 12 }, 10)}
  </svg>`;
}

export interface Tally {
  readonly sign: Sign;
  readonly label: string;
  readonly votes: number;
}

/** The lines of the key, from the poll as it stands; lines nobody is in are left out where they may be. */
export function tallyOf(state: LiveState): Tally[] {
  const { poll } = state;
  const verdict = poll?.verdict;
  if (poll && verdict) {
    return [
      ...counted(verdict.counts),
      ...some("silent", words.silent(), verdict.silent),
      ...some("absent", words.absent(), verdict.absent),
      ...some("recused", words.recused(), verdict.recused),
    ];
  }
  const recused = state.seats.filter((seat) => seat.recused && seat.presence !== "absent" && seat.presence !== "expected").length;
  if (!poll) {
    const { members, present } = state.attendance;
    return [
      { sign: "waiting", label: words.present(), votes: present - recused },
      { sign: "absent", label: words.absent(), votes: members - present },
      ...some("recused", words.recused(), recused),
    ];
  }
  return [
    ...(poll.counts.length > 0
      ? counted(poll.counts)
      : [{ sign: "voted" as const, label: words.voted(), votes: poll.turnout }]),
    { sign: "waiting", label: words.notYet(), votes: poll.expected - poll.turnout },
    ...some("absent", words.absent(), poll.electors - poll.expected - recused),
    ...some("recused", words.recused(), recused),
  ];
}

const counted = (counts: readonly Count[]): Tally[] =>
  counts.map((c) => ({
    sign: choiceSign({ code: c.choice, side: c.side }),
    label: words.own(c.label, c.label_en),
    votes: c.votes,
  }));

const some = (sign: Sign, label: string, votes: number): Tally[] => (votes > 0 ? [{ sign, label, votes }] : []);

export function seatKey(tally: readonly Tally[], extra = ""): TemplateResult {
  return html`<ul class="seat-key ${extra}">
    ${tally.map((line) => html`<li>${signIcon(line.sign)} ${line.label} <b>${line.votes}</b></li>`)}
  </ul>`;
}

export const tallyLabel = (tally: readonly Tally[]): string =>
  tally.map((line) => `${line.votes} ${line.label.toLocaleLowerCase(document.documentElement.lang || "vi")}`).join(", ");
