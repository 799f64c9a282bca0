import { html, type TemplateResult } from "lit";

const sprite = document.querySelector<HTMLMetaElement>('meta[name="icon-sprite"]')?.content ?? "";

/** An icon of the sprite for Lit templates; extra classes as in css/components/icon.css. */
export const icon = (name: string, extra = ""): TemplateResult =>
  html`<svg class="icon ${extra}" viewBox="0 0 24 24" aria-hidden="true"><use href="${sprite}#i-${name}"></use></svg>`;
