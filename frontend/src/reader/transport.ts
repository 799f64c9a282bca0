/** Hands PDF.js exactly the bytes it asks for: one request for each gap, and none for the rest of the file. */
import { PDFDataRangeTransport } from "pdfjs-dist/legacy/build/pdf.mjs";

export class RangeTransport extends PDFDataRangeTransport {
  readonly #stop = new AbortController();

  constructor(
    readonly url: string,
    size: number,
    readonly failed: (error: Error) => void,
  ) {
    super(size, null);
  }

  override requestDataRange(begin: number, end: number): void {
    void this.#bring(begin, end);
  }

  override abort(): void {
    this.#stop.abort();
  }

  async #bring(begin: number, end: number, attempt = 0): Promise<void> {
    try {
      const answer = await fetch(this.url, {
        headers: { Range: `bytes=${begin}-${end - 1}` },
        credentials: "same-origin",
        signal: this.#stop.signal,
      });
      if (answer.status !== 206) throw new Error(`status ${answer.status}`);
      this.onDataRange(begin, new Uint8Array(await answer.arrayBuffer()));
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (attempt < 3) {
        setTimeout(() => void this.#bring(begin, end, attempt + 1), 500 * 2 ** attempt);
        return;
      }
      this.failed(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
