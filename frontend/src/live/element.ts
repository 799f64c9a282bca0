import { LitElement } from "lit";

/**
 * A part of the page drawn into the page itself, so that the one style sheet applies. What the
 * server wrote inside stays until the first drawing replaces it.
 */
export abstract class PageElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    this.replaceChildren();
    return this;
  }
}
