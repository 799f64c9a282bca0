import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { PageElement } from "./element";
import { itemTitle } from "./parts";
import { store, StoreController } from "./store";
import type { PaperView } from "./types";
import * as words from "./words";

/** Below this width there is no middle column and nothing is loaded. */
const WIDE = window.matchMedia("(min-width: 80rem)");

/** The paper under discussion, beside the item and the ballot, on wide screens only. */
export class PaperPane extends PageElement {
  private readonly room = store();
  private page = 1;
  private failed = false;
  private shown: number | null = null;
  private letGo: (() => void) | null = null;

  constructor() {
    super();
    new StoreController(this, () => false);
    WIDE.addEventListener("change", () => this.requestUpdate());
  }

  private get paper(): PaperView | null {
    const { current } = this.room.state;
    // Withheld from whoever takes no part in the item; the room beside says so.
    if (this.room.me?.recusal?.hides_papers) return null;
    return current?.draft ?? current?.papers[0] ?? null;
  }

  protected override render(): TemplateResult {
    const paper = this.paper;
    return html`<section class="live__page" aria-label=${words.paperOnScreen()}>
      ${paper
        ? html`<p class="live__follow">
            <span class="live__paper-name"
              ><b>${words.paperWords(itemTitle(paper), paper.version)}</b>
              <span class="small muted">${words.pageOf(this.page, paper.pages)}</span></span
            >
            <a class="button" href=${this.room.config.paper.replace("0", String(paper.version_id))}
              >${words.readFreely()}</a
            >
          </p>`
        : html`<p class="muted">${words.noPaper()}</p>`}
      ${this.failed ? html`<p class="muted">${words.paperFailed()}</p>` : nothing}
      <div class="live__frame" tabindex="0" role="region" aria-label=${paper ? itemTitle(paper) : words.noPaper()}></div>
    </section>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const wanted = WIDE.matches ? (this.paper?.version_id ?? null) : null;
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.letGo?.();
    this.letGo = null;
    this.page = 1;
    this.failed = false;
    if (wanted !== null) void this.show(wanted);
  }

  private async show(version: number): Promise<void> {
    const frame = this.querySelector<HTMLElement>(".live__frame");
    if (!frame) return;
    const { paper_file: file, pdf_assets: assets, pdf_worker: worker } = this.room.config;
    try {
      const { showPaper } = await import("./paper");
      const letGo = await showPaper(frame, {
        url: file.replace("0", String(version)),
        assets,
        worker,
        onPage: (page) => {
          this.page = page;
          this.requestUpdate();
        },
      });
      if (this.shown === version) this.letGo = letGo;
      else letGo();
    } catch {
      this.failed = true;
      this.requestUpdate();
    }
  }
}
