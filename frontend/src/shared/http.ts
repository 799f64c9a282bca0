/** Requests to our own server: with the CSRF token, and refusals as sentences. */

export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** The token Django wrote into the page; sockets and files need none. */
export const csrfToken = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

const refusalOf = async (response: Response): Promise<Refusal> => {
  const body: unknown = await response.json().catch(() => null);
  const { code, message, details } = (body ?? {}) as Partial<{
    code: string;
    message: string;
    details: Record<string, unknown>;
  }>;
  const words = message ?? gettext("The server did not answer as expected. Try again in a moment.");
  return new Refusal(code ?? `http_${response.status}`, words, response.status, details);
};

/**
 * GET or POST JSON. Throws Refusal with the server's sentence; throws Refusal "offline" when no answer came,
 * in which case the same idempotency key may be used again.
 */
export const request = async <T>(
  url: string,
  options: { method?: "GET" | "POST"; body?: unknown; key?: string; signal?: AbortSignal } = {},
): Promise<T> => {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.method === "POST") headers["X-CSRFToken"] = csrfToken();
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.key) headers["Idempotency-Key"] = options.key;
  let response: Response;
  try {
    response = await fetch(url, {
      method: options.method ?? "GET",
      headers,
      credentials: "same-origin",
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal("offline", gettext("No answer from the server. Check the network; nothing was lost."), 0);
  }
  if (!response.ok) throw await refusalOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
};
