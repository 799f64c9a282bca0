/**
 * <ec-reader>: brings the pages of a PDF into the frame the server drew, and the frame to life.
 *
 * Attributes, all set by the server: src, size (bytes), pages, key (what is remembered under), start (page),
 * query (words to find at once), changed ("1,5,9"), receipt (where reading is told, may be missing), assets
 * (folder of PDF.js), worker (its script), signed (the file carries signatures). Without scripts the frame's link to the file itself remains.
 */
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { ReactiveElement, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Desk, LEAST_ZOOM, MOST_ZOOM } from "./desk";
import { Finder, type Findings } from "./finder";
import type { Hit } from "./fold";
import { marginsOf, type Crop, type Size } from "./leaf";
import { listenToPinch } from "./pinch";
import { Rail } from "./rail";
import { Receipts } from "./receipts";
import { RangeTransport } from "./transport";

/** One request brings this many bytes: few round trips on a far network, little waste on a long paper. */
const CHUNK = 256 * 1024;
const STEP = 1.25;

const isSamePlace = (a: Hit, b: Hit): boolean =>
  a.page === b.page && a.from.run === b.from.run && a.from.offset === b.from.offset;

type Panel = "" | "rail" | "side" | "find";

@customElement("ec-reader")
export class EcReader extends ReactiveElement {
  @property() src = "";
  @property({ type: Number }) size = 0;
  @property() key = "";
  @property({ type: Number }) start = 0;
  @property() query = "";
  @property() changed = "";
  @property() receipt = "";
  @property() assets = "";
  @property() worker = "";
  @property({ type: Boolean }) signed = false;
  @state() private page = 0;
  @state() private panel: Panel = "";
  @state() private tab = "";
  @state() private found: Findings | undefined;
  @state() private hit = 0;

