/**
 * Passkeys as keys: the PRF extension of WebAuthn makes 32 bytes of a salt, the same every time, and only after the person
 * has shown to be there. The ceremony needs a window, so it is the page's.
 */
import type { LockView, NewWay, UnlockSecret } from "../../peer/api.ts";

const SALT_BYTES = 32;
/** COSE numbers of the algorithms that passkeys sign with; none of their signatures is looked at here. */
const ALGORITHMS = [-8, -7, -257];

/** Why there is no secret: shown to the person in words of their language. */
export class PasskeyError extends Error {
  override readonly name = "PasskeyError";
  readonly code: "PASSKEY_UNSUPPORTED" | "PASSKEY_CANCELLED";
  constructor(code: PasskeyError["code"], cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

type Passkey = Extract<UnlockSecret, { kind: "passkey" }>;
type NewPasskey = Extract<NewWay, { kind: "passkey" }>;

export function canUsePasskeys(): boolean {
  return "PublicKeyCredential" in window;
}

/**
 * A new passkey for this site.
 * @param name as the device's list of passkeys is to show it
 * @throws PasskeyError
 */
export async function createPasskey(name: string, known: LockView["passkeys"]): Promise<NewPasskey> {
  const salt = random(SALT_BYTES);
  const made = await ceremony(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: "Mehr" },
        user: { id: random(16), name, displayName: name },
        // Answered by the device and looked at by nobody: what counts is the secret.
        challenge: random(32),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        excludeCredentials: known.map(({ credential }) => ({ type: "public-key", id: own(credential) })),
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const credential = new Uint8Array(made.rawId);
  const { prf } = made.getClientExtensionResults();
  if (prf?.enabled !== true) throw new PasskeyError("PASSKEY_UNSUPPORTED");
  // Some devices give the secret only when they are asked for the passkey.
  const secret = secretOf(prf) ?? (await askPasskey([{ credential, salt }])).secret;
  return { kind: "passkey", credential, salt, secret };
}

/** One of these passkeys. @throws PasskeyError */
export async function askPasskey(passkeys: LockView["passkeys"]): Promise<Passkey> {
  const given = await ceremony(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        userVerification: "required",
        allowCredentials: passkeys.map(({ credential }) => ({ type: "public-key", id: own(credential) })),
        extensions: {
          prf: {
            evalByCredential: Object.fromEntries(
              passkeys.map(({ credential, salt }) => [base64url(credential), { first: own(salt) }]),
            ),
          },
        },
      },
    }),
  );
  const secret = secretOf(given.getClientExtensionResults().prf);
  if (secret === null) throw new PasskeyError("PASSKEY_UNSUPPORTED");
  return { kind: "passkey", credential: new Uint8Array(given.rawId), secret };
}

async function ceremony(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!canUsePasskeys()) throw new PasskeyError("PASSKEY_UNSUPPORTED");
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause;
    const refused = cause.name === "NotAllowedError" || cause.name === "AbortError";
    throw new PasskeyError(refused ? "PASSKEY_CANCELLED" : "PASSKEY_UNSUPPORTED", cause);
  }
  throw new PasskeyError("PASSKEY_CANCELLED");
}

function secretOf(prf: AuthenticationExtensionsPRFOutputs | undefined): Uint8Array | null {
  const first = prf?.results?.first;
  if (first === undefined) return null;
  return first instanceof ArrayBuffer
    ? new Uint8Array(first)
    : new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice();
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
