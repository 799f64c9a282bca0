/**
 * The conclusion while it is being written, as a pure reducer.
 *
 * What the person typed always wins over what a push brings: a text from elsewhere is taken
 * over only while nothing here is unsaved.
 */
export interface Draft {
  readonly itemId: number | null;
  readonly text: string;
  /** The text the server has, as far as this page knows. */
  readonly saved: string;
  readonly savedAt: number | null;
  /** Number of the event that saved it: what was drawn up before says nothing about this text. */
  readonly seq: number;
  readonly saving: boolean;
  readonly error: string;
}

export type DraftEvent =
  | { readonly kind: "pushed"; readonly itemId: number | null; readonly text: string; readonly seq: number }
  | { readonly kind: "typed"; readonly text: string }
  | { readonly kind: "sending" }
  | { readonly kind: "saved"; readonly itemId: number; readonly text: string; readonly at: number; readonly seq: number }
  | { readonly kind: "failed"; readonly error: string };

export const NO_DRAFT: Draft = { itemId: null, text: "", saved: "", savedAt: null, seq: 0, saving: false, error: "" };

export function nextDraft(draft: Draft, event: DraftEvent): Draft {
  switch (event.kind) {
    case "pushed":
      return event.itemId === draft.itemId && event.seq < draft.seq ? draft : pushed(draft, event.itemId, event.text);
    case "typed":
      return { ...draft, text: event.text };
    case "sending":
      return { ...draft, saving: true, error: "" };
    case "saved":
      if (event.itemId !== draft.itemId) return draft;
      return { ...draft, saved: event.text, savedAt: event.at, seq: event.seq, saving: false, error: "" };
    case "failed":
      return { ...draft, saving: false, error: event.error };
  }
}

function pushed(draft: Draft, itemId: number | null, text: string): Draft {
  if (itemId !== draft.itemId) return { ...NO_DRAFT, itemId, text, saved: text };
  // The text the server has from here (it keeps none of the blanks at its ends) is no news: what is
  // typed since then stands, be it a blank more or a field emptied to begin anew.
  if (isDirty(draft) || draft.saving || text === draft.saved.trim()) return draft;
  return { ...draft, text, saved: text };
}

/** Is there a text the server does not have? An emptied field is not one: a conclusion is never blank. */
export function isDirty(draft: Draft): boolean {
  const text = draft.text.trim();
  return text !== "" && text !== draft.saved.trim();
}
