/** The preferences menu: applied at once and saved, so that the next page is painted right by the server. */

const apply = (form: HTMLFormElement): void => {
  const data = new FormData(form);
  const root = document.documentElement;
  const set = (name: string, value: string): void => {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
  };
  const theme = String(data.get("theme") ?? "auto");
  const text = String(data.get("text_size") ?? "normal");
  set("theme", theme === "auto" ? "" : theme);
  set("text", text === "normal" ? "" : text);
  set("contrast", data.get("high_contrast") ? "more" : "");
};

const save = async (form: HTMLFormElement): Promise<void> => {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  if (!answer.ok) form.requestSubmit();
};

export const startPreferences = (): void => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-prefs]")) {
    form.addEventListener("change", (event) => {
      // Another language is another page: let the form go its plain way.
      if (event.target instanceof HTMLInputElement && event.target.name === "language") {
        form.requestSubmit();
        return;
      }
      apply(form);
      void save(form);
    });
  }
  document.addEventListener("click", ({ target }) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
      if (target instanceof Node && !menu.contains(target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector<HTMLDetailsElement>("details[data-menu][open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
};
