/** What stands for the curve has everything that libp2p calls of it, and lets nobody in. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { secp256k1 } from "../../src/mesh/no-secp256k1.ts";

const KEYS = path.resolve(import.meta.dirname, "../../node_modules/@libp2p/crypto/dist/src/keys/secp256k1");

function called(): string[] {
  const sources = readdirSync(KEYS).filter((name) => name.endsWith(".js"));
  const calls = sources.flatMap((name) =>
    [...readFileSync(path.join(KEYS, name), "utf8").matchAll(/\bsecp\.([\w.]+)\(/gu)].map(([, call]) => call as string),
  );
  return [...new Set(calls)];
}

test("whatever libp2p calls of secp256k1 refuses", () => {
  const calls = called();
  expect(calls).toContain("verify");
  for (const call of calls) {
    const found = call.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], secp256k1);
    expect(found, call).toBeTypeOf("function");
    expect(found as () => never, call).toThrow("not for this mesh");
  }
});
