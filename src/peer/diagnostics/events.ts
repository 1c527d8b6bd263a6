/** Everything that the log can say: its stable names, where they belong, how much they matter and what they carry. */
import type { LogLevel, LogRoom } from "./api.ts";
import type { FieldKind, Words } from "./fields.ts";

export interface EventShape {
  readonly room: LogRoom;
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, FieldKind>>;
}

const TRANSPORT = { oneOf: ["webrtc", "relay", "websocket"] } as const satisfies Words;

/** Names that the peer gives to its work when it reports a fault of it. */
export const TASKS = {
  oneOf: [
    "ingest",
    "live",
    "log",
    "network",
    "outbox",
    "profiles",
    "provide",
    "pub",
    "sync",
    "repair",
    "room",
    "stop",
    "store",
  ],
} as const satisfies Words;

export const EVENTS = {
  peer_started: { room: "peer", level: "info", fields: { took: "ms", envelopes: "count" } },
  peer_stopped: { room: "peer", level: "info", fields: {} },
  task_failed: { room: "peer", level: "warn", fields: { task: TASKS, error: "error" } },
  call_failed: { room: "peer", level: "info", fields: { call: "call", took: "ms", error: "error" } },
  call_slow: { room: "peer", level: "info", fields: { call: "call", took: "ms" } },
  envelope_sent: { room: "peer", level: "info", fields: { waiting: "count" } },
  log_cleared: { room: "peer", level: "info", fields: {} },
  check_done: { room: "peer", level: "info", fields: { code: "code", took: "ms" } },

  store_opened: { room: "store", level: "info", fields: { took: "ms", envelopes: "count" } },
  store_failed: { room: "store", level: "warn", fields: { error: "error" } },
  store_closed: { room: "store", level: "warn", fields: { reason: { oneOf: ["closed", "replaced", "terminated"] } } },
  room_made: {
    room: "store",
    level: "info",
    fields: { objects: "count", blobs: "count", envelopes: "count", bytes: "bytes" },
  },
  records_damaged: { room: "store", level: "warn", fields: { records: "count", envelopes: "count" } },

  call_broken: { room: "rpc", level: "error", fields: { call: "call", error: "error" } },

  network_loaded: { room: "mesh", level: "info", fields: { took: "ms" } },
  network_left: { room: "mesh", level: "info", fields: {} },
  link_opened: {
    room: "mesh",
    level: "info",
    fields: { peer: "peer", transport: TRANSPORT, direction: { oneOf: ["inbound", "outbound"] } },
  },
  link_closed: {
    room: "mesh",
    level: "info",
    fields: { peer: "peer", transport: TRANSPORT, lasted: "ms", received: "bytes", sent: "bytes" },
  },
  /** `relay` is its place in the list of relays, since its address is the person's own. */
  relay_changed: {
    room: "mesh",
    level: "info",
    fields: {
      relay: "count",
      state: { oneOf: ["connecting", "connected", "reserved", "failed", "waiting"] },
      code: "code",
    },
  },
  channel_handler_failed: { room: "mesh", level: "warn", fields: { error: "error" } },
  contact_refused: { room: "mesh", level: "debug", fields: { error: "error" } },
  dht_stop_failed: { room: "mesh", level: "warn", fields: { error: "error" } },
  dial_failed: { room: "mesh", level: "debug", fields: { error: "error" } },
  handler_missing: { room: "mesh", level: "warn", fields: { protocol: "protocol", error: "error" } },
  invite_ended: { room: "mesh", level: "debug", fields: { error: "error", code: "code" } },
  script_not_loaded: { room: "mesh", level: "warn", fields: { error: "error" } },
  listener_failed: { room: "mesh", level: "warn", fields: { error: "error" } },
  memory_not_read: { room: "mesh", level: "warn", fields: { error: "error" } },
  memory_not_written: { room: "mesh", level: "warn", fields: { error: "error" } },
  misdeed: { room: "mesh", level: "debug", fields: { peer: "peer", code: "code" } },
  peer_shut_out: { room: "mesh", level: "warn", fields: { peer: "peer", code: "code" } },
  ping_unanswered: { room: "mesh", level: "debug", fields: { error: "error" } },
  relay_failed: { room: "mesh", level: "debug", fields: { error: "error" } },
  rendezvous_ended: { room: "mesh", level: "debug", fields: { error: "error" } },
  reservation_failed: { room: "mesh", level: "debug", fields: { error: "error" } },
  stream_failed: { room: "mesh", level: "debug", fields: { protocol: "protocol", error: "error" } },
  /** A report of the mesh that this list does not know. */
  mesh_other: {
    room: "mesh",
    level: "debug",
    fields: { error: "error", peer: "peer", code: "code", protocol: "protocol" },
  },

  page_failed: {
    room: "page",
    level: "error",
    fields: { kind: { oneOf: ["error", "rejection"] }, class: "class", code: "code", at: "frames" },
  },
} as const satisfies Readonly<Record<string, EventShape>>;

export type EventName = keyof typeof EVENTS;

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(EVENTS, name);
}

interface ValueOf {
  readonly count: number;
  readonly bytes: number;
  readonly ms: number;
  readonly flag: boolean;
  readonly code: string | null;
  readonly error: unknown;
  readonly class: string;
  readonly peer: Uint8Array | string;
  readonly protocol: string;
  readonly call: string;
  readonly frames: readonly string[];
}

type Given<Kind> = Kind extends keyof ValueOf ? ValueOf[Kind] : Kind extends Words ? string : never;

/** What may be told with an event; each field may be left out. */
export type EventFields<Name extends EventName> = {
  readonly [Field in keyof (typeof EVENTS)[Name]["fields"]]?: Given<(typeof EVENTS)[Name]["fields"][Field]> | undefined;
};
