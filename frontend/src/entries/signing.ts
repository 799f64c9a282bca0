// On the page of a signing session: the passkey, a key on this device, and words when the network is gone.
import "./passkey";

const offline = (gone: boolean): void => {
  for (const words of document.querySelectorAll<HTMLElement>("[data-offline]")) words.hidden = !gone;
};

addEventListener("offline", () => offline(true));
addEventListener("online", () => offline(false));

// A second press while the first is on its way would only be refused.
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-signs]:not([data-passkey])")) {
  form.addEventListener("submit", () => form.querySelector("button")?.setAttribute("aria-busy", "true"));
}
