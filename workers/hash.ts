/** The hash worker: BLAKE3 of large objects, off the peer's thread. `HashClient` calls it. */
import { initHash, serveHash } from "../src/hash/index.ts";

serveHash(self);
void initHash();
