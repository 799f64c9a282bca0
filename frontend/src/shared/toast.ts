/** A short message in the corner of the page, announced to screen readers. */
export const toast = (message: string, kind: "done" | "fail" = "done"): void => {
  const region = document.querySelector("[data-toasts]");
  if (!region) return;
  const item = document.createElement("div");
  item.className = kind === "fail" ? "toast toast--fail" : "toast";
  item.setAttribute("role", kind === "fail" ? "alert" : "status");
  const words = document.createElement("p");
  words.textContent = message;
  item.append(words, closeButton(item));
  region.append(item);
};

const closeButton = (item: HTMLElement): HTMLButtonElement => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast__close";
  button.textContent = gettext("Close");
  button.addEventListener("click", () => item.remove());
  return button;
};
