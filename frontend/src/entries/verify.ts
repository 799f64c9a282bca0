// The verify page: a file dropped anywhere on the area is chosen, and what is chosen is checked at once.
// Without this script the same form works with its own button.

const form = document.querySelector<HTMLFormElement>("form[data-drop]");
const input = form?.querySelector<HTMLInputElement>("input[type=file]");
const area = form?.querySelector<HTMLElement>(".drop__area");
const name = form?.querySelector<HTMLElement>("[data-name]");
const button = form?.querySelector<HTMLButtonElement>("button[type=submit]");

const busy = () => {
  if (button?.dataset.busy) button.textContent = button.dataset.busy;
  if (button) button.disabled = true;
};

const chosen = () => {
  const file = input?.files?.[0];
  if (!file || !form) return;
  if (name) name.textContent = file.name;
  form.requestSubmit();
};

const over = (event: DragEvent) => {
  event.preventDefault();
  area?.classList.add("is-over");
};

if (form && input && area) {
  form.classList.add("drop--ready");
  form.addEventListener("submit", busy);
  // Coming back with the Back button finds the form as it was, not still at work.
  window.addEventListener("pageshow", () => {
    if (button) button.disabled = false;
  });
  input.addEventListener("change", chosen);
  for (const kind of ["dragenter", "dragover"] as const) area.addEventListener(kind, over);
  area.addEventListener("dragleave", () => area.classList.remove("is-over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("is-over");
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    input.files = files;
    chosen();
  });
}
export {};
