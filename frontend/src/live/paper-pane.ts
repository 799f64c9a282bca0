import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { PageElement } from "./element";
import { FOLLOWING, pageToShow, shown, switched, touched, type Follow } from "./follow";
import type { Paper } from "./paper";
import { itemTitle } from "./parts";
import { store, StoreController } from "./store";
import type { PaperView, Presenter } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

/** Below this width there is no middle column and nothing is loaded. */
const WIDE = window.matchMedia("(min-width: 80rem)");
/** Keys that move a page: pressed on the paper they say that the reader reads freely. */
const MOVING = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]);
/** Who presents scrolls; only the page on which the scrolling ends is told. */
const TELL_MS = 250;

/** The paper under discussion, beside the item and the ballot, on wide screens only. */
export class PaperPane extends PageElement {
  private readonly room = store();
  private page = 1;
  private failed = false;
  private showing: number | null = null;
  private paperShown: Paper | null = null;
  private follow: Follow = FOLLOWING;
  /** The paper whose pages this reader turns for everybody. */
  private presenting: number | null = null;
  private telling = 0;

  constructor() {
    super();
    new StoreController(this, () => false);
    WIDE.addEventListener("change", () => this.requestUpdate());
  }

  /** Somebody else's page; one's own is not followed. */
  private get presenter(): Presenter | null {
    return this.presenting === null ? this.room.state.presenter : null;
  }

  private get paper(): PaperView | null {
    const { current } = this.room.state;
    // Withheld from whoever takes no part in the item; the room beside says so.
    if (this.room.me?.recusal?.hides_papers) return null;
    const led = this.follow.following ? this.presenter?.version_id : this.showing;
    return current?.papers.find((paper) => paper.version_id === led) ?? current?.draft ?? current?.papers[0] ?? null;
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
      ${this.renderSwitch()} ${paper ? this.renderPresenting(paper) : nothing}
      ${this.failed ? html`<p class="muted">${words.paperFailed()}</p>` : nothing}
      <div
        class="live__frame"
        tabindex="0"
        role="region"
        aria-label=${paper ? itemTitle(paper) : words.noPaper()}
        @wheel=${this.touched}
        @touchmove=${this.touched}
        @pointerdown=${this.touched}
        @keydown=${(event: KeyboardEvent) => MOVING.has(event.key) && this.touched()}
      ></div>
    </section>`;
  }

  private renderSwitch(): TemplateResult | typeof nothing {
    const { presenter } = this;
    if (!presenter) return nothing;
    return html`<p class="live__switch">
      <button
        class="button"
        type="button"
        aria-pressed=${this.follow.following ? "true" : "false"}
        @click=${() => {
          this.follow = switched(this.follow);
          this.requestUpdate();
        }}
      >
        ${icon("presentation")} ${told.followPresenter()}
      </button>
      <span class="small muted">${this.follow.following ? told.followingNow(presenter.name) : told.presenterAt(presenter.page)}</span>
    </p>`;
  }

  private renderPresenting(paper: PaperView): TemplateResult | typeof nothing {
    if (!this.room.me?.may_present || this.room.state.meeting.state !== "in_session") return nothing;
    return html`<p class="live__switch">
      <button
        class="button"
        type="button"
        aria-pressed=${this.presenting === null ? "false" : "true"}
        ?disabled=${!this.room.connected}
        @click=${() => this.present(this.presenting === null ? paper.version_id : null)}
      >
        ${told.presentMine()}
      </button>
    </p>`;
  }

  private readonly touched = (): void => {
    this.follow = touched(this.follow, this.presenter);
    this.requestUpdate();
  };

  private present(version: number | null): void {
    this.presenting = version;
    this.tell(version);
    this.requestUpdate();
  }

  private tell(version: number | null): void {
    void this.room.command("present", { version_id: version, page: this.page });
  }

  private turned(page: number): void {
    this.page = page;
    this.requestUpdate();
    if (this.presenting === null) return;
    window.clearTimeout(this.telling);
    this.telling = window.setTimeout(() => {
      if (this.presenting !== null) this.tell(this.presenting);
    }, TELL_MS);
  }

  protected override updated(_changed: PropertyValues): void {
    const wanted = WIDE.matches ? (this.paper?.version_id ?? null) : null;
    if (wanted !== this.showing) this.change(wanted);
    else this.followPage();
  }

  private change(wanted: number | null): void {
    this.showing = wanted;
    if (this.presenting !== wanted) this.presenting = null;
    this.paperShown?.letGo();
    this.paperShown = null;
    this.page = 1;
    this.failed = false;
    if (wanted !== null) void this.show(wanted);
  }

  private followPage(): void {
    const { presenter } = this;
    const page = pageToShow(this.follow, presenter);
    if (page === null || !presenter || !this.paperShown || presenter.version_id !== this.showing) return;
    this.follow = shown(this.follow, presenter);
    this.paperShown.goTo(page);
  }

  private async show(version: number): Promise<void> {
    const frame = this.querySelector<HTMLElement>(".live__frame");
    if (!frame) return;
    const { paper_file: file, pdf_assets: assets, pdf_worker: worker } = this.room.config;
    try {
      const { showPaper } = await import("./paper");
      const paper = await showPaper(frame, {
        url: file.replace("0", String(version)),
        assets,
        worker,
        onPage: (page) => this.turned(page),
      });
      if (this.showing !== version) return paper.letGo();
      this.paperShown = paper;
      this.follow = { ...this.follow, turns: 0 };
      this.followPage();
    } catch {
      this.failed = true;
      this.requestUpdate();
    }
  }
}
