/** What the desk puts to the vote: the text itself, an amendment before it, or several options. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { icon } from "../shared/icon";
import type { DeskActs } from "./desk-vote";
import { itemTitle } from "./parts";
import type { LiveStore } from "./store";
import type { CurrentItem, PollKind } from "./types";
import * as words from "./words";

const MOST_OPTIONS = 8;

interface Option {
  readonly text: string;
  readonly text_en: string;
}

interface Typed {
  readonly itemId: number;
  readonly kind: PollKind;
  /** The question as typed; null while it is the one prefilled from the item. */
  readonly vi: string | null;
  readonly en: string | null;
  readonly clause: string;
  readonly text: string;
  readonly textEn: string;
  readonly options: readonly Option[];
}

const NO_OPTION: Option = { text: "", text_en: "" };

export class QuestionForm {
  private typed: Typed | null = null;
  private readonly room: LiveStore;
  private readonly desk: DeskActs;
  private readonly opened: () => void;

  constructor(room: LiveStore, desk: DeskActs, opened: () => void) {
    this.room = room;
    this.desk = desk;
    this.opened = opened;
  }

  clear(): void {
    this.typed = null;
  }

  private of(item: CurrentItem): Typed {
    if (this.typed?.itemId === item.id) return this.typed;
    return { itemId: item.id, kind: "motion", vi: null, en: null, clause: "", text: "", textEn: "", options: [NO_OPTION, NO_OPTION] };
  }

  private type(item: CurrentItem, part: Partial<Typed>): void {
    this.typed = { ...this.of(item), ...part };
    this.desk.changed();
  }

  /** The question in both languages, as typed or as prefilled for what is put. */
  private question(item: CurrentItem): { readonly vi: string; readonly en: string } {
    const { kind, vi, en } = this.of(item);
    const { question, question_amended, question_options } = this.room.config;
    const amended = this.adopted > 0 && kind === "motion";
    const format = kind === "options" ? question_options : amended ? question_amended : question;
    const { title, title_en } = item;
    return {
      vi: vi ?? interpolate(format.vi, { title }, true),
      en: en ?? (title_en ? interpolate(format.en, { title: title_en }, true) : ""),
    };
  }

  /** Amendments that stand adopted: they are part of the text that is put. */
  private get adopted(): number {
    return this.room.state.polls.filter((line) => line.kind === "amendment" && line.adopted && !line.superseded).length;
  }

  render(item: CurrentItem): TemplateResult {
    const { kind } = this.of(item);
    return html`<h2 id="h-vote" class="desk__vote-title" tabindex="-1">${words.putQuestion()}</h2>
      <div class="desk__question-form">
        ${this.renderKinds(item, kind)}
        ${kind === "amendment" ? this.renderAmendment(item) : this.renderWords(item)}
        ${kind === "options" ? this.renderOptions(item) : nothing}
        <p class="small muted">
          ${item.draft ? words.votedOn(itemTitle(item.draft), item.draft.version) : words.noDraft()}
          ${kind === "motion" && this.adopted > 0 ? words.asAmended(this.adopted) : nothing}
        </p>
        ${this.renderStances()}
      </div>
      ${this.renderOpen(item)}`;
  }

  private renderKinds(item: CurrentItem, kind: PollKind): TemplateResult {
    const kinds: [PollKind, string][] = [
      ["motion", words.kindMotion()],
      ...(item.draft ? ([["amendment", words.kindAmendment()]] as [PollKind, string][]) : []),
      ["options", words.kindOptions()],
    ];
    return html`<fieldset class="desk__kinds">
      <legend class="visually-hidden">${words.putQuestion()}</legend>
      ${kinds.map(
        ([value, label]) =>
          html`<label class="choice"
            ><input type="radio" name="poll-kind" value=${value} .checked=${live(kind === value)}
              @change=${() => this.type(item, { kind: value })} /><span>${label}</span></label
          >`,
      )}
    </fieldset>`;
  }

  private renderWords(item: CurrentItem): TemplateResult {
    const question = this.question(item);
    const typed = (part: "vi" | "en") => (event: Event) =>
      this.type(item, { [part]: (event.target as HTMLTextAreaElement).value });
    return html`<label class="field"
        ><span class="field__label">${words.questionLabel()}</span>
        <textarea class="field__input official-input" id="question-vi" lang="vi" rows="3" maxlength="400"
          .value=${live(question.vi)} @input=${typed("vi")}></textarea>
      </label>
      ${this.renderEnglish("en", question.en, 400, typed("en"))}`;
  }

  private renderEnglish(name: string, value: string, most: number, typed: (event: Event) => void): TemplateResult {
    return html`<details class="desk__english" data-part=${name}>
      <summary>${words.questionEnLabel()}</summary>
      <textarea class="field__input official-input" lang="en" rows="3" maxlength=${most}
        aria-label=${words.questionEnLabel()} .value=${live(value)} @input=${typed}></textarea>
    </details>`;
  }

