import { html, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { PageElement } from "./element";
import { store, StoreController } from "./store";
import * as words from "./words";

/** The connection in words, in the bar of the room. */
export class LinkState extends PageElement {
  private readonly room = store();

  constructor() {
    super();
    new StoreController(this);
  }

  protected override render(): TemplateResult {
    const { link, lostSince } = this.room;
    const age = Math.max(0, Math.floor((performance.now() - link.heardAt) / 1000));
    const { short, more } = words.linkWords(link, lostSince, age);
    const lost = link.phase === "lost";
    // Only the short word is announced: the age changes every second.
    return html`<p class="live-bar__link ${lost ? "live-bar__link--off" : ""}">
      ${icon(lost ? "wifi-off" : "wifi")}
      <span><b role="status">${short}</b><span class="live-bar__more">${more}</span></span>
    </p>`;
  }
}
