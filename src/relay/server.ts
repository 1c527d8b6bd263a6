/** One port for everything: the built app, its `config.json`, and the WebSocket of the relay. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { isIPv4, isIPv6, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import type { Duplex } from "node:stream";
import type { PrivateKey } from "@libp2p/interface";
import { RelayError } from "./errors.ts";
import { createIdentity } from "./identity.ts";
import { DEFAULT_LIMITS, type RelayLimits } from "./limits.ts";
import { RelayNode, describe, type RelayNodeStatus } from "./node.ts";
import { StaticFiles, answer } from "./static-files.ts";

export interface RelayOptions {
  /** Address or name to listen on; default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** PEM certificate chain and private key: both or neither. With them everything is https and wss. */
  readonly cert?: string;
  readonly key?: string;
  /** Directory of the built app. Without one only the relay is served. */
  readonly root?: string;
  /** libp2p key of the relay; default: a new one. */
  readonly identity?: PrivateKey;
  readonly limits?: Partial<RelayLimits>;
  /** Answer `GET /relay/status` to everybody, not to this machine alone. */
  readonly publicStatus?: boolean;
  /** What goes wrong with single requests and peers; default: nothing is written. */
  readonly log?: (message: string) => void;
}

export interface Relay {
  /** Where a browser opens the app, with a slash at its end. */
  readonly url: string;
  /** Where a peer reaches the relay. */
  readonly relayUrl: string;
  readonly port: number;
  /** libp2p peer id of the relay. */
  readonly peerId: string;
  status(): RelayNodeStatus;
  /** Ends all connections and frees the port. */
  stop(): Promise<void>;
}

/** The path of the relay's WebSocket. `/` takes upgrades, too: relays elsewhere in the libp2p world have no path. */
const RELAY_PATHS: ReadonlySet<string> = new Set(["/relay", "/"]);

/** What the app reads to find its relay: next to itself. */
const SITE_CONFIG = JSON.stringify({ relays: ["relay"] });

/** @throws RelayError `RELAY_PORT_TAKEN`, `RELAY_HOST_UNUSABLE`, `RELAY_CERTIFICATE`, `RELAY_APP_MISSING` */
export async function startRelay(options: RelayOptions = {}): Promise<Relay> {
  const host = options.host ?? "127.0.0.1";
  const log = options.log ?? (() => undefined);
  const files = options.root === undefined ? null : await loadApp(options.root);
  const server = httpServer(options, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      log(`${request.method} ${request.url}: ${describe(error)}`);
      if (!response.headersSent) answer(response, 500, "Internal Server Error\n");
      else response.destroy();
    });
  });
  const port = await listen(server, host, options.port ?? 0);
  const secure = options.cert !== undefined;
  let node: RelayNode;
  try {
    node = await RelayNode.start({
      privateKey: options.identity ?? (await createIdentity()),
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      announce: announced(host, port, secure),
      log,
    });
  } catch (error) {
    server.close();
    throw error;
  }
  server.on("upgrade", upgrade);
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === "/relay/status") return serveStatus(request, response);
    if (files === null) return answer(response, 404, "Not Found\n");
    await files.serve(request, response);
  }

  function serveStatus(request: IncomingMessage, response: ServerResponse): void {
    if (options.publicStatus !== true && !fromThisMachine(request)) return answer(response, 404, "Not Found\n");
    answer(response, 200, `${JSON.stringify(node.status())}\n`, { "content-type": "application/json; charset=utf-8" });
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Node leaves errors of an upgraded socket to us; without a listener one of them would end the process.
    socket.on("error", (error) => log(`socket: ${describe(error)}`));
    const path = request.url?.split("?")[0] ?? "";
    if (!RELAY_PATHS.has(path)) {
      socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    node.upgrade(request, socket, head);
  }

  return {
    url: `${secure ? "https" : "http"}://${authority}/`,
    relayUrl: `${secure ? "wss" : "ws"}://${authority}/relay`,
    port,
    peerId: node.peerId,
    status: () => node.status(),
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await node.stop();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function loadApp(root: string): Promise<StaticFiles> {
  try {
    return await StaticFiles.load(root, { "/config.json": SITE_CONFIG });
  } catch (cause) {
    throw new RelayError("RELAY_APP_MISSING", `There is no built app in ${root}: run \`npm run build\` first.`, {
      cause,
    });
  }
}

function httpServer(options: RelayOptions, listener: RequestListener): Server {
  if ((options.cert === undefined) !== (options.key === undefined)) {
    throw new RelayError("RELAY_CERTIFICATE", "A certificate needs its key, and a key its certificate.");
  }
  if (options.cert === undefined) return createServer(listener);
  try {
    return createSecureServer({ cert: options.cert, key: options.key }, listener);
  } catch (cause) {
    throw new RelayError("RELAY_CERTIFICATE", `The certificate or its key is unusable: ${describe(cause)}`, { cause });
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "EADDRINUSE";
      reject(
        taken
          ? new RelayError("RELAY_PORT_TAKEN", `Port ${port} of ${host} is taken: choose another with --port.`, {
              cause,
            })
          : new RelayError("RELAY_HOST_UNUSABLE", `Cannot listen on ${host}:${port}: ${cause.message}`, { cause }),
      );
    });
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function fromThisMachine(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? "";
  // Behind a reverse proxy every request comes from this machine; the proxy says for whom.
  if (request.headers["x-forwarded-for"] !== undefined || request.headers.forwarded !== undefined) return false;
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

/** Multiaddrs of this server; a wildcard host stands for every address of the machine. */
function announced(host: string, port: number, secure: boolean): string[] {
  const hosts = host === "0.0.0.0" || host === "::" ? addressesOfThisMachine(host === "::") : [host];
  return hosts.map((name) => `/${protocolOf(name)}/${name}/tcp/${port}${secure ? "/tls/ws" : "/ws"}`);
}

function addressesOfThisMachine(ipv6: boolean): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses
    .filter(({ family, address }) => family === "IPv4" || (ipv6 && !address.startsWith("fe80:")))
    .map(({ address }) => address);
}

function protocolOf(host: string): string {
  if (isIPv4(host)) return "ip4";
  return isIPv6(host) ? "ip6" : "dns";
}
