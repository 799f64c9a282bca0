import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { DeskActs } from "./desk-vote";
import { itemTitle } from "./parts";
import type { ProgrammeItem } from "./types";
import * as words from "./words";

/** Puts an item off, with the reason that goes into the log. */
export class Postponing {
  private item: ProgrammeItem | null = null;
  private reason = "";
  private readonly desk: DeskActs;
  /** Resolves to true once what is written about the item has been saved. */
  private readonly settle: (itemId: number) => Promise<boolean>;

  constructor(desk: DeskActs, settle: (itemId: number) => Promise<boolean>) {
    this.desk = desk;
    this.settle = settle;
  }

  ask(item: ProgrammeItem): void {
    this.item = item;
    this.reason = "";
    this.desk.open("postpone");
  }

  render(): TemplateResult {
    const { item } = this;
    return html`<dialog id="postpone" class="dialog" aria-labelledby="h-postpone">
      <h2 id="h-postpone">${words.postponeTitle(item?.number ?? 0)}</h2>
      <div class="dialog__body">
        <p class="official">${item ? itemTitle(item) : ""}</p>
        <p>${words.postponeBody()}</p>
        <label class="field"
          ><span class="field__label">${words.reason()}</span>
          <input class="field__input" maxlength="200" .value=${live(this.reason)}
            @input=${(event: Event) => (this.reason = (event.target as HTMLInputElement).value)} />
        </label>
        ${this.desk.error("postpone")}
      </div>
      <p class="actions">
        <button
          class="button button--primary button--large"
          type="button"
          aria-busy=${this.desk.busy(`items/${item?.id ?? 0}/postpone`) ? "true" : "false"}
          @click=${() => void this.postpone()}
        >
          ${words.postpone()}
        </button>
        <button class="button button--large" type="button" @click=${() => this.desk.dialog("postpone")?.close()}>
          ${words.goBack()}
        </button>
      </p>
    </dialog>`;
  }

  private async postpone(): Promise<void> {
    const { item, reason } = this;
    if (!item || !(await this.settle(item.id))) return;
    if (await this.desk.act(`items/${item.id}/postpone`, { reason }, "postpone")) this.desk.dialog("postpone")?.close();
  }
}
