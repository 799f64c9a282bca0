import { html, type TemplateResult } from "lit";
import { attendance, type Absence } from "./desk-attendance";
import type { DeskActs } from "./desk-vote";
import type { LiveStore } from "./store";
import type { Presence } from "./types";
import * as words from "./words";

/** The attendance as the secretariat calls the roll. */
export class Roll {
  private readonly marking = new Map<number, Presence>();
  private marks: Promise<unknown> = Promise.resolve();
  private readonly room: LiveStore;
  private readonly desk: DeskActs;
  private readonly send: (path: string, body: unknown, where: string) => Promise<boolean>;

  constructor(room: LiveStore, desk: DeskActs, send: (path: string, body: unknown, where: string) => Promise<boolean>) {
    this.room = room;
    this.desk = desk;
    this.send = send;
  }

  /** Marks follow one another, however fast the roll is called: none is dropped. */
  private mark(ids: readonly number[], presence: Presence, absence: Absence = { reason: "", substitute: "" }): void {
    for (const id of ids) this.marking.set(id, presence);
    this.desk.changed();
    this.marks = this.marks.then(async () => {
      await this.send("presence", { presence, membership_ids: ids, ...absence }, "attendance");
      for (const id of ids) if (this.marking.get(id) === presence) this.marking.delete(id);
      this.desk.changed();
    });
  }

  render(): TemplateResult {
    return html`<dialog id="attendance" class="dialog desk__sheet" aria-labelledby="h-attendance">
      <h2 id="h-attendance">${words.attendance()}</h2>
      <div class="dialog__body">
        ${attendance(this.room.state, { marking: this.marking, mark: (...mark) => this.mark(...mark) })}
        ${this.desk.error("attendance")}
      </div>
      <p class="actions">
        <button class="button" type="button" @click=${() => this.desk.dialog("attendance")?.close()}>${words.close()}</button>
      </p>
    </dialog>`;
  }
}
