/**
 * A marked choice on its way through a reload, a new sign-in or re-authentication. It stays in this
 * tab, is read once and then forgotten: what a member marked but did not cast is nobody's business,
 * least of all of who signs in next.
 */
export interface Marked {
  readonly user: number;
  readonly poll: number;
  /** The mandate in view, and what is marked for each. */
  readonly selected: number;
  readonly marks: readonly { readonly mandate: number; readonly choice: string; readonly key: string }[];
}

const PLACE = "ecabinet.marks";

export function remember(marked: Marked): void {
  sessionStorage.setItem(PLACE, JSON.stringify(marked));
}

export function recall(): Marked | null {
  const text = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  return text === null ? null : (JSON.parse(text) as Marked);
}
