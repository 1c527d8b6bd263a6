import { parseArgs } from "node:util";
import { RelayError } from "./errors.ts";

export const USAGE = `Usage: npm start -- [options]

  --host ADDRESS     address to listen on (default 127.0.0.1; 0.0.0.0 for all)
  --port NUMBER      port to listen on (default 8080; 0 for any free one)
  --cert FILE        TLS certificate chain, PEM
  --key FILE         its private key, PEM
  --identity FILE    keep the relay's own key in this file (default: a new key at every start)
  --root FOLDER      serve the built app in this folder (default: the one that was built with this server)
  --no-app           serve the relay alone
  --public-status    answer GET /relay/status to everybody, not to this machine alone
  --help`;

export interface Arguments {
  readonly host: string;
  readonly port: number;
  readonly cert: string | null;
  readonly key: string | null;
  readonly identity: string | null;
  readonly root: string | null;
  readonly app: boolean;
  readonly publicStatus: boolean;
  readonly help: boolean;
}

/** @throws RelayError `RELAY_ARGUMENT` */
export function parseArguments(args: readonly string[]): Arguments {
  const { values } = parse(args);
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    throw new RelayError("RELAY_ARGUMENT", `--port takes a number from 0 to 65535, not "${values.port}".`);
  }
  return {
    host: values.host,
    port,
    cert: values.cert ?? null,
    key: values.key ?? null,
    identity: values.identity ?? null,
    root: values.root ?? null,
    app: values["no-app"] !== true,
    publicStatus: values["public-status"] === true,
    help: values.help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string", default: "8080" },
        cert: { type: "string" },
        key: { type: "string" },
        identity: { type: "string" },
        root: { type: "string" },
        "no-app": { type: "boolean" },
        "public-status": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RelayError("RELAY_ARGUMENT", `${reason}\n\n${USAGE}`, { cause });
  }
}
