import { backoff, firstLink, isSilent, nextLink, type Link, type LinkEvent } from "./link";
import { isNewer, type BeatFrame, type Frame, type Head, type StateFrame } from "./types";

export interface ConnectionOptions {
  /** Path of the socket, e.g. `/ws/meetings/7/?audience=member`. */
  readonly socketPath: string;
  readonly stateUrl: string;
  readonly onState: (frame: StateFrame) => void;
  readonly onBeat: (beat: BeatFrame) => void;
  /** The server's time, told with an answer over HTTP. */
  readonly onClock: (serverNow: string) => void;
  readonly onLink: (link: Link) => void;
  /** Access has ended: the page goes back to the server, which says why. */
  readonly onRefused: () => void;
}

const POLL_MS = 2000;
const ANSWER_MS = 6000;
/** A beat ahead of the state means a push is under way or lost; this long it is waited for. */
const PUSH_GRACE_MS = 1000;
/** Close codes by which the server says: do not come back. The code 4409, too slow, is no refusal. */
const REFUSED = new Set([4401, 4403, 4404]);

/**
 * Keeps one screen at the newest state: socket, watch on its heartbeat, polling while it is
 * closed. The newest seq wins; a lost push is healed by the next state, beat or poll.
 */
export class Connection {
  link: Link = firstLink(performance.now());
  private newest: Head = { seq: -1, votes: -1, pages: -1 };
  private socket: WebSocket | null = null;
  private reconnectTimer = 0;
  private pollTimer = 0;
  private healTimer = 0;
  private fetching = false;
  private readonly options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.options = options;
  }

  start(initial: StateFrame | null): void {
    if (initial) this.take(initial);
    this.open();
    window.setInterval(() => this.watch(), 1000);
    window.addEventListener("online", () => this.retryNow());
    window.addEventListener("offline", () => this.goOffline());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) this.retryNow();
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && isSilent(this.link, performance.now())) this.retryNow();
    });
  }

  /** The person pressed "try again now", or the device says it is back. */
  retryNow(): void {
    this.open();
    void this.poll();
  }

  /** Ask for the state over HTTP, e.g. after an own command. Never throws. */
  async refresh(): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    try {
      const answer = await fetch(this.options.stateUrl, {
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        cache: "no-cache",
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if ([401, 403, 404].includes(answer.status)) return this.options.onRefused();
      if (!answer.ok) return this.failed();
      this.options.onClock(answer.headers.get("Server-Now") ?? "");
      this.take((await answer.json()) as StateFrame);
      this.note({ kind: "heard", by: "poll", at: performance.now() });
    } catch {
      this.failed();
    } finally {
      this.fetching = false;
    }
  }

  private failed(): void {
    if (this.link.phase !== "live") this.note({ kind: "failed", at: performance.now() });
  }

  private open(): void {
    window.clearTimeout(this.reconnectTimer);
    this.dropSocket();
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}${this.options.socketPath}`);
    this.socket = socket;
    socket.addEventListener("message", (event) => this.receive(socket, String(event.data)));
    socket.addEventListener("close", (event) => this.closed(socket, event.code));
  }

  private receive(socket: WebSocket, data: string): void {
    if (socket !== this.socket) return;
    const frame = JSON.parse(data) as Frame;
    this.note({ kind: "heard", by: "socket", at: performance.now() });
    window.clearTimeout(this.pollTimer);
    this.pollTimer = 0;
    if (frame.type === "state") this.take(frame);
    else this.beat(frame);
  }

  private beat(beat: BeatFrame): void {
    this.options.onBeat(beat);
    if (!isNewer(beat, this.newest) || this.healTimer) return;
    this.healTimer = window.setTimeout(() => {
      this.healTimer = 0;
      if (isNewer(beat, this.newest)) void this.refresh();
    }, PUSH_GRACE_MS);
  }

  private take(frame: StateFrame): void {
    if (!isNewer(frame, this.newest)) return;
    this.newest = { seq: frame.seq, votes: frame.votes, pages: frame.pages };
    this.options.onState(frame);
  }

  private closed(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.socket = null;
    if (REFUSED.has(code)) return this.options.onRefused();
    this.note({ kind: "closed", at: performance.now() });
    this.reconnectTimer = window.setTimeout(() => this.open(), backoff(this.link.attempt));
    if (!this.pollTimer) void this.poll();
  }

  private async poll(): Promise<void> {
    window.clearTimeout(this.pollTimer);
    await this.refresh();
    window.clearTimeout(this.pollTimer);
    if (this.link.phase === "live") return;
    const pause = this.link.phase === "lost" ? backoff(this.link.attempt) : POLL_MS * (0.75 + Math.random() / 2);
    this.pollTimer = window.setTimeout(() => void this.poll(), pause);
  }

  /** A socket can stay "open" for minutes over a dead network: silence closes it. */
  private watch(): void {
    if (this.link.phase !== "live" || !isSilent(this.link, performance.now())) return;
    this.note({ kind: "closed", at: performance.now() });
    this.retryNow();
  }

  private goOffline(): void {
    this.dropSocket();
    this.note({ kind: "offline", at: performance.now() });
    this.reconnectTimer = window.setTimeout(() => this.open(), backoff(this.link.attempt));
    void this.poll();
  }

  private dropSocket(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private note(event: LinkEvent): void {
    this.link = nextLink(this.link, event);
    this.options.onLink(this.link);
  }
}
