/** `npm start` and `node dist/relay/main.js`: the relay from the command line. */
import "./node-shims.ts";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { RelayError, loadIdentity, startRelay, type Relay, type RelayOptions } from "./index.ts";
import { USAGE, parseArguments, type Arguments } from "./arguments.ts";

async function main(): Promise<void> {
  const parsed = parseArguments(process.argv.slice(2));
  if (parsed.help) {
    console.log(USAGE);
    return;
  }
  const relay = await startRelay(await optionsOf(parsed));
  // First, because whoever reads the greeting may send the signal at once.
  stopOnSignal(relay);
  greet(relay, parsed);
}

async function optionsOf(parsed: Arguments): Promise<RelayOptions> {
  return {
    host: parsed.host,
    port: parsed.port,
    ...(parsed.cert === null ? {} : { cert: await pem(parsed.cert) }),
    ...(parsed.key === null ? {} : { key: await pem(parsed.key) }),
    ...(parsed.identity === null ? {} : { identity: await loadIdentity(parsed.identity) }),
    ...(parsed.app ? { root: parsed.root ?? path.resolve(import.meta.dirname, "../app") } : {}),
    publicStatus: parsed.publicStatus,
    log: (message) => console.error(message),
  };
}

async function pem(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RelayError("RELAY_CERTIFICATE", `Cannot read ${file}: ${reason}`, { cause });
  }
}

function greet(relay: Relay, { host, cert }: Arguments): void {
  console.log(`Mehr is served at ${relay.url}`);
  console.log(`The relay listens at ${relay.relayUrl}`);
  const loopback = host === "localhost" || host === "::1" || host.startsWith("127.");
  if (loopback || cert !== null) return;
  console.log(
    [
      "",
      "Browsers give service workers and WebCrypto to https and to localhost only. Opened from another machine over",
      "plain http the app can neither hold a key nor work offline. Start with --cert and --key, or put a server that",
      "speaks https in front (docs/hosting.md).",
    ].join("\n"),
  );
}

function stopOnSignal(relay: Relay): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      relay.stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
    });
  }
}

function fail(error: unknown): void {
  // A person's mistake gets a sentence, a fault of ours the whole stack.
  console.error(error instanceof RelayError ? error.message : error);
  process.exit(1);
}

main().catch(fail);
