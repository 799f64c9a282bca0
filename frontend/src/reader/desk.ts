/** The desk: every page has its place from the start, only those near the eye are painted. */
import { RenderingCancelledException, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Findings } from "./finder";
import type { Hit } from "./fold";
import { Leaf, type Crop, type Size } from "./leaf";

/** Desks narrower than this leave the empty margins of a page out, as long as it is not made smaller. */
const NARROW = 600;

export const LEAST_ZOOM = 0.5;
export const MOST_ZOOM = 5;

interface Anchor {
  page: number;
  /** Part of the page above the top edge of the desk. */
  part: number;
}

export class Desk {
  readonly leaves: Leaf[];
  #zoom = 1;
  #frame = 0;
  #page = 0;

  constructor(
    readonly scroller: HTMLElement,
    readonly list: HTMLElement,
    pdf: PDFDocumentProxy,
    first: Size,
    readonly crop: Crop | undefined,
    changed: ReadonlySet<number>,
    readonly moved: (page: number) => void,
    readonly failed: (error: unknown) => void,
    /** The page being read stands; what is less urgent may begin. */
    readonly painted: () => void,
  ) {
    this.leaves = Array.from(
      { length: pdf.numPages },
      (_, index) => new Leaf(pdf, index + 1, first, changed.has(index + 1), (leaf) => this.#refit(leaf)),
    );
    list.replaceChildren(...this.leaves.map((leaf) => leaf.element));
    this.#layOut();
    scroller.addEventListener("scroll", () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.keepPlace(() => this.#layOut())).observe(scroller);
  }

  get page(): number {
    return this.#page || 1;
  }

  get zoom(): number {
    return this.#zoom;
  }

  /** Changes the size of all pages and keeps what is being read where it is. */
  setZoom(zoom: number, focus?: { x: number; y: number }): void {
    const next = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, zoom));
    if (Math.abs(next - this.#zoom) < 0.001) return;
    const box = this.scroller.getBoundingClientRect();
    const x = (focus?.x ?? box.left + box.width / 2) - box.left;
    const across = (this.scroller.scrollLeft + x) / Math.max(1, this.scroller.scrollWidth);
    this.keepPlace(
      () => {
        this.#zoom = next;
        this.#layOut();
      },
      focus ? focus.y - box.top : 0,
    );
    this.scroller.scrollLeft = across * this.scroller.scrollWidth - x;
  }

  goTo(page: number, part = 0): void {
    const leaf = this.leaves[Math.min(Math.max(1, page), this.leaves.length) - 1];
    if (!leaf) return;
    this.scroller.scrollTop = leaf.element.offsetTop + part * leaf.element.offsetHeight - (part ? 0 : this.#margin());
    this.#look();
  }

  /** Shows the hits on their pages, and brings the current one into view. */
  async show(found: Findings | undefined, current: Hit | undefined, move: boolean): Promise<void> {
    const pages = grouped(found?.hits ?? []);
    for (const leaf of this.leaves) leaf.mark(pages.get(leaf.number) ?? [], current);
    if (!current || !move) return;
    if (this.page !== current.page) this.goTo(current.page);
    const leaf = this.leaves[current.page - 1];
    await leaf?.paint().catch((error: unknown) => this.#report(error));
    const mark = leaf?.currentMark();
    const box = this.scroller.getBoundingClientRect();
    if (mark && (mark.top < box.top + 40 || mark.bottom > box.bottom - 90)) {
      this.scroller.scrollTop += mark.top - box.top - box.height / 3;
    }
    if (mark && (mark.left < box.left || mark.right > box.right)) {
      this.scroller.scrollLeft += mark.left - box.left - box.width / 3;
    }
  }

  /** Runs `change`, then scrolls so that the point `at` pixels below the top edge shows what it showed. */
  keepPlace(change: () => void, at = 0): void {
    const anchor = this.#anchor(at);
    change();
    const leaf = this.leaves[anchor.page - 1];
    if (leaf) this.scroller.scrollTop = leaf.element.offsetTop + anchor.part * leaf.element.offsetHeight - at;
    this.#soon();
  }

  #margin(): number {
    return Math.min(this.leaves[0]?.element.offsetTop ?? 0, 24);
  }

  #anchor(at: number): Anchor {
    const y = this.scroller.scrollTop + at;
    const page = this.#pageAt(y);
    const leaf = this.leaves[page - 1];
    const height = leaf?.element.offsetHeight ?? 1;
    return { page, part: (y - (leaf?.element.offsetTop ?? 0)) / Math.max(1, height) };
  }

  #layOut(): void {
    const room = this.#room();
    if (room <= 0) return;
    for (const leaf of this.leaves) this.#fit(leaf, room);
  }

  #fit(leaf: Leaf, room: number): void {
    const narrow = room < NARROW && this.crop !== undefined;
    if (narrow && this.#zoom >= 1) leaf.fit(room * this.#zoom, this.crop);
    else leaf.fit(narrow ? room : room * this.#zoom);
  }

  /** Width of a page at zoom 1: what the desk offers, up to the comfortable width the sheet sets. */
  #room(): number {
    const desk = getComputedStyle(this.scroller);
    const room = this.scroller.clientWidth - parseFloat(desk.paddingInlineStart) - parseFloat(desk.paddingInlineEnd);
    return Math.min(room, parseFloat(getComputedStyle(this.list).maxInlineSize) || room);
  }

  #refit(leaf: Leaf): void {
    this.keepPlace(() => {
      this.#fit(leaf, this.#room());
    });
  }

  /** The page at a height of the desk; pages stand in order, so halving finds it. */
  #pageAt(y: number): number {
    let low = 0;
    let high = this.leaves.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.leaves[middle]?.element.offsetTop ?? 0) <= y) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  #soon(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#look();
    });
  }

  #look(): void {
    const top = this.scroller.scrollTop;
    const height = this.scroller.clientHeight;
    const first = this.#pageAt(top);
    const last = this.#pageAt(top + height);
    const page = this.#pageAt(top + height * 0.4);
    if (page !== this.#page) {
      this.#page = page;
      this.moved(page);
    }
    void this.#paintAround(page, first, last);
  }

  /** The page being read first, then what else is seen, then one on either side. */
  async #paintAround(page: number, first: number, last: number): Promise<void> {
    for (const leaf of this.leaves) if (leaf.number < first - 1 || leaf.number > last + 1) leaf.clear();
    const order = [page];
    for (let number = first; number <= last; number += 1) if (number !== page) order.push(number);
    order.push(last + 1, first - 1);
    for (const number of order) {
      if (page !== this.#page) return;
      await this.leaves[number - 1]?.paint().catch((error: unknown) => this.#report(error));
    }
    this.painted();
  }

  #report(error: unknown): void {
    const stopped = error instanceof Error && error.name === "AbortException";
    if (!(error instanceof RenderingCancelledException) && !stopped) this.failed(error);
  }
}

const grouped = (hits: readonly Hit[]): Map<number, Hit[]> => {
  const pages = new Map<number, Hit[]>();
  for (const hit of hits) pages.set(hit.page, [...(pages.get(hit.page) ?? []), hit]);
  return pages;
};
