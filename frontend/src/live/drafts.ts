import { isDirty, nextDraft, NO_DRAFT, type Draft, type DraftEvent } from "./draft";
import type { LiveStore } from "./store";
import * as words from "./words";

const PAUSE_MS = 800;
/** Saved at the latest after this long, however fast somebody types. */
const LONGEST_MS = 3000;
const RETRY_MS = 4000;

/**
 * The conclusions being written, one draft per item: each is saved on its own, so calling the next
 * item in the middle of a sentence loses nothing. What is unsaved is also kept on this device.
 */
export class Drafts {
  private readonly drafts = new Map<number, Draft>();
  private readonly timers = new Map<number, { timer: number; first: number }>();
  private readonly underway = new Map<number, Promise<boolean>>();
  private readonly room: LiveStore;
  private readonly changed: () => void;

  constructor(room: LiveStore, changed: () => void) {
    this.room = room;
    this.changed = changed;
    window.addEventListener("beforeunload", (event) => {
      // A page that has to go keeps its drafts on this device: nothing to ask about.
      if (!room.leaving && [...this.drafts.values()].some(isDirty)) event.preventDefault();
    });
  }

  /** The draft of an item, brought in line with what the newest push says about it. */
  of(itemId: number, pushed: string): Draft {
    const before = this.drafts.get(itemId);
    let draft = nextDraft(before ?? NO_DRAFT, { kind: "pushed", itemId, text: pushed, seq: this.room.state.seq });
    this.drafts.set(itemId, draft);
    const kept = before ? null : recall(itemId, pushed);
    if (kept !== null && kept.trim() !== pushed) draft = this.typed(itemId, kept);
    return draft;
  }

  typed(itemId: number, text: string): Draft {
    const draft = this.apply(itemId, { kind: "typed", text });
    localStorage.setItem(place(itemId), JSON.stringify({ text, base: draft.saved }));
    this.saveSoon(itemId, PAUSE_MS);
    return draft;
  }

  /** Save now what is unsaved; resolves to true when the server has the text. */
  async flush(itemId: number): Promise<boolean> {
    window.clearTimeout(this.timers.get(itemId)?.timer);
    this.timers.delete(itemId);
    for (let save = this.underway.get(itemId); save; save = this.underway.get(itemId)) await save;
    const draft = this.drafts.get(itemId);
    if (!draft || !isDirty(draft)) {
      localStorage.removeItem(place(itemId));
      return true;
    }
    const save = this.save(itemId, draft.text).finally(() => this.underway.delete(itemId));
    this.underway.set(itemId, save);
    return save;
  }

  private async save(itemId: number, text: string): Promise<boolean> {
    this.apply(itemId, { kind: "sending" });
    const answer = await this.room.command<{ readonly seq: number }>(`items/${itemId}/conclusion`, { text });
    if (!answer.ok) {
      this.apply(itemId, { kind: "failed", error: answer.refusal?.message ?? words.unsaved() });
      if (!answer.refusal) this.saveSoon(itemId, RETRY_MS);
      return false;
    }
    const { seq } = answer.body;
    const saved = this.apply(itemId, { kind: "saved", itemId, text, at: this.room.now(), seq });
    if (isDirty(saved)) this.saveSoon(itemId, PAUSE_MS);
    else localStorage.removeItem(place(itemId));
    return !isDirty(saved);
  }

  private saveSoon(itemId: number, pause: number): void {
    const before = this.timers.get(itemId);
    window.clearTimeout(before?.timer);
    const first = before?.first ?? Date.now();
    const wait = Math.max(0, Math.min(pause, first + Math.max(LONGEST_MS, pause) - Date.now()));
    this.timers.set(itemId, { first, timer: window.setTimeout(() => void this.flush(itemId), wait) });
  }

  private apply(itemId: number, event: DraftEvent): Draft {
    const draft = nextDraft(this.drafts.get(itemId) ?? NO_DRAFT, event);
    this.drafts.set(itemId, draft);
    this.changed();
    return draft;
  }
}

const place = (itemId: number): string => `ecabinet.draft.${itemId}`;

/** What was typed here and not saved; after the text it began from, where somebody has changed that meanwhile. */
function recall(itemId: number, pushed: string): string | null {
  const kept = localStorage.getItem(place(itemId));
  if (kept === null) return null;
  const { text, base } = JSON.parse(kept) as { text: string; base: string };
  return base.trim() === pushed.trim() || text.trim() === pushed.trim() ? text : `${pushed}\n\n${text}`;
}
