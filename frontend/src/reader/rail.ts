/** The rail of small pages. Each is drawn when it comes into view and the reading page is done. */
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Size } from "./leaf";

const WIDTH = 116; // twice the width on screen, for sharp displays

export class Rail {
  readonly #thumbs: HTMLAnchorElement[];
  readonly #waiting = new Set<number>();
  #working = false;
  #started = false;
  #current = 0;

  constructor(
    readonly scroller: HTMLElement,
    list: HTMLElement,
    readonly pdf: PDFDocumentProxy,
    size: Size,
    changed: ReadonlySet<number>,
    go: (page: number) => void,
  ) {
    this.#thumbs = Array.from({ length: pdf.numPages }, (_, index) => thumbOf(index + 1, size, changed.has(index + 1)));
    list.replaceChildren(...this.#thumbs.map(itemOf));
    list.addEventListener("click", (event) => {
      const thumb = event.target instanceof Element ? event.target.closest<HTMLElement>(".thumb") : null;
      if (!thumb) return;
      event.preventDefault();
      go(Number(thumb.dataset.page));
    });
  }

  /** Begins to draw; called when the first page stands on the desk. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    const watcher = new IntersectionObserver((entries) => this.#seen(entries), { root: this.scroller });
    for (const thumb of this.#thumbs) watcher.observe(thumb);
  }

  mark(page: number): void {
    const before = this.#thumbs[this.#current - 1];
    const now = this.#thumbs[page - 1];
    if (!now || before === now) return;
    before?.classList.remove("thumb--current");
    before?.removeAttribute("aria-current");
    now.classList.add("thumb--current");
    now.setAttribute("aria-current", "page");
    this.#current = page;
    this.reveal();
  }

  /** Scrolls the rail, and nothing else, to the current page. */
  reveal(): void {
    const now = this.#thumbs[this.#current - 1];
    if (!now || !this.scroller.clientHeight) return;
    const box = now.getBoundingClientRect();
    const frame = this.scroller.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) {
      this.scroller.scrollTop += box.top - frame.top - (frame.height - box.height) / 2;
    }
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const page = Number((entry.target as HTMLElement).dataset.page);
      if (!entry.isIntersecting) this.#waiting.delete(page);
      else if (!entry.target.querySelector("canvas")) this.#waiting.add(page);
    }
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let page = this.#next(); page; page = this.#next()) {
      this.#waiting.delete(page);
      // A thumbnail that cannot be drawn leaves its number; the page itself will tell what is wrong.
      await this.#draw(page).catch(() => undefined);
      await idle();
    }
    this.#working = false;
  }

  #next(): number | undefined {
    return [...this.#waiting].sort((a, b) => Math.abs(a - this.#current) - Math.abs(b - this.#current))[0];
  }

  async #draw(number: number): Promise<void> {
    const page = await this.pdf.getPage(number);
    const viewport = page.getViewport({ scale: WIDTH / page.getViewport({ scale: 1 }).width });
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    const canvasContext = canvas.getContext("2d", { alpha: false });
    if (!canvasContext) return;
    await page.render({ canvas, canvasContext, viewport }).promise;
    this.#thumbs[number - 1]?.querySelector(".thumb__page")?.replaceChildren(canvas);
  }
}

const idle = (): Promise<void> =>
  new Promise((done) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => done(), { timeout: 500 });
    else setTimeout(done, 30);
  });

const itemOf = (thumb: HTMLAnchorElement): HTMLLIElement => {
  const item = document.createElement("li");
  item.append(thumb);
  return item;
};

const thumbOf = (number: number, size: Size, changed: boolean): HTMLAnchorElement => {
  const thumb = document.createElement("a");
  thumb.className = changed ? "thumb thumb--changed" : "thumb";
  thumb.href = `?page=${number}`;
  thumb.dataset.page = String(number);
  const page = document.createElement("span");
  page.className = "thumb__page";
  page.style.aspectRatio = `${size.width} / ${size.height}`;
  const figure = document.createElement("span");
  figure.className = "num";
  figure.textContent = String(number);
  thumb.append(page, figure);
  if (changed) {
    const word = document.createElement("span");
    word.className = "thumb__word";
    word.textContent = pgettext("page of a paper", "changed");
    thumb.append(word);
  }
  return thumb;
};
