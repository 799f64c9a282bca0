// What concerns one person in the live room: GET …/me (meetings/my_types.py).

import type { Presence } from "./types";

export interface MyBallot {
  readonly choice: string;
  readonly revision: number;
  readonly cast_at: string;
  readonly receipt: string;
}

/** One mandate this person votes for: the own one, or by proxy. */
export interface MyMandateBallot {
  readonly membership_id: number;
  readonly name: string;
  readonly own: boolean;
  readonly acting: string;
  readonly may_cast: boolean;
  readonly why_not: "absent" | "recused" | "represented" | "closed" | null;
  readonly ballot: MyBallot | null;
  readonly proof: { readonly index: number; readonly size: number; readonly url: string } | null;
}

export interface Me {
  readonly seq: number;
  readonly user_id: number;
  readonly mandate: {
    readonly membership_id: number;
    readonly role: string;
    readonly name: string;
    readonly office: string;
    readonly office_en: string;
    readonly votes: boolean;
    readonly presence: Presence;
  } | null;
  readonly can_run_desk: boolean;
  readonly is_chair: boolean;
  readonly may_vote: boolean;
  readonly step_up: { readonly fresh: boolean; readonly url: string };
  readonly floor: { readonly request_id: number; readonly state: "waiting" | "speaking"; readonly place: number } | null;
  readonly poll: {
    readonly id: number;
    readonly may_cast: boolean;
    readonly why_not: "not_elector" | "absent" | "recused" | "represented" | "closed" | null;
    readonly ballot: MyBallot | null;
    readonly ballots: readonly MyMandateBallot[];
  } | null;
  readonly position: { readonly stance: string; readonly comment: string; readonly stated_at: string } | null;
  readonly recusal: {
    readonly reason: string;
    readonly note: string;
    readonly may_take_back: boolean;
    readonly hides_papers: boolean;
  } | null;
  readonly may_present: boolean;
}
