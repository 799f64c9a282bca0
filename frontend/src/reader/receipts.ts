/** Tells the server how far the reading came: at opening, then every few seconds, and on leaving. */
import { csrfToken } from "../shared/http";

const EVERY = 8_000;
const GLANCE = 700; // shorter than this a page was passed, not seen

export class Receipts {
  readonly #seen = new Set<number>();
  #page = 0;
  #since = 0;
  #told = "";

  constructor(
    readonly url: string,
    readonly key: string,
  ) {
    for (const page of this.#kept()) this.#seen.add(page);
    setInterval(() => this.#tick(), EVERY);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#tick();
    });
  }

  /** The reader came to a page. */
  at(page: number): void {
    const now = performance.now();
    if (this.#page && now - this.#since > GLANCE) this.#seen.add(this.#page);
    const opening = !this.#page;
    this.#page = page;
    this.#since = now;
    if (opening) {
      this.#seen.add(page);
      this.#send();
    }
  }

  #tick(): void {
    if (!this.#page || document.visibilityState === "hidden" && !this.#since) return;
    if (performance.now() - this.#since > GLANCE) this.#seen.add(this.#page);
    this.#send();
  }

  #send(): void {
    const body = JSON.stringify({ last_page: this.#page, pages_seen: this.#seen.size });
    if (body === this.#told) return;
    this.#told = body;
    localStorage.setItem(this.key, JSON.stringify([...this.#seen]));
    fetch(this.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body,
      credentials: "same-origin",
      keepalive: true,
      // A receipt that did not arrive goes out again with the next one.
    }).catch(() => (this.#told = ""));
  }

  #kept(): number[] {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return Array.isArray(kept) ? kept.filter((page) => typeof page === "number") : [];
    } catch {
      return [];
    }
  }
}
