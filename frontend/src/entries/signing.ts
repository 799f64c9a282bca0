// On the page of a signing session: the passkey, a key on this device, and words when the network is gone.
import { base64, findKey, fromBase64, signAll } from "../shared/device-key";
import "./passkey";

interface DeviceWork {
  readonly key: string;
  /** [place in the list, bytes to sign in base64] */
  readonly entries: readonly (readonly [number, string])[];
}

const offline = (gone: boolean): void => {
  for (const words of document.querySelectorAll<HTMLElement>("[data-offline]")) words.hidden = !gone;
};

addEventListener("offline", () => offline(true));
addEventListener("online", () => offline(false));

const work = (): DeviceWork | null => JSON.parse(document.getElementById("tray-device")?.textContent ?? "null");

const complain = (form: HTMLFormElement, words: string): void => {
  const place = form.querySelector<HTMLElement>("[data-passkey-error]");
  const text = place?.querySelector("span");
  if (!place || !text) return;
  place.hidden = false;
  text.textContent = words;
};

/** Signs the list with the key of this browser; false when it has none of that name. */
const signHere = async (form: HTMLFormElement, wanted: DeviceWork): Promise<boolean> => {
  const key = await findKey(wanted.key);
  const field = form.elements.namedItem("signatures");
  if (!key || !(field instanceof HTMLInputElement)) return false;
  const signed = await signAll(key, wanted.entries.map(([, data]) => fromBase64(data)));
  field.value = JSON.stringify(wanted.entries.map(([place], at) => [place, base64(signed[at] as ArrayBuffer)]));
  return true;
};

const elsewhere = (): string => gettext("Your signing key is on another device or in another browser. Sign there, or ask for a certificate for this one.");

/** Before anything is sent, and before the passkey is asked for: the signatures of the key that lives here. */
const start = (form: HTMLFormElement): void => {
  const wanted = work();
  let ready = wanted === null;
  form.addEventListener(
    "submit",
    (event) => {
      const button = form.querySelector("button[type=submit]");
      const again = button?.getAttribute("aria-busy") === "true";
      button?.setAttribute("aria-busy", "true");
      if (!again && (ready || wanted === null)) return;
      // A second press while the first is on its way, or signatures to be made first.
      event.preventDefault();
      event.stopImmediatePropagation();
      if (again || wanted === null) return;
      void signHere(form, wanted)
        .catch(() => false)
        .then((signed) => {
          button?.removeAttribute("aria-busy");
          if (!signed) return complain(form, elsewhere());
          ready = true;
          form.requestSubmit();
        });
    },
    { capture: true },
  );
};

const forms = document.querySelectorAll<HTMLFormElement>("form[data-signs]");
forms.forEach(start);
addEventListener("pageshow", () => {
  for (const form of forms) form.querySelector("button[type=submit]")?.removeAttribute("aria-busy");
});
