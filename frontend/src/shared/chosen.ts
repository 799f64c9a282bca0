// The boxes of the tray: how many are chosen, and which are left out while single dossiers are looked at.
// Without this the page says what the server drew.
import { asText, fromText, leftOutOf } from "./left-out";

const KEY = "tray:left-out";

/** The tab forgets it when it is closed; a browser that keeps nothing shows what the server drew. */
const stored = (): string | null => {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
};

const store = (text: string): void => {
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // Private mode: the choice holds for this page.
  }
};

/** Keep the words of ``[data-chosen]`` in step with the boxes of its form, and the boxes as they were left. */
export function countChosen(): void {
  const words = document.querySelector<HTMLElement>("[data-chosen]");
  const form = words?.closest("form");
  if (!words || !form) return;
  const boxes = [...form.querySelectorAll<HTMLInputElement>('[name="request"]')];
  const link = (name: string): HTMLElement | null => document.querySelector(`[data-choose="${name}"]`);
  const say = (): void => {
    const n = boxes.filter((box) => box.checked).length;
    words.textContent = n === 0 ? gettext("Choose a dossier first") : interpolate(ngettext("Sign %s dossier", "Sign %s dossiers", n), [n]);
    link("all")?.toggleAttribute("hidden", n === boxes.length);
    link("none")?.toggleAttribute("hidden", n < boxes.length);
  };
  const keep = (): void => {
    const rows = boxes.map((box) => ({ id: box.value, checked: box.checked }));
    store(asText(leftOutOf(fromText(stored()), rows)));
    say();
  };
  const recall = (): void => {
    const left = fromText(stored());
    for (const box of boxes) box.checked = !left.has(box.value);
    say();
  };
  const choose = (checked: boolean) => (event: Event): void => {
    event.preventDefault();
    for (const box of boxes) box.checked = checked;
    keep();
  };
  const settle = (id: string | undefined, checked: boolean): void => {
    const box = boxes.find((each) => each.value === id);
    if (box) box.checked = checked;
    keep();
  };
  // Under the dossier that is looked at: leave it out or keep it, and on to the next.
  const take = document.querySelector<HTMLAnchorElement>("[data-take-in]");
  const leave = document.querySelector<HTMLButtonElement>("[data-leave-out]");
  take?.addEventListener("click", () => { settle(take.dataset.takeIn, true); });
  leave?.toggleAttribute("hidden", false);
  leave?.addEventListener("click", () => {
    settle(leave.dataset.leaveOut, false);
    if (take) location.assign(take.href);
  });
  form.addEventListener("change", keep);
  link("all")?.addEventListener("click", choose(true));
  link("none")?.addEventListener("click", choose(false));
  addEventListener("pageshow", recall); // a browser that goes back restores the boxes of then
  // Sent and refused: the page shows what was sent.
  if (form.dataset.drawn !== undefined) keep();
  else recall();
}
