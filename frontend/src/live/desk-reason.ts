import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { DeskActs } from "./desk-vote";
import { itemTitle } from "./parts";
import type { ProgrammeItem } from "./types";
import * as words from "./words";
import { reopen, reopenBody, reopenTitle } from "./words-desk";

/** What is done to an item for a reason that goes into the log. */
interface Deed {
  readonly name: "postpone" | "reopen";
  readonly title: (number: number) => string;
  readonly body: () => string;
  readonly button: () => string;
  readonly needed: boolean;
}

export const POSTPONE: Deed = {
  name: "postpone",
  title: words.postponeTitle,
  body: words.postponeBody,
  button: words.postpone,
  needed: false,
};
export const REOPEN: Deed = { name: "reopen", title: reopenTitle, body: reopenBody, button: reopen, needed: true };

/** Puts an item off, or back among those that wait. */
export class WithReason {
  private item: ProgrammeItem | null = null;
  private reason = "";
  private readonly deed: Deed;
  private readonly desk: DeskActs;
  /** Resolves to true once what is written about the item has been saved. */
  private readonly settle: (itemId: number) => Promise<boolean>;

  constructor(deed: Deed, desk: DeskActs, settle: (itemId: number) => Promise<boolean>) {
    this.deed = deed;
    this.desk = desk;
    this.settle = settle;
  }

  ask(item: ProgrammeItem): void {
    this.item = item;
    this.reason = "";
    this.desk.open(this.deed.name);
  }

  render(): TemplateResult {
    const { item, deed } = this;
    return html`<dialog id=${deed.name} class="dialog" aria-labelledby="h-${deed.name}">
      <h2 id="h-${deed.name}">${deed.title(item?.number ?? 0)}</h2>
      <div class="dialog__body">
        <p class="official">${item ? itemTitle(item) : ""}</p>
        <p>${deed.body()}</p>
        <label class="field"
          ><span class="field__label">${words.reason()}</span>
          <input class="field__input" maxlength="200" ?required=${deed.needed} .value=${live(this.reason)}
            @input=${(event: Event) => {
              this.reason = (event.target as HTMLInputElement).value;
              this.desk.changed();
            }} />
        </label>
        ${this.desk.error(deed.name)}
      </div>
      <p class="actions">
        <button
          class="button button--primary button--large"
          type="button"
          aria-busy=${this.desk.busy(`items/${item?.id ?? 0}/${deed.name}`) ? "true" : "false"}
          ?disabled=${deed.needed && this.reason.trim() === ""}
          @click=${() => void this.act()}
        >
          ${deed.button()}
        </button>
        <button class="button button--large" type="button" @click=${() => this.desk.dialog(deed.name)?.close()}>
          ${words.goBack()}
        </button>
      </p>
    </dialog>`;
  }

  private async act(): Promise<void> {
    const { item, reason, deed } = this;
    if (!item || !(await this.settle(item.id))) return;
    if (await this.desk.act(`items/${item.id}/${deed.name}`, { reason }, deed.name)) this.desk.dialog(deed.name)?.close();
  }
}
