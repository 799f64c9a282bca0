// The agenda board without page loads. It enhances plain forms: every drag, button and field posts one of
// them and takes the board out of the answer, so that the server alone computes times and checks.
import { LitElement } from "lit";
import { customElement } from "lit/decorators.js";
import Sortable from "sortablejs";
import { messageOf } from "./messages";
import { enterAgain } from "./session";

const TOAST_MS = 8000;

const putBack = (item: HTMLElement, list: HTMLElement, place: number): void => {
  const others = [...list.children].filter((child) => child !== item);
  list.insertBefore(item, others[place] ?? null);
};

@customElement("agenda-board")
export class AgendaBoard extends LitElement {
  private lists: Sortable[] = [];
  private last: Promise<unknown> = Promise.resolve();
  private toastTimer = 0;

  protected override createRenderRoot(): HTMLElement {
    return this; // the server's markup is the content
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("submit", this.onSubmit);
    this.addEventListener("change", this.onChange);
    this.addEventListener("keydown", this.onKey);
    this.setAttribute("ready", "");
    this.makeSortable();
  }

  override disconnectedCallback(): void {
    this.lists.forEach((list) => list.destroy());
    super.disconnectedCallback();
  }

  private get board(): HTMLElement | null {
    return this.querySelector<HTMLElement>("[data-board]");
  }

  private words(name: string): string {
    return this.querySelector<HTMLElement>("[data-words]")?.dataset[name] ?? "";
  }

  private makeSortable(): void {
    this.lists = [...this.querySelectorAll<HTMLElement>("[data-slots]")].map((list) =>
      Sortable.create(list, {
        group: "agenda",
        handle: "[data-grip]",
        draggable: "[data-item]",
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
        onEnd: ({ item, oldIndex, newIndex, from, to }) => {
          if (from !== to || oldIndex !== newIndex) void this.dropped(item, () => putBack(item, from, oldIndex ?? 0));
        },
      }),
    );
  }

  private async dropped(item: HTMLElement, undo: () => void): Promise<void> {
    const before = this.board?.dataset.order ?? "";
    const ids = [...this.querySelectorAll<HTMLElement>("[data-item]")].map(({ dataset }) => dataset.item);
    const place = 1 + ids.indexOf(item.dataset.item);
    const words = this.words("moved").replace("%(title)s", item.dataset.title ?? "").replace("%(place)s", String(place));
    if (await this.sendOrder(ids.join(","))) this.say(words, () => void this.sendOrder(before));
    else if (item.isConnected) undo(); // the server was not reached: the page shows what it has
  }

  private async sendOrder(ids: string): Promise<boolean> {
    const form = this.querySelector<HTMLFormElement>("[data-order-form]");
    const field = form?.elements.namedItem("ids");
    if (!form || !(field instanceof HTMLInputElement)) return false;
    field.value = ids;
    return this.send(form);
  }

  private onSubmit = (event: SubmitEvent): void => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    event.preventDefault();
    void this.send(form, event.submitter?.id);
  };

  /** Alt and an arrow, anywhere in an item, move it as its buttons do. */
  private onKey = (event: KeyboardEvent): void => {
    const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    const slot = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-item]") : null;
    if (!event.altKey || !way || !slot) return;
    event.preventDefault();
    slot.querySelector<HTMLButtonElement>(`[id="${way}-${slot.dataset.item}"]`)?.click();
  };

  private onChange = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement && target.name === "minutes") target.form?.requestSubmit();
  };

  /** One after the other, so that the board shown last is the newest. */
  private send(form: HTMLFormElement, focus = ""): Promise<boolean> {
    const body = new FormData(form);
    const sent = this.last.then(() => this.post(form.action, body, focus));
    this.last = sent;
    return sent;
  }

  /** Post and show the board of the answer; false when it was refused or did not arrive. */
  private async post(action: string, body: FormData, focus: string): Promise<boolean> {
    const focused = focus || document.activeElement?.id || "";
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(action, { method: "POST", body, credentials: "same-origin" });
      text = await answer.text(); // may break off as well; whatever is thrown here would stop all that follows
    } catch {
      this.say(this.words("lost"), null, "error");
      return false;
    }
    if (answer.status === 401) {
      this.say(this.words("ended"), null, "error");
      this.querySelector(".board__toast")?.append(enterAgain(this.words("enter")));
      return false;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.querySelector("[data-board]");
    if (!fresh) {
      location.reload(); // the item or the whole meeting is gone: show what there is
      return false;
    }
    this.show(fresh, focused);
    const refusal = messageOf(page, "error");
    if (refusal) this.say(refusal, null, "error");
    return !refusal;
  }

  private show(fresh: Element, focused: string): void {
    this.lists.forEach((list) => list.destroy());
    this.board?.replaceWith(document.adoptNode(fresh));
    this.makeSortable();
    const again = focused ? document.getElementById(focused) : null;
    if (again instanceof HTMLButtonElement && again.disabled) again.form?.parentElement?.querySelector<HTMLButtonElement>("button:enabled")?.focus();
    else again?.focus();
  }

  private say(text: string, undo: (() => void) | null, kind = "done"): void {
    this.querySelector(".board__toast")?.remove();
    const toast = document.createElement("div");
    toast.className = "board__toast";
    toast.dataset.kind = kind;
    toast.setAttribute("role", kind === "error" ? "alert" : "status");
    toast.append(text);
    if (undo) toast.append(this.undoButton(undo, toast));
    this.append(toast);
    clearTimeout(this.toastTimer);
    if (kind !== "error") this.toastTimer = window.setTimeout(() => toast.remove(), TOAST_MS);
  }

  private undoButton(undo: () => void, toast: HTMLElement): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.words("undo");
    button.addEventListener("click", () => {
      toast.remove();
      undo();
    });
    return button;
  }
}
