import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ServerClock } from "./clock";
import { newKey, send, type Answer } from "./commands";
import { Connection } from "./connection";
import { firstLink, type Link } from "./link";
import { setTimeZone } from "./words";
import type { Me } from "./my-types";
import type { Audience, LiveState, StateFrame } from "./types";

/** What the server wrote into the page as `<script id="live-config" type="application/json">`. */
export interface LiveConfig {
  readonly meeting: number;
  readonly audience: Audience;
  readonly server_now: string;
  readonly time_zone: string;
  readonly frame: StateFrame;
  readonly me: Me | null;
  /** Path of the API for this meeting, ending in a slash. */
  readonly api: string;
  readonly socket: string;
  /** Where a paper opens: the page's own address with 0 in place of the version's id. */
  readonly paper: string;
  /** Its file, in the same way, and what PDF.js needs to draw it. */
  readonly paper_file: string;
  readonly pdf_assets: string;
  readonly pdf_worker: string;
  readonly wall: string;
  /** The meeting's own page, with what was decided. */
  readonly programme: string;
  /** Address that prepares the decision of an item, 0 in place of its id; empty where there is none. */
  readonly decision: string;
  /** The sheet of a roll call on paper, 0 in place of the item's id. */
  readonly roll_call: string;
  /** The question prefilled for a poll, in both languages, with %(title)s for what is adopted. */
  readonly question: { readonly vi: string; readonly en: string };
  /** The same where amendments were adopted before, and for a choice between options. */
  readonly question_amended: { readonly vi: string; readonly en: string };
  readonly question_options: { readonly vi: string; readonly en: string };
}

type Listener = () => void;

/** So long at least until the ledger is asked again for the proof of my ballot. */
const PROOF_MS = 5000;

/** One per page: the newest state, what is mine, the connection and the server's clock. */
export class LiveStore {
  state: LiveState;
  me: Me | null;
  link: Link = firstLink(performance.now());
  /** Wall-clock moment at which contact was lost. */
  lostSince: Date | null = null;
  screens: number | null = null;
  readonly clock = new ServerClock();
  readonly config: LiveConfig;
  private readonly connection: Connection;
  private readonly listeners = new Set<Listener>();
  /** The page is on its way back to the server, which asks for a sign-in or says why access ended. */
  leaving = false;
  private meTimer = 0;

  constructor(config: LiveConfig) {
    this.config = config;
    this.state = config.frame.state;
    this.me = config.me;
    this.clock.note(config.server_now);
    setTimeZone(config.time_zone);
    this.connection = new Connection({
      socketPath: `${config.socket}?audience=${config.audience}`,
      stateUrl: `${config.api}state?audience=${config.audience}`,
      onState: (frame) => this.take(frame),
      onBeat: (beat) => {
        this.clock.note(beat.server_now);
        this.screens = beat.screens;
      },
      onClock: (serverNow) => this.clock.note(serverNow),
      onLink: (link) => this.linked(link),
      onRefused: () => this.leave(),
    });
  }

