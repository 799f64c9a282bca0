/** The shapes the server pushes and answers with; `meetings/live_types.py` says what each field means. */

export type Side = "for" | "against" | "abstain" | "other" | "option";
export type PollKind = "motion" | "amendment" | "options";

export interface MeetingView {
  readonly id: number;
  readonly title: string;
  readonly title_en: string;
  readonly body: string;
  readonly body_en: string;
  readonly mode: string;
  readonly state: "preparing" | "distributed" | "in_session" | "adjourned" | "cancelled";
  readonly place: string;
  readonly place_en: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly started_at: string | null;
  readonly adjourned_at: string | null;
  readonly delay_seconds: number;
}

export interface Outcome {
  readonly poll_id: number;
  readonly adopted: boolean;
  readonly in_favour: number;
  readonly base: number;
  /** Of several options: the words of the chosen one. */
  readonly chosen?: string;
  readonly chosen_en?: string;
}

/** What a line of the programme says beyond its times. */
/** A vote by roll call on paper; without `poll_id` it waits for the second person. */
export interface RollCallView {
  readonly item_id: number;
  readonly poll_id: number | null;
  readonly held_at: string;
  readonly entered_by: string;
  readonly confirmed_by: string;
}

export interface ItemMarks {
  readonly in_block: boolean;
  readonly pulled_by: readonly { readonly membership_id: number; readonly name: string; readonly stance: string }[];
  readonly against: number;
  readonly adopted_at: string | null;
  readonly reopened: { readonly at: string; readonly reason: string } | null;
  readonly roll_call: RollCallView | null;
}

export interface ProgrammeItem {
  readonly id: number;
  readonly number: number;
  readonly kind: "decision" | "discussion" | "information" | "minutes" | "paper_only";
  readonly title: string;
  readonly title_en: string;
  readonly sponsor: string;
  readonly sponsor_en: string;
  readonly rapporteur: string;
  readonly consent: boolean;
  readonly minutes: number;
  readonly state: "waiting" | "current" | "done" | "postponed";
  readonly planned_at: string;
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly has_conclusion: boolean;
  readonly wishes_to_speak: number;
  readonly outcome: Outcome | null;
  readonly marks: ItemMarks;
}

export interface PaperView {
  readonly version_id: number;
  readonly role: string;
  readonly title: string;
  readonly title_en: string;
  readonly version: number;
  readonly pages: number;
}

export interface CurrentItem {
  readonly id: number;
  readonly number: number;
  readonly kind: ProgrammeItem["kind"];
  readonly title: string;
  readonly title_en: string;
  readonly sponsor: string;
  readonly sponsor_en: string;
  readonly rapporteur: string;
  readonly rapporteur_office: string;
  readonly rapporteur_office_en: string;
  readonly minutes: number;
  readonly started_at: string | null;
  readonly papers: readonly PaperView[];
  readonly draft: PaperView | null;
  readonly conclusion: string;
}

export type FloorKind = "request" | "point_of_order";

export interface Speech {
  readonly item_id: number;
  readonly membership_id: number;
  readonly name: string;
  readonly kind: FloorKind;
  readonly given_at: string;
  readonly seconds: number;
}

interface OnFloor {
  readonly request_id: number;
  readonly membership_id: number;
  readonly name: string;
  readonly office: string;
  readonly office_en: string;
  readonly spoken_seconds: number;
  readonly times: number;
  readonly kind: FloorKind;
  readonly in_place_of: string;
}

export interface Speaker extends OnFloor {
  readonly given_at: string;
  readonly ends_at: string;
  readonly allotted_seconds: number;
}

export interface Waiting extends OnFloor {
  readonly requested_at: string;
}

export interface Floor {
  readonly speaker: Speaker | null;
  readonly queue: readonly Waiting[];
  readonly minutes_per_speech: number;
  readonly wait_seconds: number;
}

export interface AttendanceView {
  readonly members: number;
  readonly present: number;
  readonly remote: number;
  readonly needed: number;
  readonly quorate: boolean;
  readonly represented: number;
}

export type Presence = "expected" | "present" | "remote" | "absent";

export interface Seat {
  readonly membership_id: number;
  readonly name: string;
  readonly office: string;
  readonly office_en: string;
  readonly label: string;
  readonly order: number;
  readonly role: string;
  readonly presence: Presence;
  readonly recused: boolean;
  /** Who votes for them if a poll opens now; empty: nobody. */
  readonly proxy: string;
}

export interface ChoiceView {
  readonly code: string;
  readonly label: string;
  readonly label_en: string;
  readonly side: Side;
}

export interface Count {
  readonly choice: string;
  readonly label: string;
  readonly label_en: string;
  readonly side: Side;
  readonly votes: number;
}

