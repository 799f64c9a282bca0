/** The floor on the desk: who speaks and for how long, who waits and has spoken how much. */
import { html, type TemplateResult } from "lit";
import { icon } from "../shared/icon";
import { minutes } from "./clock";
import { clockLine, office, ofWords, speech } from "./parts";
import type { Floor, Speaker, Waiting } from "./types";
import * as words from "./words";
import * as told from "./words-desk";

export interface FloorActs {
  readonly now: number;
  readonly busy: string;
  readonly act: (path: string, body: unknown) => void;
}

export function floorColumn(floor: Floor, acts: FloorActs): TemplateResult {
  return html`${floor.speaker ? speaking(floor.speaker, acts) : silence()}
    <h2 class="label desk__h">
      ${words.queueTitle()} <span class="muted">${words.queueLine(floor.queue.length, floor.wait_seconds)}</span>
    </h2>
    <ol class="speakers">
      ${floor.queue.map((entry, index) => waiting(entry, index + 1, acts))}
    </ol>`;
}

const busyAt = (acts: FloorActs, path: string): string => (acts.busy === path ? "true" : "false");

function speaking(speaker: Speaker, acts: FloorActs): TemplateResult {
  const clock = speech(speaker, acts.now);
  const path = `floor/${speaker.request_id}`;
  const spoken = speaker.times > 0 ? words.spokenToday(minutes(speaker.spoken_seconds)) : words.notSpoken();
  return html`<div class="desk__speaker ${clock.over ? "clock--over" : ""}">
    <div class="desk__now">
      <p class="label">${speaker.kind === "point_of_order" ? told.pointOfOrder() : words.speaking()}</p>
      <p class="live__name">${speaker.name}</p>
      <p class="small muted">${[standsFor(speaker), spoken].filter(Boolean).join(" · ")}</p>
    </div>
    <div class="desk__clock">
      <p class="clock__time" role="timer">${clock.text}</p>
      <p class="clock__of small muted">${ofWords(speaker, clock)}</p>
    </div>
    ${clockLine(clock)}
    <p class="actions desk__speak-actions">
      <button
        class="button"
        type="button"
        aria-busy=${busyAt(acts, `${path}/extend`)}
        @click=${() => acts.act(`${path}/extend`, { minutes: 1 })}
      >
        ${icon("plus")} ${words.oneMinute()}
      </button>
      <button class="button" type="button" aria-busy=${busyAt(acts, `${path}/end`)} @click=${() => acts.act(`${path}/end`, {})}>
        ${words.endSpeech()}
      </button>
    </p>
  </div>`;
}

/** The office, and whose word it is where a substitute speaks. */
const standsFor = (one: Speaker | Waiting): string =>
  [one.in_place_of ? told.inPlaceOf(one.in_place_of) : "", office(one)].filter(Boolean).join(", ");

const silence = (): TemplateResult =>
  html`<div class="desk__speaker"><p class="muted">${words.nobodySpeaks()}</p></div>`;

function waiting(entry: Waiting, place: number, acts: FloorActs): TemplateResult {
  const spoken = entry.times > 0 ? words.spokenTimes(entry.times, minutes(entry.spoken_seconds)) : words.notSpoken();
  const path = `floor/${entry.request_id}`;
  return html`<li class="speaker">
    <span class="speaker__n num">${place}</span>
    <span class="speaker__who"><b>${entry.name}</b><small
        >${entry.kind === "point_of_order" ? html`<b class="speaker__point">${told.pointOfOrder()}</b> ` : ""}${standsFor(entry)}</small
      ></span>
    <span class="speaker__spoke">${spoken}</span>
    <span class="speaker__acts">
      <button
        class="button"
        type="button"
        aria-label=${words.inviteName(entry.name)}
        aria-busy=${busyAt(acts, `${path}/give`)}
        @click=${() => acts.act(`${path}/give`, {})}
      >
        ${words.invite()}
      </button>
      <button
        class="button button--icon"
        type="button"
        aria-label=${words.remove(entry.name)}
        aria-busy=${busyAt(acts, `${path}/remove`)}
        @click=${() => acts.act(`${path}/remove`, {})}
      >
        ${icon("x")}
      </button>
    </span>
  </li>`;
}
