import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { minutes } from "./clock";
import type { DeskActs } from "./desk-vote";
import { itemTitle } from "./parts";
import { byItem, byMember, silent, speakable, type Spoken } from "./speaking";
import type { LiveStore } from "./store";
import * as words from "./words";
import * as told from "./words-desk";

/** Speaking time of the whole meeting, and the secretariat's own hand on the list of speakers. */
export class SpeakingTimes {
  private member = 0;
  private point = false;
  private readonly room: LiveStore;
  private readonly desk: DeskActs;

  constructor(room: LiveStore, desk: DeskActs) {
    this.room = room;
    this.desk = desk;
  }

  renderButton(): TemplateResult {
    return html`<p>
      <button class="button button--quiet" type="button" @click=${() => this.desk.open("speaking")}>${told.speakingTimes()}</button>
    </p>`;
  }

  render(): TemplateResult {
    const { state } = this.room;
    const quiet = silent(state);
    const names = new Map(state.desk?.speeches.map((speech) => [speech.membership_id, speech.name]));
    for (const seat of state.seats) names.set(seat.membership_id, seat.name);
    const items = new Map(state.programme.map((item) => [item.id, `${item.number}. ${itemTitle(item)}`]));
    return html`<dialog id="speaking" class="dialog desk__sheet" aria-labelledby="h-speaking">
      <h2 id="h-speaking">${told.speakingTimes()}</h2>
      <div class="dialog__body">
        ${state.current && state.meeting.state === "in_session" ? this.renderAdd() : nothing} ${this.desk.error("speaking")}
        ${table(told.byMember(), byMember(state), names)} ${table(told.byItem(), byItem(state), items)}
        ${quiet.length > 0
          ? html`<h3 class="label">${told.notSpokenYet()}</h3>
              <p>${words.names(quiet.map((seat) => seat.name))}</p>`
          : nothing}
      </div>
      <p class="actions">
        <button class="button" type="button" @click=${() => this.desk.dialog("speaking")?.close()}>${words.close()}</button>
      </p>
    </dialog>`;
  }

  private renderAdd(): TemplateResult {
    const chose = ({ target }: Event): void => {
      this.member = Number((target as HTMLSelectElement).value);
      this.desk.changed();
    };
    const point = ({ target }: Event): void => {
      this.point = (target as HTMLInputElement).checked;
    };
    return html`<div class="desk__recuse">
      <label class="field"
        ><span class="field__label">${told.addSpeaker()}</span>
        <select class="field__input" .value=${live(String(this.member))} @change=${chose}>
          <option value="0">${told.chooseMember()}</option>
          ${speakable(this.room.state).map(
            (one) =>
              html`<option value=${one.id}>
                ${one.substitute ? told.substituteOf(one.substitute, one.name) : one.name}
              </option>`,
          )}
        </select>
        <span class="field__hint">${told.substituteLaw()}</span>
      </label>
      <label class="choice"
        ><input type="checkbox" .checked=${live(this.point)} @change=${point} /><span>${told.pointOfOrder()}</span></label
      >
      <button
        class="button button--primary"
        type="button"
        aria-busy=${this.desk.busy("floor/request") ? "true" : "false"}
        ?disabled=${!this.member}
        @click=${() => void this.add()}
      >
        ${told.addToQueue()}
      </button>
    </div>`;
  }

  private async add(): Promise<void> {
    const body = { membership_id: this.member, kind: this.point ? "point_of_order" : "request" };
    if (!(await this.desk.act("floor/request", body, "speaking"))) return;
    this.member = 0;
    this.point = false;
    this.desk.changed();
  }
}

function table(title: string, rows: readonly Spoken[], names: ReadonlyMap<number, string>): TemplateResult {
  return html`<h3 class="label">${title}</h3>
    ${rows.length === 0
      ? html`<p class="muted">${told.nobodySpoke()}</p>`
      : html`<ul class="desk__block">
          ${rows.map(
            (row) =>
              html`<li>
                <span></span><span>${names.get(row.id) ?? ""}</span>
                <span class="num">${told.speechOf(row.times, minutes(row.seconds))}</span>
              </li>`,
          )}
        </ul>`}`;
}
