// Uploads of papers: progress while sending, then the server's words. Without script the form just posts.

const progressOf = (form: HTMLFormElement, { loaded, total }: ProgressEvent): void => {
  const bar = form.querySelector("progress");
  const status = form.querySelector<HTMLElement>("[role=status]");
  if (!bar || !status) return;
  bar.hidden = false;
  bar.value = total ? (100 * loaded) / total : 0;
  status.textContent = (loaded < total ? status.dataset.sending : status.dataset.examining) ?? "";
};

const lost = (form: HTMLFormElement): void => {
  const status = form.querySelector<HTMLElement>("[role=status]");
  const button = form.querySelector("button");
  if (status) status.textContent = status.dataset.lost ?? "";
  if (button) button.disabled = false;
};

const show = (form: HTMLFormElement, request: XMLHttpRequest): void => {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = page.querySelector("[data-papers]");
  const old = document.querySelector("[data-papers]");
  if (!fresh || !old) {
    location.assign(request.responseURL);
    return;
  }
  const section = form.closest("section")?.getAttribute("aria-labelledby") ?? "";
  old.replaceWith(document.adoptNode(fresh));
  document.getElementById(section)?.scrollIntoView({ block: "nearest" });
};

const send = (form: HTMLFormElement): void => {
  const request = new XMLHttpRequest();
  const button = form.querySelector("button");
  if (button) button.disabled = true;
  request.upload.addEventListener("progress", (event) => progressOf(form, event));
  request.addEventListener("load", () => show(form, request));
  request.addEventListener("error", () => lost(form));
  request.open("POST", form.action);
  request.send(new FormData(form));
};

export const startUploads = (): void => {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.upload === undefined) return;
    event.preventDefault();
    send(form);
  });
};
