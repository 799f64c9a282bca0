/** Countdown from `ends_at` and `server_now`: nobody sends ticks, and a wrong device clock does not matter. */

export class ServerClock {
  private offset = 0;
  private best = Number.POSITIVE_INFINITY;

  /**
   * Note the server's time at the moment a message arrives. The message that travelled
   * fastest shows the largest server time for its arrival, so the largest offset is the truest.
   */
  note(serverNow: string, deviceNow: number = Date.now()): void {
    const offset = Date.parse(serverNow) - deviceNow;
    if (Number.isNaN(offset)) return;
    // A device clock that was set anew invalidates everything learnt before.
    if (this.best === Number.POSITIVE_INFINITY || offset > this.offset || this.offset - offset > 5000) {
      this.offset = offset;
      this.best = deviceNow;
    }
  }

  now(deviceNow: number = Date.now()): number {
    return deviceNow + this.offset;
  }
}

export interface Countdown {
  /** Whole seconds left, negative in overtime. */
  readonly seconds: number;
  /** `1:48`, or `+0:12` in overtime. */
  readonly text: string;
  readonly over: boolean;
  /** Share of the time that is left, 0 to 1. */
  readonly share: number;
}

export function countdown(startsAt: number, endsAt: number, now: number): Countdown {
  const seconds = Math.ceil((endsAt - now) / 1000);
  const whole = Math.max(1, endsAt - startsAt);
  const share = Math.min(1, Math.max(0, (endsAt - now) / whole));
  const over = seconds < 0;
  return { seconds, text: (over ? "+" : "") + minutes(Math.abs(seconds)), over, share };
}

/** Seconds as `m:ss`, or `h:mm:ss` from an hour on. */
export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (n: number): string => String(n).padStart(2, "0");
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  return h > 0 ? `${h}:${pad(m)}:${pad(whole % 60)}` : `${m}:${pad(whole % 60)}`;
}