export interface VerdictView {
  readonly adopted: boolean;
  readonly outcome: "adopted" | "rejected" | "no_quorum";
  readonly reason: string;
  readonly sentence: string;
  readonly sentence_en: string;
  readonly in_favour: number;
  readonly needed: number;
  readonly base: number;
  readonly base_kind: string;
  readonly counts: readonly Count[];
  readonly silent: number;
  readonly absent: number;
  readonly recused: number;
}

export interface SeatResult {
  readonly membership_id: number;
  readonly choice: string | null;
  readonly standing: "voted" | "silent" | "absent" | "recused";
  readonly proxy: string;
}

export interface ActingView {
  readonly membership_id: number;
  readonly name: string;
  readonly acting: string;
  readonly acting_user: number;
}

export interface AmendmentView {
  readonly clause: string;
  readonly text: string;
  readonly text_en: string;
}

export interface PollLine {
  readonly id: number;
  readonly kind: PollKind;
  readonly number: number;
  readonly question: string;
  readonly question_en: string;
  readonly closed_at: string | null;
  readonly adopted: boolean;
  readonly in_favour: number;
  readonly base: number;
  readonly chosen: string;
  readonly chosen_en: string;
  readonly superseded: boolean;
  readonly reason: string;
}

export interface PollView {
  readonly id: number;
  readonly mode: "live" | "written" | "roll_call";
  readonly item_id: number;
  readonly kind: PollKind;
  readonly number: number;
  readonly amendment: AmendmentView | null;
  readonly amendments: number;
  readonly revote_of: number | null;
  readonly reason: string;
  readonly text_sha256: string;
  readonly state: "open" | "closed";
  readonly question: string;
  readonly question_en: string;
  readonly text_version: number | null;
  readonly opened_at: string;
  readonly closes_at: string | null;
  readonly closed_at: string | null;
  readonly choices: readonly ChoiceView[];
  readonly electors: number;
  readonly voted: readonly number[];
  readonly turnout: number;
  readonly expected: number;
  readonly needed: number | null;
  readonly base: number | null;
  readonly base_kind: string;
  readonly verdict: VerdictView | null;
  readonly results: readonly SeatResult[];
  readonly proxies: readonly ActingView[];
  /** Running counts, only while open and only where the rule shows them. */
  readonly counts: readonly Count[];
}

export interface ProxyView {
  readonly id: number;
  readonly represented: number;
  readonly acting: number;
  readonly note: string;
  readonly asleep: boolean;
}

export interface DeskView {
  readonly not_voted: readonly number[];
  readonly chair_must_decide: boolean;
  readonly chair_choices: readonly string[];
  readonly proxies: readonly ProxyView[];
  readonly proxies_allowed: number;
  readonly absences: readonly { readonly membership_id: number; readonly reason: string; readonly substitute: string }[];
  readonly stances: Readonly<Record<string, number>>;
  readonly recusals: readonly {
    readonly item_id: number;
    readonly membership_id: number;
    readonly reason: string;
    readonly note: string;
  }[];
  readonly speeches: readonly Speech[];
  readonly roll_calls: readonly RollCallView[];
}

export type Audience = "member" | "observer" | "projector" | "desk";

/** The page of a paper of the current item that who follows sees. */
export interface Presenter {
  readonly version_id: number;
  readonly page: number;
  readonly name: string;
  readonly turns: number;
}

export interface LiveState {
  readonly audience: Audience;
  readonly seq: number;
  readonly votes: number;
  readonly meeting: MeetingView;
  readonly programme: readonly ProgrammeItem[];
  readonly current: CurrentItem | null;
  readonly floor: Floor;
  readonly attendance: AttendanceView;
  readonly seats: readonly Seat[];
  readonly poll: PollView | null;
  readonly presenter: Presenter | null;
  readonly polls: readonly PollLine[];
  readonly desk: DeskView | null;
}

export interface StateFrame {
  readonly type: "state";
  readonly seq: number;
  readonly votes: number;
  readonly pages: number;
  readonly server_now: string;
  readonly state: LiveState;
}

export interface BeatFrame {
  readonly type: "beat";
  readonly seq: number;
  readonly votes: number;
  readonly pages: number;
  readonly server_now: string;
  readonly screens: number;
}

export type Frame = StateFrame | BeatFrame;

export interface ReceiptOut {
  readonly poll_id: number;
  readonly choice: string;
  readonly revision: number;
  readonly cast_at: string;
  readonly receipt: string;
}

/** How new a frame or beat is: every part only grows. */
export interface Head {
  readonly seq: number;
  readonly votes: number;
  readonly pages: number;
}

/** Is frame or beat `a` newer than what `b` told? Greater seq first, then votes, then pages turned. */
export function isNewer(a: Head, b: Head): boolean {
  return a.seq > b.seq || (a.seq === b.seq && (a.votes > b.votes || (a.votes === b.votes && a.pages > b.pages)));
}
