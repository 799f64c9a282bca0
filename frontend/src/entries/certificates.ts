// Asking for a certificate whose key stays here: the key is made, and the request signed with it, before sending.
import { element, signingRequest } from "../shared/csr";
import { makeKey } from "../shared/device-key";

const SEQUENCE = 0x30;
/** The register writes the names into the certificate; the request proves the key and nothing else. */
const NO_NAME = element(SEQUENCE);

const chosen = (form: HTMLFormElement): string => String(new FormData(form).get("backend") ?? "");

const complain = (form: HTMLFormElement, words: string): void => {
  const place = form.querySelector<HTMLElement>("[data-device-error]");
  const text = place?.querySelector("span");
  if (!place || !text) return;
  place.hidden = words === "";
  text.textContent = words;
};

const send = async (form: HTMLFormElement, field: HTMLInputElement): Promise<void> => {
  const button = form.querySelector("button[type=submit]");
  button?.setAttribute("aria-busy", "true");
  complain(form, "");
  try {
    field.value = await signingRequest(await makeKey(), NO_NAME);
    HTMLFormElement.prototype.submit.call(form);
  } catch {
    button?.removeAttribute("aria-busy");
    complain(form, gettext("This browser cannot keep a key (a private window, or its storage is blocked). Use another one."));
  }
};

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-device-key]")) {
  form.addEventListener("submit", (event) => {
    const field = form.elements.namedItem("csr");
    if (chosen(form) !== "device" || !(field instanceof HTMLInputElement)) return;
    event.preventDefault();
    if (form.querySelector("button[type=submit]")?.getAttribute("aria-busy") !== "true") void send(form, field);
  });
}
