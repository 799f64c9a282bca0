/** Commands go by HTTP POST with an idempotency key; the socket only brings news. */
import { Refusal, request } from "../shared/http";

export type Answer<T> =
  | { readonly ok: true; readonly body: T }
  | { readonly ok: false; readonly refusal: Refusal }
  /** No answer came: the act may or may not have happened. Send again under the same key. */
  | { readonly ok: false; readonly refusal: null };

const ANSWER_MS = 8000;
const PAUSES_MS = [300, 900];

/** A fresh idempotency key. Not `randomUUID`: that exists only where the address is secure. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Sends one command. A lost answer is asked for twice more under the same key within about a
 * second, so a retry can never act twice; then the caller says in words that nothing is known.
 */
export async function send<T>(url: string, body: unknown, key: string): Promise<Answer<T>> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await once<T>(url, body, key);
    if (answer !== null) return answer;
    const pause = PAUSES_MS[attempt];
    if (pause === undefined || !navigator.onLine) return { ok: false, refusal: null };
    await new Promise((resolve) => window.setTimeout(resolve, pause));
  }
}

async function once<T>(url: string, body: unknown, key: string): Promise<Answer<T> | null> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return { ok: true, body: await request<T>(url, { method: "POST", body, key, signal }) };
  } catch (error) {
    if (error instanceof Refusal && error.status > 0 && error.status < 500) return { ok: false, refusal: error };
    return null;
  }
}

/** The address of the re-authentication page when the server asks for one, else null. */
export function stepUpUrl(refusal: Refusal): string | null {
  const url = refusal.details["url"];
  return refusal.code === "step_up_required" && typeof url === "string" ? url : null;
}
