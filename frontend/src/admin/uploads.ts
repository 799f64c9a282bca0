// Papers: choose a PDF or drag it onto its paper, see its name, send it with progress, read the server's words.
// Without script the browser's own control and a plain form do the same.
import { messageOf } from "./messages";
import { enterAgain } from "./session";

const MEGABYTE = 1_048_576;

/** The page of papers; its sentences stand in its attributes. */
const papers = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-papers]");
const words = (name: string): string => papers()?.dataset[name] ?? "";

const fileOf = (form: HTMLFormElement): HTMLInputElement | null => form.querySelector<HTMLInputElement>("input[type=file]");

const say = (form: HTMLFormElement, text: string, wrong = false): void => {
  const status = form.querySelector<HTMLElement>("[role=status]");
  if (!status) return;
  status.textContent = text;
  status.classList.toggle("is-wrong", wrong);
};

const figure = (bytes: number): string =>
  `${(bytes / MEGABYTE).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 })} MB`;

/** Show what was chosen; false when it is too large to be worth sending. */
const chosen = (form: HTMLFormElement): boolean => {
  const file = fileOf(form)?.files?.[0];
  const picked = form.querySelector<HTMLElement>("[data-picked]");
  if (!file || !picked) return true;
  form.closest("section")?.querySelector("[role=alert]")?.remove(); // it spoke of the file before
  picked.textContent = `${file.name} · ${figure(file.size)}`;
  picked.classList.add("is-chosen");
  const fits = file.size <= Number(words("max") || Infinity);
  say(form, fits ? "" : words("large"), !fits);
  return fits;
};

const progressOf = (form: HTMLFormElement, { loaded, total }: ProgressEvent): void => {
  const bar = form.querySelector("progress");
  if (!bar) return;
  bar.hidden = false;
  bar.value = total ? (100 * loaded) / total : 0;
  say(form, loaded < total ? words("sending") : words("examining"));
};

const failed = (form: HTMLFormElement, text: string): void => {
  const [bar, button] = [form.querySelector("progress"), form.querySelector("button")];
  if (bar) bar.hidden = true;
  if (button) button.disabled = false;
  say(form, text, true);
};

const show = (form: HTMLFormElement, request: XMLHttpRequest): void => {
  if (request.status === 401) {
    failed(form, words("ended"));
    form.querySelector("[role=status]")?.append(" ", enterAgain(words("enter")));
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = page.querySelector("[data-papers]");
  if (!fresh) {
    failed(form, words("lost"));
    return;
  }
  const section = form.closest("section")?.getAttribute("aria-labelledby") ?? "";
  papers()?.replaceWith(document.adoptNode(fresh));
  enhance();
  const again = document.getElementById(section)?.closest("section");
  const taken = again?.querySelector<HTMLFormElement>("[data-upload]");
  if (taken) say(taken, messageOf(page));
  again?.scrollIntoView({ block: "nearest" });
  taken?.querySelector<HTMLElement>("input[type=file]")?.focus({ preventScroll: true });
};

const send = (form: HTMLFormElement): void => {
  const request = new XMLHttpRequest();
  const button = form.querySelector("button");
  if (button?.disabled || !chosen(form)) return;
  if (button) button.disabled = true;
  request.upload.addEventListener("progress", (event) => progressOf(form, event));
  request.addEventListener("load", () => show(form, request));
  request.addEventListener("error", () => failed(form, words("lost")));
  request.open("POST", form.action);
  request.send(new FormData(form));
};

const formAt = (target: EventTarget | null): HTMLFormElement | null => {
  const section = target instanceof Element ? target.closest<HTMLElement>("section.paper") : null;
  return section?.querySelector<HTMLFormElement>("[data-upload]") ?? null;
};

const over = (form: HTMLFormElement | null): void => {
  for (const each of document.querySelectorAll("section.paper.is-over")) each.classList.remove("is-over");
  form?.closest("section")?.classList.add("is-over");
};

/** A file that misses its paper must not replace the page. */
const onDrag = (event: DragEvent): void => {
  if (!papers() || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  const form = formAt(event.target);
  event.dataTransfer.dropEffect = form ? "copy" : "none";
  over(form);
};

const onDrop = (event: DragEvent): void => {
  if (!papers() || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  over(null);
  const form = formAt(event.target);
  const input = form ? fileOf(form) : null;
  if (!form || !input) return;
  if (event.dataTransfer.files.length !== 1) {
    say(form, words("one"), true);
    return;
  }
  input.files = event.dataTransfer.files;
  chosen(form);
  form.querySelector("button")?.focus();
};

/** From here on our own label stands for the browser's control, which keeps the keyboard. */
const enhance = (): void => {
  for (const form of document.querySelectorAll("[data-upload]")) form.classList.add("is-ready");
};

export const startUploads = (): void => {
  enhance();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.upload === undefined) return;
    event.preventDefault();
    send(form);
  });
  document.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === "file" && target.form?.dataset.upload !== undefined) chosen(target.form);
  });
  document.addEventListener("dragover", onDrag);
  document.addEventListener("drop", onDrop);
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && over(null));
};
