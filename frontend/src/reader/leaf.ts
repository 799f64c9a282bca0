/** One page on the desk: a place of the right size that is painted only while it is near the eye. */
import { TextLayer, type PDFDocumentProxy, type PDFPageProxy, type RenderTask } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Hit } from "./fold";

type TextContent = Awaited<ReturnType<PDFPageProxy["getTextContent"]>>;

/** Safari refuses larger canvases. */
const MOST_PIXELS = 16_000_000;
const KEPT_DENSITY = 2;

export interface Size {
  width: number;
  height: number;
}

/** Parts of the width that hold no text, on either side; on a phone they are left out. */
export interface Crop {
  left: number;
  right: number;
}

const BREATH = 0.035;

/** The empty margins of a page, or nothing for a page without text (a scan, a drawing). */
export const marginsOf = (content: TextContent, size: Size): Crop | undefined => {
  let [left, right] = [size.width, 0];
  for (const item of content.items) {
    if (!("str" in item) || !item.str.trim()) continue;
    const [a, , , , x] = item.transform as number[];
    if (a === undefined || x === undefined || a <= 0) return undefined;
    left = Math.min(left, x);
    right = Math.max(right, x + item.width);
  }
  if (right <= left) return undefined;
  return {
    left: Math.max(0, left / size.width - BREATH),
    right: Math.max(0, 1 - right / size.width - BREATH),
  };
};

export class Leaf {
  readonly element = document.createElement("li");
  readonly #sheet = document.createElement("div");
  readonly #page = document.createElement("div");
  readonly #marks = document.createElement("div");
  #size: Size;
  #width = 0;
  #crop: Crop | undefined;
  #mayCrop = true;
  #scale = 1;
  #painted = 0;
  #turn = 0;
  #task: RenderTask | undefined;
  #layer: TextLayer | undefined;
  #hits: readonly Hit[] = [];
  #current: Hit | undefined;

