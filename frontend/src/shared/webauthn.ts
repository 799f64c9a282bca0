/** WebAuthn's JSON forms (level 3) written out: not every browser in use has them built in. */

type Json = Record<string, any>; // the shape is the standard’s; the browser checks it

const bytes = (text: string): Uint8Array<ArrayBuffer> => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
};

const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const descriptors = (list: Json[] | undefined): PublicKeyCredentialDescriptor[] =>
  (list ?? []).map((one) => ({ ...one, id: bytes(one["id"]) }) as unknown as PublicKeyCredentialDescriptor);

/** Options for `navigator.credentials.get` from the server's JSON. */
export const requestOptions = (from: unknown): PublicKeyCredentialRequestOptions => {
  const options = from as Json;
  return { ...options, challenge: bytes(options["challenge"]), allowCredentials: descriptors(options["allowCredentials"]) };
};

/** Options for `navigator.credentials.create`: a key that can be found without a name and asks for finger, face or PIN. */
export const creationOptions = (from: unknown): PublicKeyCredentialCreationOptions => {
  const options = from as Json;
  return {
    ...options,
    challenge: bytes(options["challenge"]),
    user: { ...options["user"], id: bytes(options["user"]["id"]) },
    excludeCredentials: descriptors(options["excludeCredentials"]),
    authenticatorSelection: {
      ...options["authenticatorSelection"],
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  } as unknown as PublicKeyCredentialCreationOptions;
};

const answerJson = (response: AuthenticatorResponse): Json => {
  const answer: Json = { clientDataJSON: text(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    answer["attestationObject"] = text(response.attestationObject);
    answer["transports"] = response.getTransports();
  }
  if (response instanceof AuthenticatorAssertionResponse) {
    answer["authenticatorData"] = text(response.authenticatorData);
    answer["signature"] = text(response.signature);
    answer["userHandle"] = response.userHandle ? text(response.userHandle) : null;
  }
  return answer;
};

/** The browser's answer in the form the server reads. */
export const credentialJson = (credential: PublicKeyCredential): Json => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
  response: answerJson(credential.response),
});
