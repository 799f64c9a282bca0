/** The way back to a form that was refused, with what was typed in it. */
export const goBack = (): void => {
  // The link's own address opens the page anew and empty; the browser's history brings back its words.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-back]") : null;
    if (!link || history.length < 2) return;
    event.preventDefault();
    history.back();
  });

  // The browser puts the words in again, but folds away what holds them.
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll<HTMLTextAreaElement>("details:not([open]) textarea")) {
      if (field.value !== field.defaultValue) field.closest("details")?.setAttribute("open", "");
    }
  });

  // A part of a page was asked for and the answer is a whole one: the session ended, the form is out of date.
  document.addEventListener("ask-plainly", ({ target }) => {
    const form = target instanceof Element ? target.closest("form") : null;
    if (form) HTMLFormElement.prototype.submit.call(form);
    else location.reload();
  });
};