  constructor(
    readonly pdf: PDFDocumentProxy,
    readonly number: number,
    size: Size,
    changed: boolean,
    readonly resized: (leaf: Leaf) => void,
  ) {
    this.#size = size;
    this.element.className = changed ? "leaf leaf--changed" : "leaf";
    this.element.dataset.page = String(number);
    this.element.setAttribute("aria-label", interpolate(gettext("Page %s"), [number]));
    this.#sheet.className = "leaf__sheet";
    this.#marks.className = "leaf__marks";
    this.#page.className = "leaf__page";
    this.#sheet.append(this.#page);
    this.element.append(this.#sheet);
  }

  get size(): Size {
    return this.#size;
  }

  /** Gives the page its place; `width` in CSS pixels, without the margins that `crop` leaves out. */
  fit(width: number, crop?: Crop): void {
    this.#width = width;
    this.#crop = crop;
    const { left, right } = (this.#mayCrop && crop) || { left: 0, right: 0 };
    const whole = width / (1 - left - right);
    this.#scale = whole / this.#size.width;
    const height = `${this.#size.height * this.#scale}px`;
    this.#sheet.style.inlineSize = `${width}px`;
    this.#sheet.style.blockSize = this.#page.style.blockSize = height;
    this.#page.style.inlineSize = `${whole}px`;
    this.#page.style.marginInlineStart = `${-left * whole}px`;
    this.#page.style.setProperty("--total-scale-factor", String(this.#scale));
    this.#page.style.setProperty("--scale-factor", String(this.#scale));
  }

  /** Paints the page, once for each scale. */
  async paint(): Promise<void> {
    if (this.#painted === this.#scale) return;
    const turn = this.#begin();
    const page = await this.pdf.getPage(this.number);
    if (turn !== this.#turn) return;
    const natural = page.getViewport({ scale: 1 });
    if (Math.abs(natural.width - this.#size.width) > 1 || Math.abs(natural.height - this.#size.height) > 1) {
      this.#size = { width: natural.width, height: natural.height };
      this.resized(this);
    }
    const content = await page.getTextContent({ includeMarkedContent: true });
    if (turn !== this.#turn) return;
    this.#keepWhole(content);
    this.#painted = this.#scale;
    const canvas = this.#canvas();
    const viewport = page.getViewport({ scale: canvas.width / this.#size.width });
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) return;
    this.#task = page.render({ canvas, canvasContext: context, viewport });
    await this.#task.promise;
    if (turn !== this.#turn) return;
    const words = document.createElement("div");
    words.className = "textLayer";
    this.#layer = new TextLayer({
      textContentSource: content,
      container: words,
      viewport: page.getViewport({ scale: this.#scale }),
    });
    await this.#layer.render();
    if (turn !== this.#turn) return;
    this.#page.replaceChildren(canvas, this.#marks, words);
    this.element.dataset.painted = "";
    this.#drawMarks();
  }

  /** Lets go of canvas and text; the place stays. */
  clear(): void {
    if (!this.#painted) return;
    this.#begin();
    this.#painted = 0;
    delete this.element.dataset.painted;
    this.#page.replaceChildren();
  }

  /** A page whose words reach into the margins that are left out is shown whole. */
  #keepWhole(content: TextContent): void {
    if (!this.#crop || !this.#mayCrop) return;
    const own = marginsOf(content, this.#size);
    if (own && own.left >= this.#crop.left - BREATH && own.right >= this.#crop.right - BREATH) return;
    this.#mayCrop = false;
    this.fit(this.#width, this.#crop);
    this.resized(this);
  }

  mark(hits: readonly Hit[], current: Hit | undefined): void {
    this.#hits = hits;
    this.#current = current;
    this.#drawMarks();
  }

  #begin(): number {
    this.#turn += 1;
    this.#task?.cancel();
    this.#layer?.cancel();
    this.#task = this.#layer = undefined;
    return this.#turn;
  }

  #canvas(): HTMLCanvasElement {
    const { width, height } = this.#size;
    const wanted = this.#scale * Math.min(window.devicePixelRatio || 1, KEPT_DENSITY);
    const scale = Math.min(wanted, Math.sqrt(MOST_PIXELS / (width * height)));
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(width * scale);
    canvas.height = Math.floor(height * scale);
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  }

  /** Where the mark of the current hit stands in the window, if it is painted. */
  currentMark(): DOMRect | undefined {
    return this.#marks.querySelector(".leaf__mark--current")?.getBoundingClientRect();
  }

  #drawMarks(): void {
    this.#marks.replaceChildren();
    const runs = this.#layer?.textDivs;
    if (!runs || !this.#painted || !this.#marks.isConnected) return;
    const frame = this.#page.getBoundingClientRect();
    for (const hit of this.#hits) {
      for (const box of boxesOf(runs, hit)) this.#marks.append(markOf(box, frame, hit === this.#current));
    }
  }
}

/** The boxes of a hit on the page, one for each text run it touches. */
const boxesOf = (runs: readonly HTMLElement[], hit: Hit): DOMRect[] => {
  const boxes: DOMRect[] = [];
  for (let run = hit.from.run; run <= hit.to.run; run += 1) {
    const text = runs[run]?.firstChild;
    if (!(text instanceof Text) || !text.length) continue;
    const range = document.createRange();
    range.setStart(text, run === hit.from.run ? Math.min(hit.from.offset, text.length) : 0);
    range.setEnd(text, run === hit.to.run ? Math.min(hit.to.offset + 1, text.length) : text.length);
    boxes.push(...range.getClientRects());
  }
  return boxes;
};

const markOf = (box: DOMRect, frame: DOMRect, current: boolean): HTMLElement => {
  const mark = document.createElement("span");
  mark.className = current ? "leaf__mark leaf__mark--current" : "leaf__mark";
  mark.style.insetInlineStart = `${(100 * (box.left - frame.left)) / frame.width}%`;
  mark.style.insetBlockStart = `${(100 * (box.top - frame.top)) / frame.height}%`;
  mark.style.inlineSize = `${(100 * box.width) / frame.width}%`;
  mark.style.blockSize = `${(100 * box.height) / frame.height}%`;
  return mark;
};
