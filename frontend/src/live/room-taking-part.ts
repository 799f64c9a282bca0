import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../shared/icon";
import { blockOf } from "./consent";
import { reasons } from "./desk-recusal";
import { itemTitle } from "./parts";
import type { LiveStore } from "./store";
import type { ProgrammeItem } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

export interface TakingPartActs {
  readonly act: (path: string, body: unknown) => Promise<boolean>;
  readonly busy: (path: string) => boolean;
  readonly changed: () => void;
  readonly dialog: () => HTMLDialogElement | null;
}

/** A member's own say beside the ballot: bring up an item of the consent list, take no part in an item. */
export class TakingPart {
  private reason = "";
  private note = "";
  private readonly room: LiveStore;
  private readonly host: TakingPartActs;

  constructor(room: LiveStore, host: TakingPartActs) {
    this.room = room;
    this.host = host;
  }

  private get acts(): boolean {
    const { state, me } = this.room;
    return (me?.mandate?.votes ?? false) && (state.meeting.state === "in_session" || state.meeting.state === "distributed");
  }

  // ── the consent list ──

  renderConsent(): TemplateResult | typeof nothing {
    const block = blockOf(this.room.state);
    if (!this.acts || block.length === 0) return nothing;
    return html`<details class="live__more">
      <summary>${told.consentHint(block.length)}</summary>
      <ul>
        ${block.map((item) => this.renderItem(item))}
      </ul>
    </details>`;
  }

  private renderItem(item: ProgrammeItem): TemplateResult {
    const path = `items/${item.id}/pull`;
    return html`<li>
      <span>${item.number}. ${itemTitle(item)}</span>
      <button
        class="button"
        type="button"
        aria-label=${told.pullItem(item.number)}
        aria-busy=${this.host.busy(path) ? "true" : "false"}
        ?disabled=${!this.room.connected}
        @click=${() => void this.host.act(path, {})}
      >
        ${icon("hand")} ${told.pull()}
      </button>
    </li>`;
  }

  // ── taking no part ──

  /** The seat says it to everybody: newer than what was fetched about me. */
  get recused(): boolean {
    const me = this.room.me?.mandate?.membership_id;
    return this.room.state.seats.some((seat) => seat.membership_id === me && seat.recused);
  }

  get hidesPapers(): boolean {
    return this.recused && (this.room.me?.recusal?.hides_papers ?? false);
  }

  renderRecusal(): TemplateResult | typeof nothing {
    const { current, poll } = this.room.state;
    if (!current || !this.acts) return nothing;
    if (this.recused) return this.renderRecused(current.id);
    if (poll) return nothing;
    return html`<p>
        <button class="button button--quiet" type="button" @click=${() => this.host.dialog()?.showModal()}>
          ${told.recuseMe()}
        </button>
      </p>
      ${this.renderDialog(current.id)}`;
  }

  private renderRecused(item: number): TemplateResult {
    const path = `items/${item}/recusal/take-back`;
    const back = this.room.me?.recusal?.may_take_back && !this.room.state.poll;
    return html`<div class="live__recused">
      <p>${icon("info")} <span><b>${told.recusedMe()}</b> ${this.hidesPapers ? told.papersWithheld() : nothing}</span></p>
      ${back
        ? html`<button
            class="button"
            type="button"
            aria-busy=${this.host.busy(path) ? "true" : "false"}
            ?disabled=${!this.room.connected}
            @click=${() => void this.host.act(path, {})}
          >
            ${told.takePartAgain()}
          </button>`
        : nothing}
    </div>`;
  }

  private renderDialog(item: number): TemplateResult {
    const path = `items/${item}/recusal`;
    const chose = ({ target }: Event): void => {
      this.reason = (target as HTMLInputElement).value;
      this.host.changed();
    };
    return html`<dialog id="recuse" class="dialog" aria-labelledby="h-recuse">
      <h2 id="h-recuse">${told.recuseMeTitle()}</h2>
      <div class="dialog__body desk__recuse">
        <p>${told.recuseMeBody()}</p>
        ${reasons(this.reason, chose, "my-reason")}
        <label class="field"
          ><span class="field__label">${told.recusalNote()}</span>
          <input class="field__input" maxlength="200" .value=${live(this.note)}
            @input=${(event: Event) => (this.note = (event.target as HTMLInputElement).value)} />
        </label>
      </div>
      <p class="actions">
        <button
          class="button button--primary button--large"
          type="button"
          aria-busy=${this.host.busy(path) ? "true" : "false"}
          ?disabled=${!this.reason || !this.room.connected}
          @click=${() => void this.recuse(path)}
        >
          ${told.recuseMeDo()}
        </button>
        <button class="button button--large" type="button" @click=${() => this.host.dialog()?.close()}>
          ${words.goBack()}
        </button>
      </p>
    </dialog>`;
  }

  private async recuse(path: string): Promise<void> {
    const body = { reason: this.reason, note: this.note.trim() };
    this.host.dialog()?.close();
    if (!(await this.host.act(path, body))) return;
    this.reason = "";
    this.note = "";
  }
}