  start(): void {
    this.connection.start(this.config.frame);
    // The same person may have voted in another tab meanwhile.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.fetchMe();
    });
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private leave(): void {
    if (this.leaving) return;
    this.leaving = true;
    location.reload();
  }

  retryNow(): void {
    this.connection.retryNow();
  }

  get connected(): boolean {
    return this.link.phase !== "lost";
  }

  /** Holds a mandate to speak here; invitees do, observers look on. */
  get speaks(): boolean {
    return this.me?.mandate != null && this.me.mandate.role !== "observer";
  }

  /** Milliseconds since the epoch by the server's clock. */
  now(): number {
    return this.clock.now();
  }

  /** POST a command of this meeting; the state is fetched afterwards in case the push got lost. */
  async command<T = unknown>(path: string, body: unknown = {}, key: string = newKey()): Promise<Answer<T>> {
    const answer = await send<T>(this.config.api + path, body, key);
    // Somebody signed in again elsewhere: only a page of the new session may send.
    if (!answer.ok && answer.refusal?.code === "csrf_failed") this.leave();
    else if (answer.ok || answer.refusal) {
      void this.connection.refresh();
      void this.fetchMe();
    }
    return answer;
  }

  async fetchMe(): Promise<void> {
    if (!this.config.me) return;
    try {
      const answer = await fetch(`${this.config.api}me`, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok) return;
      this.me = (await answer.json()) as Me;
      if (this.awaitsProof) this.fetchMeSoon(PROOF_MS);
      this.changed();
    } catch {
      // The next change of the state asks again.
    }
  }

  private take(frame: StateFrame): void {
    const before = this.state;
    this.state = frame.state;
    if (mineMayHaveChanged(before, frame.state) || this.votedElsewhere || this.mayBeRevised(before)) this.fetchMeSoon();
    this.changed();
  }

  /** The room knows of a ballot of mine that this page does not. */
  private get votedElsewhere(): boolean {
    const { me } = this;
    const { poll } = this.state;
    if (!me || !poll) return false;
    const known = me.poll?.id === poll.id ? me.poll.ballots.filter((one) => one.ballot).map((one) => one.membership_id) : [];
    const acting = new Map(poll.proxies.map((one) => [one.membership_id, one.acting_user]));
    const own = me.mandate?.membership_id;
    const mine = poll.voted.filter((mandate) => (acting.get(mandate) ?? (mandate === own ? me.user_id : 0)) === me.user_id);
    return mine.some((mandate) => !known.includes(mandate));
  }

  /** The ledger has still to place a ballot of mine in the vote that was closed. */
  private get awaitsProof(): boolean {
    const { poll } = this.state;
    if (poll?.state !== "closed" || poll.mode === "roll_call" || this.me?.poll?.id !== poll.id) return false;
    return this.me.poll.ballots.some((one) => one.ballot && !one.proof);
  }

  /** Somebody has changed a ballot: whoever has one asks whether it is theirs, cast on another device. */
  private mayBeRevised(before: LiveState): boolean {
    return (this.me?.poll?.ballots.some((one) => one.ballot) ?? false) && revisions(this.state) > revisions(before);
  }

  /** Spread over a second, so that a hall full of screens does not ask at one instant. */
  private fetchMeSoon(pause = 1000): void {
    if (this.meTimer) return;
    this.meTimer = window.setTimeout(() => {
      this.meTimer = 0;
      void this.fetchMe();
    }, (pause > 1000 ? pause : 0) + Math.random() * pause);
  }

  private linked(link: Link): void {
    const before = this.link;
    this.link = link;
    if (before.phase === link.phase) return;
    this.lostSince = link.phase === "lost" ? (this.lostSince ?? new Date(this.now())) : null;
    if (before.phase === "lost") void this.fetchMe();
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Only then is `me` asked for again: who waits and who has voted stands in the state itself. */
function mineMayHaveChanged(before: LiveState, after: LiveState): boolean {
  return (
    before.current?.id !== after.current?.id ||
    recused(before) !== recused(after) ||
    before.poll?.id !== after.poll?.id ||
    before.poll?.state !== after.poll?.state
  );
}

const recused = ({ seats }: LiveState): string => seats.filter((seat) => seat.recused).map((seat) => seat.membership_id).join();

/** How many ballots of the open poll were changes of earlier ones. */
function revisions(state: LiveState): number {
  return state.poll?.state === "open" ? state.votes - state.poll.turnout : 0;
}

let page: LiveStore | null = null;

/** The store of this page, made from what the server wrote into it. */
export function store(): LiveStore {
  if (page) return page;
  const source = document.getElementById("live-config")?.textContent;
  if (!source) throw new Error("The page carries no live-config.");
  page = new LiveStore(JSON.parse(source) as LiveConfig);
  return page;
}

/** Redraws its element when the store changes and, while `ticking()`, as the seconds pass. */
export class StoreController implements ReactiveController {
  private readonly host: ReactiveControllerHost;
  private readonly ticking: () => boolean;
  private unsubscribe: (() => void) | null = null;
  private timer = 0;

  constructor(host: ReactiveControllerHost, ticking: () => boolean = () => true) {
    this.host = host;
    this.ticking = ticking;
    host.addController(this);
  }

  hostConnected(): void {
    this.unsubscribe = store().subscribe(() => this.host.requestUpdate());
    // Four looks a second keep every clock in the room on the same figure.
    this.timer = window.setInterval(() => {
      if (this.ticking()) this.host.requestUpdate();
    }, 250);
  }

  hostDisconnected(): void {
    this.unsubscribe?.();
    window.clearInterval(this.timer);
  }
}