  private renderAmendment(item: CurrentItem): TemplateResult {
    const { clause, text, textEn } = this.of(item);
    const value = (event: Event): string => (event.target as HTMLInputElement | HTMLTextAreaElement).value;
    return html`<label class="field"
        ><span class="field__label">${words.clauseLabel()}</span>
        <input class="field__input" lang="vi" maxlength="120" .value=${live(clause)}
          @input=${(event: Event) => this.type(item, { clause: value(event) })} />
      </label>
      <label class="field"
        ><span class="field__label">${words.amendmentLabel()}</span>
        <textarea class="field__input official-input" lang="vi" rows="4" maxlength="4000" .value=${live(text)}
          @input=${(event: Event) => this.type(item, { text: value(event) })}></textarea>
      </label>
      ${this.renderEnglish("amendment", textEn, 4000, (event) => this.type(item, { textEn: value(event) }))}`;
  }

  private renderOptions(item: CurrentItem): TemplateResult {
    const { options } = this.of(item);
    return html`<ol class="desk__options">
        ${options.map((option, index) => this.renderOption(item, option, index))}
      </ol>
      <p class="actions">
        <button class="button" type="button" ?disabled=${options.length >= MOST_OPTIONS}
          @click=${() => this.type(item, { options: [...options, NO_OPTION] })}>
          ${icon("plus")} ${words.addOption()}
        </button>
        <button class="button button--quiet" type="button" ?disabled=${options.length <= 2}
          @click=${() => this.type(item, { options: options.slice(0, -1) })}>
          ${words.dropOption()}
        </button>
      </p>`;
  }

  private renderOption(item: CurrentItem, option: Option, index: number): TemplateResult {
    const change = (part: keyof Option) => (event: Event) => {
      const changed = { ...option, [part]: (event.target as HTMLInputElement).value };
      this.type(item, { options: this.of(item).options.map((one, place) => (place === index ? changed : one)) });
    };
    const letter = String.fromCharCode(65 + index);
    return html`<li>
      <input class="field__input" lang="vi" maxlength="200" aria-label=${words.optionLabel(letter)}
        .value=${live(option.text)} @input=${change("text")} />
      <input class="field__input small" lang="en" maxlength="200" placeholder=${words.inEnglish()}
        aria-label=${words.optionEnLabel(letter)} .value=${live(option.text_en)} @input=${change("text_en")} />
    </li>`;
  }

  private renderStances(): TemplateResult | typeof nothing {
    const stances = Object.entries(this.room.state.desk?.stances ?? {}).filter(([, n]) => n > 0);
    if (stances.length === 0) return nothing;
    return html`<p class="small">
      ${words.statedBefore()} ${stances.map(([code, n], index) => html`${index ? ", " : ""}${words.stance(code)} <b class="num">${n}</b>`)}
    </p>`;
  }

  private renderOpen(item: CurrentItem): TemplateResult {
    const { present, needed, quorate, represented } = this.room.state.attendance;
    return html`<div class="desk__close desk__after">
      <p class="small ${quorate ? "muted" : ""}">
        ${quorate ? words.voteFrozen(present) : html`<b>${words.noQuorumNow(present, needed)}</b>`}
        ${represented > 0 ? words.representedNow(represented) : nothing}
      </p>
      ${this.desk.error("vote")}
      <button
        class="button button--primary button--large button--block"
        type="button"
        aria-busy=${this.desk.busy(this.path(item)) ? "true" : "false"}
        ?disabled=${!this.complete(item)}
        @click=${() => void this.open(item)}
      >
        ${icon("scale")} ${words.openVote()}
      </button>
    </div>`;
  }

  private complete(item: CurrentItem): boolean {
    const { kind, clause, text, options } = this.of(item);
    if (kind === "amendment") return clause.trim() !== "" && text.trim() !== "";
    const asked = this.question(item).vi.trim() !== "";
    return asked && (kind === "motion" || options.every((option) => option.text.trim() !== ""));
  }

  private path(item: CurrentItem): string {
    return { motion: "polls", amendment: "polls/amendment", options: "polls/options" }[this.of(item).kind];
  }

  private body(item: CurrentItem): Record<string, unknown> {
    const { kind, clause, text, textEn, options } = this.of(item);
    if (kind === "amendment") return { item_id: item.id, clause: clause.trim(), text: text.trim(), text_en: textEn.trim() };
    const { vi, en } = this.question(item);
    const asked = { item_id: item.id, question: vi.trim(), question_en: en.trim() };
    return kind === "options" ? { ...asked, options } : asked;
  }

  private async open(item: CurrentItem): Promise<void> {
    if (!(await this.desk.act(this.path(item), this.body(item), "vote"))) return;
    this.typed = null;
    this.opened();
  }
}
