import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { DeskActs } from "./desk-vote";
import type { LiveStore } from "./store";
import type { CurrentItem, Seat } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

/** On the desk: which members take no part in the item on the table, and why. */
export class Recusals {
  private member = 0;
  private reason = "";
  private note = "";
  private readonly room: LiveStore;
  private readonly desk: DeskActs;

  constructor(room: LiveStore, desk: DeskActs) {
    this.room = room;
    this.desk = desk;
  }

  private get recused(): readonly Seat[] {
    return this.room.state.seats.filter((seat) => seat.recused);
  }

  renderButton(): TemplateResult {
    return html`<button class="button button--quiet" type="button" @click=${() => this.desk.open("recusals")}>
      ${told.recusalButton(this.recused.length)}
    </button>`;
  }

  render(): TemplateResult {
    const { current } = this.room.state;
    return html`<dialog id="recusals" class="dialog desk__sheet" aria-labelledby="h-recusals">
      <h2 id="h-recusals">${told.recusalTitle()}</h2>
      <div class="dialog__body">
        <p>${told.recusalLaw()}</p>
        ${this.recused.length === 0
          ? html`<p class="muted">${told.recusalNone()}</p>`
          : html`<ul class="desk__block">
              ${this.recused.map((seat) => this.renderOne(seat, current))}
            </ul>`}
        ${current ? this.renderForm(current) : nothing} ${this.desk.error("recusals")}
      </div>
      <p class="actions">
        <button class="button" type="button" @click=${() => this.desk.dialog("recusals")?.close()}>${words.close()}</button>
      </p>
    </dialog>`;
  }

  private renderOne(seat: Seat, current: CurrentItem | null): TemplateResult {
    const { desk } = this.room.state;
    const row = desk?.recusals.find((one) => one.item_id === current?.id && one.membership_id === seat.membership_id);
    const why = row ? [told.recusalReason(row.reason), row.note].filter(Boolean).join(": ") : "";
    const path = `items/${current?.id ?? 0}/recusal/take-back`;
    return html`<li>
      <span></span><span><b>${seat.name}</b><small>${why}</small></span>
      <button
        class="button"
        type="button"
        aria-label=${told.takesPartAgainName(seat.name)}
        @click=${() => void this.desk.act(path, { membership_id: seat.membership_id }, "recusals")}
      >
        ${told.takesPartAgain()}
      </button>
    </li>`;
  }

  private renderForm(current: CurrentItem): TemplateResult {
    const others = this.room.state.seats.filter((seat) => !seat.recused);
    const path = `items/${current.id}/recusal`;
    return html`<div class="desk__recuse">
      <label class="field"
        ><span class="field__label">${told.recusalWho()}</span>
        <select class="field__input" .value=${live(String(this.member))} @change=${this.chose("member")}>
          <option value="0">${told.chooseMember()}</option>
          ${others.map((seat) => html`<option value=${seat.membership_id}>${seat.name}</option>`)}
        </select>
      </label>
      ${reasons(this.reason, this.chose("reason"), "desk-reason")}
      <label class="field"
        ><span class="field__label">${told.recusalNote()}</span>
        <input class="field__input" maxlength="200" .value=${live(this.note)} @input=${this.chose("note")} />
      </label>
      <button
        class="button button--primary"
        type="button"
        aria-busy=${this.desk.busy(path) ? "true" : "false"}
        ?disabled=${!this.member || !this.reason}
        @click=${() => void this.record(path)}
      >
        ${told.recusalRecord()}
      </button>
    </div>`;
  }

  private chose(part: "member" | "reason" | "note"): (event: Event) => void {
    return ({ target }) => {
      const { value } = target as HTMLInputElement;
      if (part === "member") this.member = Number(value);
      else this[part] = value;
      this.desk.changed();
    };
  }

  private async record(path: string): Promise<void> {
    const body = { membership_id: this.member, reason: this.reason, note: this.note.trim() };
    if (!(await this.desk.act(path, body, "recusals"))) return;
    this.member = 0;
    this.reason = "";
    this.note = "";
    this.desk.changed();
  }
}

/** The class of reason as radio buttons; used by the member's own room too. */
export function reasons(chosen: string, change: (event: Event) => void, name: string): TemplateResult {
  return html`<fieldset class="desk__reasons">
    <legend class="field__label">${words.reason()}</legend>
    ${told.recusalReasons.map(
      (code) =>
        html`<label class="choice"
          ><input type="radio" name=${name} value=${code} .checked=${live(chosen === code)} @change=${change} /><span
            >${told.recusalReason(code)}</span
          ></label
        >`,
    )}
  </fieldset>`;
}