  #desk: Desk | undefined;
  #rail: Rail | undefined;
  #finder: Finder | undefined;
  #receipts: Receipts | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.classList.add("is-on");
    this.#listen();
    void this.#open().catch((error: unknown) => this.#fail(error));
  }

  protected override update(changed: PropertyValues): void {
    super.update(changed);
    this.dataset.panel = this.panel;
    if (changed.has("page")) this.#showPage();
    if (changed.has("found") || changed.has("hit")) this.#showFindings();
    if (changed.has("tab")) this.#showTab();
    for (const button of this.#all<HTMLElement>("[data-open]")) {
      button.setAttribute("aria-expanded", String(button.dataset.open === this.panel));
    }
  }

  #one<T extends HTMLElement>(selector: string): T | null {
    return this.querySelector<T>(selector);
  }

  #all<T extends HTMLElement>(selector: string): NodeListOf<T> {
    return this.querySelectorAll<T>(selector);
  }

  async #open(): Promise<void> {
    GlobalWorkerOptions.workerSrc = this.worker;
    const task = getDocument({
      range: new RangeTransport(this.src, this.size, (error) => this.#fail(error)),
      rangeChunkSize: CHUNK,
      disableAutoFetch: true,
      disableStream: true,
      enableXfa: false,
      cMapUrl: `${this.assets}cmaps/`,
      standardFontDataUrl: `${this.assets}standard_fonts/`,
      wasmUrl: `${this.assets}wasm/`,
      iccUrl: `${this.assets}iccs/`,
    });
    const pdf = await task.promise;
    const wanted = this.#wantedPage(pdf.numPages);
    const page = await pdf.getPage(wanted);
    const { width, height } = page.getViewport({ scale: 1 });
    // Marks of a signature may stand in the margin: a signed paper is always shown whole.
    const crop = this.signed ? undefined : marginsOf(await page.getTextContent(), { width, height });
    this.#furnish(pdf, { width, height }, crop);
    this.#desk?.goTo(wanted);
    this.#say("");
    if (this.query) void this.#search(this.query);
  }

  #furnish(pdf: PDFDocumentProxy, size: Size, crop: Crop | undefined): void {
    const [scroller, pages] = [this.#one("[data-desk]"), this.#one("[data-pages]")];
    const [rail, thumbs] = [this.#one("[data-rail]"), this.#one("[data-thumbs]")];
    if (!scroller || !pages || !rail || !thumbs) return;
    const changed = new Set(this.changed.split(",").filter(Boolean).map(Number));
    this.#finder = new Finder(pdf);
    if (this.receipt) this.#receipts = new Receipts(this.receipt, `${this.key}:seen`);
    this.#rail = new Rail(rail, thumbs, pdf, size, changed, (page) => this.#go(page));
    this.#desk = new Desk(
      scroller,
      pages,
      pdf,
      size,
      crop,
      changed,
      (page) => (this.page = page),
      (error) => this.#fail(error),
      () => this.#rail?.start(),
    );
    listenToPinch(scroller, this.#desk);
  }

  /** The page asked for by the address, else where reading stopped on this device, else where the server knows. */
  #wantedPage(count: number): number {
    const asked = Number(new URLSearchParams(location.search).get("page"));
    const kept = Number(localStorage.getItem(`${this.key}:page`));
    const page = asked || kept || this.start || 1;
    return Math.min(Math.max(1, Math.trunc(page)), count);
  }

  #go(page: number): void {
    this.panel = "";
    this.#desk?.goTo(page);
    this.#one("[data-desk]")?.focus({ preventScroll: true });
  }

  #showPage(): void {
    if (!this.page) return;
    this.#rail?.mark(this.page);
    this.#receipts?.at(this.page);
    localStorage.setItem(`${this.key}:page`, String(this.page));
    const address = new URL(location.href);
    address.searchParams.set("page", String(this.page));
    history.replaceState(history.state, "", address);
    for (const place of this.#all("[data-page-now]")) {
      if (place instanceof HTMLInputElement) place.value = String(this.page);
      else place.textContent = String(this.page);
    }
  }

  async #search(words: string): Promise<void> {
    this.#finder?.stop();
    this.found = undefined;
    this.hit = 0;
    if (words.trim().length < 2) {
      await this.#desk?.show(undefined, undefined, false);
      return;
    }
    let moved = false;
    await this.#finder?.search(words, this.page || 1, (found) => {
      const before = this.found?.hits[this.hit];
      this.found = found;
      const same = before ? found.hits.findIndex((hit) => isSamePlace(hit, before)) : -1;
      this.hit = same >= 0 ? same : Math.max(0, found.hits.findIndex((hit) => hit.page >= this.page));
      const move = !moved && found.hits.length > 0;
      moved ||= move;
      void this.#desk?.show(found, found.hits[this.hit], move);
    });
  }

  #nextHit(step: number): void {
    const count = this.found?.hits.length ?? 0;
    if (!count) return;
    this.hit = (this.hit + step + count) % count;
    void this.#desk?.show(this.found, this.found?.hits[this.hit], true);
  }

  #showFindings(): void {
    const output = this.#one("[data-found]");
    if (!output) return;
    const { found } = this;
    const count = found?.hits.length ?? 0;
    const words = !found ? "" : count ? `${this.hit + 1}/${count}` : found.finished ? gettext("None") : "…";
    output.textContent = found && count && !found.finished ? `${words}…` : words;
    for (const button of this.#all<HTMLButtonElement>("[data-hit]")) button.disabled = count < 2;
  }

  #showTab(): void {
    for (const button of this.#all("[data-tab]")) {
      const on = button.dataset.tab === this.tab;
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
    }
    for (const part of this.#all("[data-tab-panel]")) part.hidden = part.dataset.tabPanel !== this.tab;
  }

  #say(words: string, wrong = false): void {
    const place = this.#one("[data-status]");
    if (!place) return;
    place.hidden = !words;
    place.textContent = words;
    place.classList.toggle("is-wrong", wrong);
  }

  #fail(error: unknown): void {
    const name = error instanceof Error ? error.name : "";
    const broken = name === "InvalidPDFException" || name === "PasswordException";
    this.#say(
      broken
        ? gettext("This file cannot be shown here. Open the file itself, and tell the secretariat.")
        : gettext("The paper did not arrive. Check the network, then load this page again; your place is kept."),
      true,
    );
  }

  #listen(): void {
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.tab = this.#one("[data-tab]")?.dataset.tab ?? "";
    const form = this.#one<HTMLFormElement>("[data-find]");
    const input = form?.querySelector("input");
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (input && this.query) input.value = this.query;
    input?.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.#search(input.value), 250);
    });
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      if (input && this.found?.words === input.value) this.#nextHit(1);
      else if (input) void this.#search(input.value);
    });
    this.#one<HTMLFormElement>("[data-jump]")?.addEventListener("submit", (event) => {
      event.preventDefault();
      const number = this.#one<HTMLInputElement>("[data-jump] [data-page-now]");
      if (number) this.#go(Number(number.value) || 1);
    });
  }

  #click(event: Event): void {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("button, a") : null;
    if (!target) return;
    const { tab, open, hit, step, zoom, goPage } = target.dataset;
    if (tab) this.tab = tab;
    if (hit) this.#nextHit(Number(hit));
    if (step) this.#go(this.page + Number(step));
    if (zoom) this.#zoom(Number(zoom));
    if (open) this.#toggle(open as Panel);
    if (goPage) {
      event.preventDefault();
      this.#go(Number(goPage));
    }
  }

  #toggle(panel: Panel): void {
    this.panel = this.panel === panel ? "" : panel;
    if (this.panel === "rail") void this.updateComplete.then(() => this.#rail?.reveal());
    if (this.panel === "find") void this.updateComplete.then(() => this.#one("[data-find] input")?.focus());
  }

  /** `direction` 1 and -1 go one step, 0 back to the width of the window. */
  #zoom(direction: number): void {
    const zoom = direction ? (this.#desk?.zoom ?? 1) * STEP ** direction : 1;
    this.#desk?.setZoom(Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom)));
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.panel) {
      this.panel = "";
      this.#one("[data-desk]")?.focus();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      if (this.#one("[data-find]")?.offsetParent === null) this.panel = "find";
      void this.updateComplete.then(() => this.#one<HTMLInputElement>("[data-find] input")?.select());
      return;
    }
    const target = event.target as HTMLElement;
    if (target.dataset.tab) this.#tabKey(event);
    else if (target.matches("[data-desk]") && !event.ctrlKey && !event.altKey && !event.metaKey) this.#deskKey(event);
  }

  #tabKey(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...this.#all("[data-tab]")];
    const at = tabs.findIndex((button) => button.dataset.tab === this.tab);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    this.tab = next?.dataset.tab ?? this.tab;
    next?.focus();
  }

  #deskKey(event: KeyboardEvent): void {
    const acts: Record<string, () => void> = {
      ArrowRight: () => this.#go(this.page + 1),
      ArrowLeft: () => this.#go(this.page - 1),
      Home: () => this.#go(1),
      End: () => this.#go(Number.MAX_SAFE_INTEGER),
      "+": () => this.#zoom(1),
      "=": () => this.#zoom(1),
      "-": () => this.#zoom(-1),
      "0": () => this.#zoom(0),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
