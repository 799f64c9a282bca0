// On every portal page: htmx for forms and lists, the preferences menu, closable messages.
import "htmx.org";
import { goBack } from "../shared/back";
import { countChosen } from "../shared/chosen";
import { startPreferences } from "../shared/prefs";

startPreferences();

document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest(".toast__close")) target.closest(".toast")?.remove();
});

goBack();
countChosen();
