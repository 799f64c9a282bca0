/** Who is here: one row per mandate, with what the secretariat marks. */
import { html, nothing, type TemplateResult } from "lit";
import { office } from "./parts";
import type { LiveState, Presence, Seat } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

export interface Absence {
  readonly reason: string;
  readonly substitute: string;
}

export interface AttendanceActs {
  /** Marks on their way, by membership. */
  readonly marking: ReadonlyMap<number, Presence>;
  readonly mark: (ids: readonly number[], presence: Presence, absence?: Absence) => void;
}

export function attendance(state: LiveState, acts: AttendanceActs): TemplateResult {
  const { present, members, needed } = state.attendance;
  const expected = state.seats.filter((seat) => seat.presence === "expected").map((seat) => seat.membership_id);
  return html`<p>${words.attendanceLine(present, members, needed)}</p>
    ${expected.length > 0
      ? html`<p class="actions">
          <button class="button" type="button" @click=${() => acts.mark(expected, "present")}>
            ${words.allPresent(expected.length)}
          </button>
        </p>`
      : nothing}
    <ol class="roll">
      ${state.seats.map((seat) => row(seat, state, acts))}
    </ol>`;
}

function row(seat: Seat, state: LiveState, acts: AttendanceActs): TemplateResult {
  const marks: Presence[] = state.meeting.mode === "in_person" ? ["present", "absent"] : ["present", "remote", "absent"];
  const absence = state.desk?.absences.find((one) => one.membership_id === seat.membership_id);
  return html`<li class="roll__row">
    <span class="roll__who"><b>${seat.name}</b><small>${office(seat)}</small></span>
    <span class="roll__marks" role="group" aria-label=${words.presenceOf(seat.name)}>
      ${marks.map(
        (mark) =>
          html`<button
            class="button roll__mark"
            type="button"
            aria-pressed=${seat.presence === mark ? "true" : "false"}
            aria-busy=${acts.marking.get(seat.membership_id) === mark ? "true" : "false"}
            @click=${() => acts.mark([seat.membership_id], mark)}
          >
            ${words.presence(mark)}
          </button>`,
      )}
    </span>
    ${seat.presence === "absent" ? away(seat, absence ?? { reason: "", substitute: "" }, acts) : nothing}
  </li>`;
}

/** Why a member is away and who speaks in their place. */
function away(seat: Seat, { reason, substitute }: Absence, acts: AttendanceActs): TemplateResult {
  const save = (part: keyof Absence) => (event: Event) =>
    acts.mark([seat.membership_id], "absent", { reason, substitute, [part]: (event.target as HTMLInputElement).value.trim() });
  return html`<label class="roll__reason"
      ><span>${words.reason()}</span><input class="field__input" maxlength="200" value=${reason} @change=${save("reason")} />
    </label>
    <label class="roll__reason"
      ><span>${told.substitute()}</span
      ><input class="field__input" maxlength="160" value=${substitute} @change=${save("substitute")} />
    </label>`;
}
