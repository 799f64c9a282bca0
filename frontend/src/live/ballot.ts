/**
 * The ballot on one member's screen, as a pure reducer.
 *
 * The choice lives here and nowhere else: a push can open or close the poll and tell that the
 * connection is gone, but it can never change or redraw what the member has marked.
 */
export interface Receipt {
  readonly choice: string;
  /** ISO 8601, the server's time. */
  readonly cast_at: string;
  /** Short code a member can quote. */
  readonly code: string;
}

export interface Ballot {
  readonly pollId: number | null;
  readonly choice: string | null;
  /** Idempotency key of the choice as marked; a new choice is a new ballot and gets a new key. */
  readonly key: string;
  readonly sending: boolean;
  readonly receipt: Receipt | null;
  /** The member wants to change a ballot already cast. */
  readonly changing: boolean;
  /** What went wrong with the last try, in words. */
  readonly error: string;
}

export type BallotEvent =
  | { readonly kind: "poll"; readonly id: number | null }
  | { readonly kind: "mine"; readonly pollId: number; readonly receipt: Receipt | null }
  | { readonly kind: "choose"; readonly choice: string; readonly key: string }
  | { readonly kind: "send" }
  | { readonly kind: "cast"; readonly pollId: number; readonly receipt: Receipt }
  | { readonly kind: "refused"; readonly error: string }
  | { readonly kind: "change" }
  | { readonly kind: "keep" };

export const NO_BALLOT: Ballot = {
  pollId: null,
  choice: null,
  key: "",
  sending: false,
  receipt: null,
  changing: false,
  error: "",
};

export function nextBallot(ballot: Ballot, event: BallotEvent): Ballot {
  switch (event.kind) {
    case "poll":
      return event.id === ballot.pollId ? ballot : { ...NO_BALLOT, pollId: event.id };
    case "mine":
      // An older answer must not take back a receipt, nor an answer for another poll count here.
      if (event.pollId !== ballot.pollId || ballot.sending || !event.receipt) return ballot;
      if (ballot.receipt && ballot.receipt.cast_at >= event.receipt.cast_at) return ballot;
      return { ...ballot, receipt: event.receipt };
    case "choose":
      if (ballot.sending || ballot.choice === event.choice) return ballot;
      return { ...ballot, choice: event.choice, key: event.key, error: "" };
    case "send":
      return ballot.choice === null || ballot.sending ? ballot : { ...ballot, sending: true, error: "" };
    case "cast":
      if (event.pollId !== ballot.pollId) return ballot;
      return { ...NO_BALLOT, pollId: ballot.pollId, receipt: event.receipt };
    case "refused":
      return { ...ballot, sending: false, error: event.error };
    case "change":
      return ballot.receipt ? { ...ballot, changing: true, choice: null, error: "" } : ballot;
    case "keep":
      return { ...ballot, changing: false, choice: null, error: "" };
  }
}

/** Which face of the ballot is shown. */
export type Face = "before" | "open" | "chosen" | "cast" | "result" | "lost";

export function faceOf(ballot: Ballot, poll: { readonly state: string } | null, connected: boolean): Face {
  if (!poll) return "before";
  if (poll.state !== "open") return "result";
  if (ballot.receipt && !ballot.changing) return "cast";
  if (!connected) return "lost";
  return ballot.choice === null ? "open" : "chosen";
}
