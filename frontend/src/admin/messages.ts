// What a page answered with says in its band of messages, without the band's own buttons.

export const messageOf = (page: Document, kind = ""): string => {
  const message = page.querySelector(`.messages li${kind && `.${kind}`}`)?.cloneNode(true);
  if (!(message instanceof Element)) return "";
  for (const button of message.querySelectorAll("a, button")) button.remove();
  return message.textContent?.replace(/\s+/g, " ").trim() ?? "";
};
