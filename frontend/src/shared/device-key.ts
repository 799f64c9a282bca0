/** Signing keys of this browser: made here, kept in IndexedDB, never readable by anybody. */

const DATABASE = "ecabinet-keys";
const STORE = "keys";
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(DATABASE));
  });

const written = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error(DATABASE));
  });

const store = async (mode: IDBTransactionMode): Promise<IDBObjectStore> => {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return (await done(opening)).transaction(STORE, mode).objectStore(STORE);
};

const hex = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const base64 = (bytes: ArrayBuffer | Uint8Array): string => {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary);
};

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

export interface MadeKey {
  /** SHA-256 of the public key: how the server and this browser call it. */
  readonly ref: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly sign: (data: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;
}

/** A new key of this browser, kept before it is used. Asks the browser not to throw its storage away. */
export const makeKey = async (): Promise<MadeKey> => {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const ref = hex(await crypto.subtle.digest("SHA-256", publicKey));
  const kept = await store("readwrite");
  kept.put(pair.privateKey, ref);
  await written(kept.transaction); // a certificate must not be asked for a key that was not kept
  await navigator.storage?.persist?.();
  return { ref, publicKey, sign: (data) => crypto.subtle.sign(SIGNING, pair.privateKey, data) };
};

/** The key the server calls ``ref``, or null where this browser has none of that name. */
export const findKey = async (ref: string): Promise<CryptoKey | null> =>
  ((await done((await store("readonly")).get(ref))) as CryptoKey | undefined) ?? null;

/** r and s one behind the other (64 bytes) for each piece, in order. */
export const signAll = async (key: CryptoKey, pieces: Uint8Array<ArrayBuffer>[]): Promise<ArrayBuffer[]> =>
  Promise.all(pieces.map((piece) => crypto.subtle.sign(SIGNING, key, piece)));
