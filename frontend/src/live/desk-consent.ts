import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { blockOf, pulledOf, pulledWords } from "./consent";
import type { DeskActs } from "./desk-vote";
import { itemTitle } from "./parts";
import type { LiveStore } from "./store";
import type { ProgrammeItem, Seat } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

/** The consent list on the desk: a preview of what the gavel adopts, and who brought up what. */
export class ConsentList {
  /** The list as it was read out: what has changed since is refused by the server and seen here. */
  private read: readonly number[] = [];
  private readonly pulling = new Map<number, number>();
  private readonly room: LiveStore;
  private readonly desk: DeskActs;

  constructor(room: LiveStore, desk: DeskActs) {
    this.room = room;
    this.desk = desk;
  }

  renderButton(): TemplateResult | typeof nothing {
    const block = blockOf(this.room.state);
    if (this.room.state.meeting.state !== "in_session" || block.length === 0) return nothing;
    return html`<p class="desk__consent">
      <button class="button" type="button" @click=${() => this.ask()}>
        ${icon("gavel")} ${told.consentAdopt(block.length)}
      </button>
    </p>`;
  }

  private ask(): void {
    this.read = blockOf(this.room.state).map((item) => item.id);
    this.desk.open("consent");
  }

  render(): TemplateResult {
    const { state } = this.room;
    const block = blockOf(state);
    const pulled = pulledOf(state);
    const same = block.map((item) => item.id).join() === this.read.join();
    return html`<dialog id="consent" class="dialog dialog--final desk__sheet" aria-labelledby="h-consent">
      <h2 id="h-consent">${told.consentTitle()}</h2>
      <div class="dialog__body">
        <p>${block.length > 0 ? told.consentPreview() : told.consentGone()}</p>
        <ol class="desk__block">
          ${block.map((item) => this.renderItem(item))}
        </ol>
        ${pulled.length > 0
          ? html`<h3 class="label">${told.consentPulled()}</h3>
              <ul class="desk__block">
                ${pulled.map(
                  (item) =>
                    html`<li><span class="muted num">${item.number}</span>
                      <span class="official">${itemTitle(item)}<small>${pulledWords(item)}</small></span></li>`,
                )}
              </ul>`
          : nothing}
        ${this.desk.error("consent")}
      </div>
      <p class="actions">
        ${block.length > 0
          ? html`<button
              class="button button--final button--large"
              type="button"
              aria-busy=${this.desk.busy("consent/adopt") ? "true" : "false"}
              @click=${() => void this.adopt(same)}
            >
              ${icon("gavel")} ${told.consentNow(block.length)}
            </button>`
          : nothing}
        <button class="button button--large" type="button" @click=${() => this.desk.dialog("consent")?.close()}>
          ${words.goBack()}
        </button>
      </p>
    </dialog>`;
  }

  /** An item left the list under the hand: the gavel waits until that was seen. */
  private async adopt(same: boolean): Promise<void> {
    const items = this.read;
    if (!same) {
      this.read = blockOf(this.room.state).map((item) => item.id);
      this.desk.settle();
      return this.desk.changed();
    }
    if (await this.desk.act("consent/adopt", { items }, "consent")) this.desk.dialog("consent")?.close();
  }

  private renderItem(item: ProgrammeItem): TemplateResult {
    const { against } = item.marks;
    return html`<li>
      <span class="muted num">${item.number}</span>
      <span class="official">${itemTitle(item)}${against > 0 ? html`<small>${told.againstBefore(against)}</small>` : nothing}</span>
      <span class="desk__pull">
        <select
          class="field__input"
          aria-label=${told.pullForItem(item.number)}
          @change=${(event: Event) => this.chose(item.id, Number((event.target as HTMLSelectElement).value))}
        >
          <option value="0">${told.chooseMember()}</option>
          ${this.room.state.seats.map((seat) => this.renderOption(seat, item.id))}
        </select>
        <button
          class="button"
          type="button"
          aria-label=${told.pullItem(item.number)}
          aria-busy=${this.desk.busy(`items/${item.id}/pull`) ? "true" : "false"}
          ?disabled=${!this.pulling.get(item.id)}
          @click=${() => void this.pull(item.id)}
        >
          ${icon("hand")} ${told.pull()}
        </button>
      </span>
    </li>`;
  }

  private renderOption(seat: Seat, item: number): TemplateResult {
    return html`<option value=${seat.membership_id} ?selected=${this.pulling.get(item) === seat.membership_id}>
      ${seat.name}
    </option>`;
  }

  private chose(item: number, member: number): void {
    this.pulling.set(item, member);
    this.desk.changed();
  }

  private async pull(item: number): Promise<void> {
    const member = this.pulling.get(item);
    if (member && (await this.desk.act(`items/${item}/pull`, { membership_id: member }, "consent"))) {
      this.pulling.delete(item);
      this.read = blockOf(this.room.state).map((one) => one.id);
    }
  }
}
