/** Two fingers, or a wheel with Ctrl, change the size of the page around the point between them. */

export interface Zoomable {
  readonly zoom: number;
  setZoom(zoom: number, focus?: { x: number; y: number }): void;
}

const apart = (touches: TouchList): number => {
  const [a, b] = [touches[0], touches[1]];
  return a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0;
};

const between = (touches: TouchList): { x: number; y: number } => {
  const [a, b] = [touches[0], touches[1]];
  return a && b ? { x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 } : { x: 0, y: 0 };
};

export const listenToPinch = (surface: HTMLElement, desk: Zoomable): void => {
  let start = 0;
  let zoom = 1;
  surface.addEventListener(
    "touchstart",
    (event) => {
      if (event.touches.length !== 2) return;
      start = apart(event.touches);
      zoom = desk.zoom;
    },
    { passive: true },
  );
  surface.addEventListener(
    "touchmove",
    (event) => {
      if (event.touches.length !== 2 || !start) return;
      event.preventDefault();
      desk.setZoom((zoom * apart(event.touches)) / start, between(event.touches));
    },
    { passive: false },
  );
  surface.addEventListener("touchend", () => (start = 0), { passive: true });
  surface.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      desk.setZoom(desk.zoom * Math.exp(-event.deltaY / 300), { x: event.clientX, y: event.clientY });
    },
    { passive: false },
  );
};
