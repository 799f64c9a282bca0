/**
 * What the screen knows about its connection, as a pure reducer.
 *
 * A socket is only a hint: the page is "live" while pushes arrive, "polling" while it asks
 * over HTTP instead, and "lost" when neither works. Times are milliseconds of one steady clock.
 */
export type Phase = "connecting" | "live" | "polling" | "lost";

export interface Link {
  readonly phase: Phase;
  /** When the server was last heard, by push, heartbeat or answer. */
  readonly heardAt: number;
  /** When contact was lost; null while there is contact. */
  readonly lostAt: number | null;
  /** Failed tries in a row, for the back-off. */
  readonly attempt: number;
}

export type LinkEvent =
  | { readonly kind: "heard"; readonly by: "socket" | "poll"; readonly at: number }
  | { readonly kind: "closed"; readonly at: number }
  | { readonly kind: "failed"; readonly at: number }
  | { readonly kind: "offline"; readonly at: number };

/** The heartbeat comes every 2 s; after 5 s of silence the socket counts as dead, whatever it says. */
export const SILENCE_MS = 5000;

export function firstLink(now: number): Link {
  return { phase: "connecting", heardAt: now, lostAt: null, attempt: 0 };
}

export function nextLink(link: Link, event: LinkEvent): Link {
  switch (event.kind) {
    case "heard":
      return heard(link, event.by, event.at);
    case "closed":
      // Not yet a loss: the next poll decides whether HTTP still works.
      return link.phase === "lost"
        ? { ...link, attempt: link.attempt + 1 }
        : { ...link, phase: link.phase === "live" ? "connecting" : link.phase, attempt: link.attempt + 1 };
    case "failed":
    case "offline":
      return { ...link, phase: "lost", lostAt: link.lostAt ?? event.at, attempt: link.attempt + 1 };
  }
}

function heard(link: Link, by: "socket" | "poll", at: number): Link {
  if (by === "socket") return { phase: "live", heardAt: at, lostAt: null, attempt: 0 };
  // An answer over HTTP never calls a page live again: only the socket does.
  return {
    ...link,
    phase: link.phase === "live" ? "live" : "polling",
    heardAt: at,
    lostAt: null,
  };
}

export function isSilent(link: Link, now: number): boolean {
  return now - link.heardAt > SILENCE_MS;
}

/** Waiting time before the next try: doubles up to 8 s, with full jitter so that a thousand screens do not knock together. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(8000, 400 * 2 ** Math.min(attempt, 6));
  return 150 + random() * ceiling;
}
