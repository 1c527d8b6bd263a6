/** The server that `npm start` runs, as a process of its own on a free port of loopback. */
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");

export interface Server {
  /** With a slash at its end. */
  readonly url: string;
  readonly relayUrl: string;
  /** What the relay says about itself. */
  status(): Promise<ServerStatus>;
  /** From now on nothing is answered, and no connection ends. */
  hang(): void;
  stop(): Promise<void>;
}

export interface ServerStatus {
  readonly connections: number;
  readonly reservations: number;
  readonly registrations: { readonly peers: number; readonly channels: number };
  readonly relayed: { readonly circuits: number; readonly bytes: number };
}

export interface ServerOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Folder of the built app; default: the one that `MEHR_APP` names, else dist/app. */
  readonly root?: string;
  readonly args?: readonly string[];
}

/** @throws when the server says nothing of where it listens, with what it said instead */
export async function startServer({
  port = 0,
  root = process.env["MEHR_APP"],
  args = [],
}: ServerOptions = {}): Promise<Server> {
  const where = root === undefined ? [] : ["--root", root];
  const child = spawn(
    process.execPath,
    [path.join(ROOT, "dist/relay/main.js"), "--port", String(port), ...where, ...args],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const { url, relayUrl } = await addressesOf(child);
  return {
    url,
    relayUrl,
    async status() {
      const response = await fetch(new URL("relay/status", url));
      return (await response.json()) as ServerStatus;
    },
    hang: () => void child.kill("SIGSTOP"),
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGCONT");
      const ended = new Promise((resolve) => {
        child.once("exit", resolve);
      });
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function addressesOf(child: ChildProcess): Promise<{ url: string; relayUrl: string }> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /served at (\S+)/.exec(said)?.[1];
      const relayUrl = /relay listens at (\S+)/.exec(said)?.[1];
      if (url !== undefined && relayUrl !== undefined) resolve({ url, relayUrl });
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code} and said:\n${said}`)));
  });
}
