/** The paper in the middle of a wide room: pages of the file itself, painted while they are near the eye. */
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { Leaf, type Size } from "../reader/leaf";

const CHUNK = 256 * 1024;

export interface PaperOptions {
  readonly url: string;
  /** Folder of PDF.js, ending in a slash, and its worker. */
  readonly assets: string;
  readonly worker: string;
  readonly onPage: (page: number) => void;
}

export interface Paper {
  readonly letGo: () => void;
  /** Brings the top of a page, counted from 1, to the top of the frame. */
  readonly goTo: (page: number) => void;
}

/** Fills `frame` with the pages of one paper. */
export async function showPaper(frame: HTMLElement, options: PaperOptions): Promise<Paper> {
  GlobalWorkerOptions.workerSrc = options.worker;
  const task = getDocument({
    url: options.url,
    rangeChunkSize: CHUNK,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    cMapUrl: `${options.assets}cmaps/`,
    standardFontDataUrl: `${options.assets}standard_fonts/`,
    wasmUrl: `${options.assets}wasm/`,
    iccUrl: `${options.assets}iccs/`,
  });
  const pdf = await task.promise;
  const view = (await pdf.getPage(1)).getViewport({ scale: 1 });
  const stop = furnish(frame, pdf, { width: view.width, height: view.height }, options.onPage);
  return {
    letGo: () => {
      stop();
      frame.replaceChildren();
      void task.destroy();
    },
    goTo: (page) => {
      const leaf = frame.querySelector<HTMLElement>(`.live__leaves > :nth-child(${page})`);
      if (leaf) frame.scrollTop += leaf.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    },
  };
}

function furnish(frame: HTMLElement, pdf: PDFDocumentProxy, size: Size, onPage: (page: number) => void): () => void {
  const list = document.createElement("ol");
  list.className = "live__leaves";
  const leaves = Array.from(
    { length: pdf.numPages },
    (_, index) => new Leaf(pdf, index + 1, size, false, () => leaves.forEach((leaf) => leaf.fit(frame.clientWidth - 2))),
  );
  const byElement = new Map<Element, Leaf>(leaves.map((leaf) => [leaf.element, leaf]));
  const near = new IntersectionObserver((entries) => paint(entries, byElement), { root: frame, rootMargin: "60% 0px" });
  const seen = new IntersectionObserver(
    (entries) => {
      const shown = entries.filter((entry) => entry.isIntersecting).map((entry) => byElement.get(entry.target));
      if (shown[0]) onPage(shown[0].number);
    },
    // A line across the middle of the frame: the page that lies on it is the page being read.
    { root: frame, rootMargin: "-50% 0px" },
  );
  const resized = new ResizeObserver(() => {
    for (const leaf of leaves) leaf.fit(frame.clientWidth - 2);
    for (const leaf of leaves) if (leaf.element.dataset["painted"] !== undefined) void leaf.paint();
  });
  list.append(...leaves.map((leaf) => leaf.element));
  frame.replaceChildren(list);
  for (const leaf of leaves) {
    leaf.fit(frame.clientWidth - 2);
    near.observe(leaf.element);
    seen.observe(leaf.element);
  }
  resized.observe(frame);
  return () => [near, seen, resized].forEach((observer) => observer.disconnect());
}

function paint(entries: IntersectionObserverEntry[], leaves: Map<Element, Leaf>): void {
  for (const { target, isIntersecting } of entries) {
    const leaf = leaves.get(target);
    if (isIntersecting) leaf?.paint().catch(() => undefined);
    else leaf?.clear();
  }
}
