/** Profiles in stores, without anybody having sent them, and what others give of them. */
import { createStoreClient, ProtocolError } from "../../src/mesh/protocols/index.ts";
import type { Store } from "../../src/store/index.ts";
import { ObjectType, signObject, type Hash, type Signer, type UserProfile } from "../../src/wire/index.ts";
import type { Resident, Town } from "../sim/town.ts";

/** Puts a signed profile into a store. */
export async function holdProfile(
  store: Store,
  signer: Signer,
  fields: Partial<Pick<UserProfile, "displayName" | "avatar" | "claims" | "sequence">>,
): Promise<{ readonly bytes: Uint8Array }> {
  const { bytes, hash, object } = await signObject(
    {
      type: "UserProfile",
      nodeId: signer.publicKey,
      displayName: "Somebody",
      bio: null,
      avatar: null,
      scopes: [],
      claims: [],
      sequence: 1,
      ...fields,
    },
    signer,
  );
  const { nodeId: owner, sequence } = object;
  const head = { type: ObjectType.UserProfile, owner, name: "", sequence, hash, bytes };
  await store.commit({ heads: [{ ...head, forkBytes: null, frozenUntil: 0 }] });
  return { bytes };
}

/** Asks by hash, as anybody can. */
export class Fetching {
  readonly #town: Town;
  readonly #client: ReturnType<typeof createStoreClient>;

  constructor(by: Resident, town: Town) {
    this.#town = town;
    this.#client = createStoreClient({ mesh: by.mesh, clock: town.clock });
  }

  /** The bytes, or the code of the refusal. */
  async get(from: Resident, hash: Hash): Promise<Uint8Array | string> {
    let answer: Uint8Array | string | null = null;
    this.#client.get(from.mesh.self, hash).then(
      (bytes) => (answer = bytes),
      (error: unknown) => (answer = error instanceof ProtocolError ? error.code : String(error)),
    );
    await this.#town.clock.until(() => answer !== null);
    return answer as unknown as Uint8Array | string;
  }
}
