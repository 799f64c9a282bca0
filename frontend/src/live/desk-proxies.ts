/** Votes of absent members: who votes for whom, recorded on a written notice. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../shared/icon";
import type { DeskActs } from "./desk-vote";
import type { LiveStore } from "./store";
import type { ProxyView, Seat } from "./types";
import * as words from "./words";

interface Typed {
  represented: string;
  acting: string;
  note: string;
}

const EMPTY: Typed = { represented: "", acting: "", note: "" };

export class Proxies {
  private typed = EMPTY;
  private readonly room: LiveStore;
  private readonly desk: DeskActs;

  constructor(room: LiveStore, desk: DeskActs) {
    this.room = room;
    this.desk = desk;
  }

  private get inForce(): readonly ProxyView[] {
    return this.room.state.desk?.proxies ?? [];
  }

  private get allowed(): number {
    return this.room.state.desk?.proxies_allowed ?? 0;
  }

  /** Only where the body allows it. */
  button(): TemplateResult | typeof nothing {
    if (this.allowed === 0) return nothing;
    return html`<p class="small">
      <button class="button button--quiet" type="button" @click=${() => this.desk.open("proxies")}>
        ${words.proxiesTitle()} <span class="num">${this.inForce.length}</span>
      </button>
    </p>`;
  }

  dialog(): TemplateResult | typeof nothing {
    if (this.allowed === 0) return nothing;
    const open = this.room.state.poll?.state === "open";
    return html`<dialog id="proxies" class="dialog desk__sheet" aria-labelledby="h-proxies">
      <h2 id="h-proxies">${words.proxiesTitle()}</h2>
      <div class="dialog__body">
        <p>${words.proxiesBody(this.allowed)}</p>
        <ul class="roll">
          ${this.inForce.map((proxy) => this.row(proxy, open))}
        </ul>
        ${this.form()} ${this.desk.error("proxies")}
      </div>
      <p class="actions">
        <button class="button" type="button" @click=${() => this.desk.dialog("proxies")?.close()}>${words.close()}</button>
      </p>
    </dialog>`;
  }

  private nameOf(pk: number): string {
    return this.room.state.seats.find((seat) => seat.membership_id === pk)?.name ?? "";
  }

  private row(proxy: ProxyView, open: boolean): TemplateResult {
    const words_ = words.byProxy(this.nameOf(proxy.represented), this.nameOf(proxy.acting));
    const path = `proxies/${proxy.id}/revoke`;
    return html`<li class="roll__row">
      <span class="roll__who"
        ><b>${words_}</b><small>${[proxy.asleep ? words.asleep() : "", proxy.note].filter(Boolean).join(" · ")}</small></span
      >
      <button
        class="button"
        type="button"
        aria-label=${words.endProxyOf(this.nameOf(proxy.represented))}
        aria-busy=${this.desk.busy(path) ? "true" : "false"}
        ?disabled=${open}
        @click=${() => void this.desk.act(path, {}, "proxies")}
      >
        ${words.endProxy()}
      </button>
    </li>`;
  }

  private form(): TemplateResult {
    const { represented, acting, note } = this.typed;
    const ready = represented !== "" && acting !== "" && note.trim() !== "";
    return html`<div class="desk__question-form">
      ${this.select("represented", words.representedLabel(), (seat) => seat.presence !== "present" && seat.presence !== "remote")}
      ${this.select("acting", words.actingLabel(), (seat) => String(seat.membership_id) !== represented)}
      <label class="field"
        ><span class="field__label">${words.noticeLabel()}</span>
        <input class="field__input" maxlength="200" .value=${live(note)}
          @input=${(event: Event) => this.type({ note: (event.target as HTMLInputElement).value })} />
      </label>
      <p>
        <button
          class="button button--primary"
          type="button"
          aria-busy=${this.desk.busy("proxies") ? "true" : "false"}
          ?disabled=${!ready}
          @click=${() => void this.send()}
        >
          ${icon("plus")} ${words.recordProxy()}
        </button>
      </p>
    </div>`;
  }

  private select(part: "represented" | "acting", label: string, offered: (seat: Seat) => boolean): TemplateResult {
    const value = this.typed[part];
    return html`<label class="field"
      ><span class="field__label">${label}</span>
      <select class="field__input" @change=${(event: Event) => this.type({ [part]: (event.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${value === ""}></option>
        ${this.room.state.seats
          .filter((seat) => offered(seat) || String(seat.membership_id) === value)
          .map(
            (seat) =>
              html`<option value=${seat.membership_id} ?selected=${String(seat.membership_id) === value}>${seat.name}</option>`,
          )}
      </select>
    </label>`;
  }

  private type(part: Partial<Typed>): void {
    this.typed = { ...this.typed, ...part };
    this.desk.changed();
  }

  private async send(): Promise<void> {
    const { represented, acting, note } = this.typed;
    const body = { represented: Number(represented), acting: Number(acting), note: note.trim() };
    if (await this.desk.act("proxies", body, "proxies")) this.type(EMPTY);
  }
}
