import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../shared/icon";
import type { DeskActs } from "./desk-vote";
import { itemTitle } from "./parts";
import type { LiveStore } from "./store";
import type { CurrentItem, PaperView } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

/** On the desk: the page that everybody who follows sees. */
export class Presenting {
  private chosen = 0;
  private readonly room: LiveStore;
  private readonly desk: DeskActs;

  constructor(room: LiveStore, desk: DeskActs) {
    this.room = room;
    this.desk = desk;
  }

  render(item: CurrentItem): TemplateResult | typeof nothing {
    const { presenter } = this.room.state;
    const now = presenter?.version_id ?? this.chosen;
    const paper = item.papers.find((one) => one.version_id === now) ?? item.draft ?? item.papers[0];
    if (!paper) return nothing;
    const page = presenter?.version_id === paper.version_id ? presenter.page : 0;
    return html`<details class="desk__present" ?open=${presenter !== null}>
      <summary>${presenter ? told.presentingNow(presenter.name, presenter.page) : told.presentPaper()}</summary>
      <p class="actions">
        <select class="field__input" aria-label=${told.presentWhich()} .value=${live(String(paper.version_id))}
          @change=${(event: Event) => this.choose(Number((event.target as HTMLSelectElement).value))}>
          ${item.papers.map((one) => html`<option value=${one.version_id}>${words.paperWords(itemTitle(one), one.version)}</option>`)}
        </select>
        ${this.step(paper, page - 1, told.pageBefore(), "arrow-left")}
        <span class="num">${page > 0 ? words.pageOf(page, paper.pages) : words.pagesOf(paper.pages)}</span>
        ${this.step(paper, page + 1, told.pageAfter(), "arrow-right")}
        ${presenter
          ? html`<button class="button button--quiet" type="button" @click=${() => this.show(null, 1)}>${told.presentEnd()}</button>`
          : nothing}
      </p>
      ${this.desk.error("present")}
    </details>`;
  }

  private step(paper: PaperView, page: number, label: string, sign: string): TemplateResult {
    return html`<button
      class="button button--icon"
      type="button"
      aria-label=${label}
      ?disabled=${page < 1 || page > paper.pages}
      @click=${() => this.show(paper.version_id, page)}
    >
      ${icon(sign)}
    </button>`;
  }

  private choose(version: number): void {
    this.chosen = version;
    if (this.room.state.presenter) this.show(version, 1);
    else this.desk.changed();
  }

  private show(version_id: number | null, page: number): void {
    void this.desk.act("present", { version_id, page }, "present");
  }
}
