/** Search inside: page by page from the page that is open, without holding up the reading. */
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { findIn, pageText, type Hit, type PageText } from "./fold";

export interface Findings {
  words: string;
  hits: Hit[];
  /** Pages looked through so far. */
  done: number;
  finished: boolean;
}

/** Words typed with diacritics mean themselves, unless the paper has them only without. */
const chosen = (hits: readonly Hit[]): Hit[] => {
  const exact = hits.filter((hit) => hit.exact);
  return (exact.length ? exact : [...hits]).sort(
    (a, b) => a.page - b.page || a.from.run - b.from.run || a.from.offset - b.from.offset,
  );
};

export class Finder {
  readonly #texts = new Map<number, PageText>();
  #turn = 0;

  constructor(readonly pdf: PDFDocumentProxy) {}

  stop(): void {
    this.#turn += 1;
  }

  async text(number: number): Promise<PageText> {
    const known = this.#texts.get(number);
    if (known) return known;
    const page = await this.pdf.getPage(number);
    const content = await page.getTextContent();
    const text = pageText(content.items.filter((item) => "str" in item));
    this.#texts.set(number, text);
    return text;
  }

  /** Looks through all pages, beginning at `first`; tells after the first page and then a few times a second. */
  async search(words: string, first: number, tell: (found: Findings) => void): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const count = this.pdf.numPages;
    const hits: Hit[] = [];
    let told = 0;
    for (let step = 0; step < count; step += 1) {
      const number = ((first - 1 + step) % count) + 1;
      hits.push(...findIn(await this.text(number), number, words));
      if (turn !== this.#turn) return;
      const finished = step + 1 === count;
      if (finished || performance.now() - told > 200) {
        told = performance.now();
        tell({ words, hits: chosen(hits), done: step + 1, finished });
      }
    }
  }
}
