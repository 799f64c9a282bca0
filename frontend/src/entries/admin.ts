// On every page of the administration: the agenda board, uploads with progress, selects that submit, forms sent once.
import "../admin/agenda-board";
import { startUploads } from "../admin/uploads";

startUploads();

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLSelectElement && target.dataset.submit !== undefined) target.form?.requestSubmit();
});

// A second click while the first is on its way does nothing; coming back to the page, the form works again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.once === undefined) return;
  if (form.dataset.once === "sent") event.preventDefault();
  form.dataset.once = "sent";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-once]")) form.dataset.once = "";
});
