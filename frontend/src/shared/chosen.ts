// The button under the tray says how many dossiers are chosen. Without this it says what the server drew.

/** Keep the words of ``[data-chosen]`` in step with the boxes of its form. */
export function countChosen(): void {
  const words = document.querySelector<HTMLElement>("[data-chosen]");
  const form = words?.closest("form");
  if (!words || !form) return;
  const say = (): void => {
    const n = form.querySelectorAll('[name="request"]:checked').length;
    words.textContent = n === 0 ? gettext("Choose a dossier first") : interpolate(ngettext("Sign %s dossier", "Sign %s dossiers", n), [n]);
  };
  form.addEventListener("change", say);
  addEventListener("pageshow", say); // a browser that goes back restores the boxes
}
