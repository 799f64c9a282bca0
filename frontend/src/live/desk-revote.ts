/** Taking a vote again: asks for the reason; the earlier vote stays visible. */
import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { DeskActs } from "./desk-vote";
import type { PollView } from "./types";
import * as words from "./words";

export class Revote {
  private reason = "";
  private readonly desk: DeskActs;

  constructor(desk: DeskActs) {
    this.desk = desk;
  }

  button(): TemplateResult {
    return html`<button class="button button--quiet" type="button" @click=${() => this.desk.open("again")}>
      ${words.voteAgain()}
    </button>`;
  }

  dialog(poll: PollView | null): TemplateResult {
    const closed = poll?.state === "closed" ? poll : null;
    return html`<dialog id="again" class="dialog" aria-labelledby="h-again">
      <h2 id="h-again">${words.voteAgainTitle()}</h2>
      <div class="dialog__body">
        <p>${words.voteAgainBody()}</p>
        <label class="field"
          ><span class="field__label">${words.reason()}</span>
          <input class="field__input" maxlength="200" .value=${live(this.reason)} @input=${this.type} />
        </label>
        ${this.desk.error("again")}
      </div>
      <p class="actions">
        <button
          class="button button--primary button--large"
          type="button"
          aria-busy=${closed && this.desk.busy(`polls/${closed.id}/again`) ? "true" : "false"}
          ?disabled=${!closed || this.reason.trim() === ""}
          @click=${() => void this.send(closed)}
        >
          ${words.voteAgain()}
        </button>
        <button class="button button--large" type="button" @click=${() => this.desk.dialog("again")?.close()}>
          ${words.goBack()}
        </button>
      </p>
    </dialog>`;
  }

  private readonly type = (event: Event): void => {
    this.reason = (event.target as HTMLInputElement).value;
    this.desk.changed();
  };

  private async send(poll: PollView | null): Promise<void> {
    if (!poll || !(await this.desk.act(`polls/${poll.id}/again`, { reason: this.reason.trim() }, "again"))) return;
    this.reason = "";
    this.desk.dialog("again")?.close();
  }
}
