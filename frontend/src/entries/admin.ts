// On every page of the administration: the agenda board, uploads with progress, selects that submit.
import "../admin/agenda-board";
import { startUploads } from "../admin/uploads";

startUploads();

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLSelectElement && target.dataset.submit !== undefined) target.form?.requestSubmit();
});
