/**
 * A marked choice on its way through a sign-in or a confirmation. It stays in this tab, is read once and
 * then forgotten: what a member marked but did not cast is nobody's business.
 */
export interface Marked {
  /** Whose it is: somebody else may sign in at this device. */
  readonly member: number | null;
  readonly poll: number;
  readonly choice: string;
  readonly key: string;
}

const PLACE = "ecabinet.marked";

export function remember(marked: Marked): void {
  sessionStorage.setItem(PLACE, JSON.stringify(marked));
}

export function recall(): Marked | null {
  const text = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  return text === null ? null : (JSON.parse(text) as Marked);
}
