import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import type { RoomActs } from "./ballot-card";
import type { LiveStore } from "./store";
import * as words from "./words";

/** Who speaks here and is not marked as present says so with one press. */
export class CheckIn {
  private readonly room: LiveStore;
  private readonly host: RoomActs;

  constructor(room: LiveStore, host: RoomActs) {
    this.room = room;
    this.host = host;
  }

  /** Where I am marked: the state everybody gets is newer than what was fetched about me. */
  private get presence(): string {
    const me = this.room.me?.mandate;
    const seat = this.room.state.seats.find((one) => one.membership_id === me?.membership_id);
    return seat?.presence ?? me?.presence ?? "";
  }

  get may(): boolean {
    return this.room.speaks && (this.presence === "expected" || this.presence === "absent");
  }

  render(): TemplateResult | typeof nothing {
    if (!this.room.speaks) return nothing;
    if (!this.may) {
      return html`<p class="ballot__mine">${icon("check")}<span>${words.checkedIn(this.presence === "remote")}</span></p>`;
    }
    return html`<p class="ballot__mine">${icon("info")}<span>${words.checkInWhy(this.room.me?.mandate?.votes ?? false)}</span></p>
      ${this.renderButtons()}`;
  }

  renderButtons(): TemplateResult {
    const { mode } = this.room.state.meeting;
    return html`<div class="ballot__checkin">
        ${mode === "remote" ? nothing : this.button("present", words.checkIn(), true)}
        ${mode === "in_person" ? nothing : this.button("remote", words.checkInRemote(), mode === "remote")}
      </div>`;
  }

  private button(presence: string, label: string, primary: boolean): TemplateResult {
    return html`<button
      class="button button--block ${primary ? "button--primary button--large" : ""}"
      type="button"
      aria-busy=${this.host.busy("presence") ? "true" : "false"}
      ?disabled=${!this.room.connected}
      @click=${() => this.host.act("presence", { presence })}
    >
      ${label}
    </button>`;
  }
}
