// The way back in when the session has ended: to the sign-in page and from there to this page again.

export const enterAgain = (words: string): HTMLAnchorElement => {
  const link = document.createElement("a");
  link.href = `/account/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = words;
  return link;
};
