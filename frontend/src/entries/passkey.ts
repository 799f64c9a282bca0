// Sign-in, confirmation and making of passkeys: forms with data-passkey="login|get|create".
import { creationOptions, credentialJson, requestOptions } from "../shared/webauthn";

type Kind = "login" | "get" | "create";

const optionsOf = async (form: HTMLFormElement): Promise<{ publicKey: unknown }> => {
  const url = form.dataset["optionsUrl"];
  if (!url) return JSON.parse(document.getElementById(form.dataset["options"] ?? "")?.textContent ?? "{}");
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(gettext("The server did not answer as expected. Try again in a moment."));
  return ((await answer.json()) as { request_options: { publicKey: unknown } }).request_options;
};

const ask = async (kind: Kind, options: { publicKey: unknown }): Promise<Credential | null> =>
  kind === "create"
    ? navigator.credentials.create({ publicKey: creationOptions(options.publicKey) })
    : navigator.credentials.get({ publicKey: requestOptions(options.publicKey) });

const sentence = (error: unknown): string => {
  if (!(error instanceof DOMException)) return error instanceof Error ? error.message : String(error);
  if (error.name === "NotAllowedError") {
    return gettext("Nothing was confirmed: the time ran out, or it was cancelled. Try again, or use another way.");
  }
  if (error.name === "InvalidStateError") return gettext("This device already has a passkey for your account.");
  return gettext("This browser or address does not allow passkeys. Use another way.");
};

const show = (form: HTMLFormElement, words: string): void => {
  const place = form.querySelector<HTMLElement>("[data-passkey-error]");
  if (!place) return;
  place.hidden = words === "";
  const text = place.querySelector("span");
  if (text) text.textContent = words;
};

const run = async (form: HTMLFormElement): Promise<void> => {
  const button = form.querySelector("button");
  show(form, "");
  button?.setAttribute("aria-busy", "true");
  let sent = false;
  try {
    if (!("credentials" in navigator)) throw new DOMException("", "NotSupportedError");
    const credential = await ask(form.dataset["passkey"] as Kind, await optionsOf(form));
    const field = form.elements.namedItem("credential");
    if (!credential || !(field instanceof HTMLInputElement)) return;
    field.value = JSON.stringify(credentialJson(credential as PublicKeyCredential));
    sent = true; // and busy until the next page is there
    HTMLFormElement.prototype.submit.call(form);
  } catch (error) {
    show(form, sentence(error));
  } finally {
    if (!sent) button?.removeAttribute("aria-busy");
  }
};

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  addEventListener("pageshow", () => form.querySelector("button")?.removeAttribute("aria-busy"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run(form);
  });
}
