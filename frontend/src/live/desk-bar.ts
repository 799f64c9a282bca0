import { html, nothing, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { PageElement } from "./element";
import { store, StoreController } from "./store";
import * as words from "./words";

/** The readings in the bar of the desk: time, delay, presence, screens. */
export class DeskBar extends PageElement {
  private readonly room = store();

  constructor() {
    super();
    new StoreController(this);
  }

  protected override render(): TemplateResult {
    const { attendance, meeting } = this.room.state;
    const now = words.hour(this.room.now(), true);
    const delay = words.delay(meeting.delay_seconds);
    return html`<dl class="desk-bar__readings">
      <div class="reading">
        <dt>${words.hourLabel()}</dt>
        <dd class="reading__figure">${now.slice(0, 5)}<small>${now.slice(5)}</small></dd>
      </div>
      <div class="reading">
        <dt>${words.schedule()}</dt>
        <dd class="reading__figure">${meeting.started_at ? html`${delay.large} <small>${delay.small}</small>` : "–"}</dd>
      </div>
      <div class="reading">
        <dt>${words.present()}</dt>
        <dd class="reading__figure">
          ${attendance.present}<small>/${attendance.members}, ${words.neededShort(attendance.needed)}</small>
        </dd>
      </div>
      ${this.renderLink()}
    </dl>`;
  }

  private renderLink(): TemplateResult | typeof nothing {
    const { link, lostSince, screens } = this.room;
    if (link.phase === "lost") {
      const { short, more } = words.linkWords(link, lostSince, 0);
      return html`<div class="reading reading--lost">
        <dt>${words.linkLabel()}</dt>
        <dd>${icon("wifi-off")}<span role="status"><b>${short}</b>${more}</span></dd>
      </div>`;
    }
    return html`<div class="reading">
      <dt>${words.screensLabel()}</dt>
      <dd class="reading__figure">${screens ?? "–"}</dd>
    </div>`;
  }
}
