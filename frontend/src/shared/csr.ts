/** A certificate signing request (PKCS #10, RFC 2986) made in the browser: proof that the key is here. */

import { base64, type MadeKey } from "./device-key";

type Bytes = Uint8Array<ArrayBuffer>;

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const ATTRIBUTES = 0xa0; // [0], and none of them
// SEQUENCE { OBJECT IDENTIFIER 1.2.840.10045.4.3.2 }, ecdsa-with-SHA256 (RFC 5758)
const ECDSA_SHA256 = Uint8Array.of(0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);

const joined = (parts: Bytes[]): Bytes => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

const lengthOf = (count: number): Bytes => {
  if (count < 0x80) return Uint8Array.of(count);
  return count < 0x100 ? Uint8Array.of(0x81, count) : Uint8Array.of(0x82, count >> 8, count & 0xff);
};

/** One element of the distinguished encoding. */
export const element = (tag: number, ...parts: Bytes[]): Bytes => {
  const contents = joined(parts);
  return joined([Uint8Array.of(tag), lengthOf(contents.length), contents]);
};

/** A positive integer from big-endian bytes, as short as it may be. */
const integer = (bytes: Bytes): Bytes => {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const shortest = bytes.slice(start);
  return element(INTEGER, (shortest[0] ?? 0) & 0x80 ? joined([Uint8Array.of(0), shortest]) : shortest);
};

/** WebCrypto's r and s as the SEQUENCE that certificates carry. */
export const signatureDer = (raw: ArrayBuffer): Bytes => {
  const bytes = new Uint8Array(raw);
  return element(SEQUENCE, integer(bytes.slice(0, 32)), integer(bytes.slice(32)));
};

/** The request in PEM. ``subject``: the name, DER, as the server wants it. */
export const signingRequest = async (key: MadeKey, subject: Bytes): Promise<string> => {
  const info = element(SEQUENCE, element(INTEGER, Uint8Array.of(0)), subject, key.publicKey, element(ATTRIBUTES));
  const signature = element(BIT_STRING, Uint8Array.of(0), signatureDer(await key.sign(info)));
  const lines = base64(element(SEQUENCE, info, ECDSA_SHA256, signature)).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join("\n")}\n-----END CERTIFICATE REQUEST-----\n`;
};
