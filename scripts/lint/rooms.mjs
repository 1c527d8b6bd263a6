/**
 * A lint plugin of this project: which room may import which, and which room may use which packages.
 * docs/architecture.md draws the same arrows; this table is the one that is enforced.
 *
 * `no-restricted-imports` compares the text of a specifier, so it cannot tell `src/app/store/` from `src/store/`.
 * This rule resolves the specifier first.
 */
import path from "node:path";

/**
 * For every room of `src/`: the rooms that it may import. A file path instead of a room's name allows that file alone.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const MAY_IMPORT = {
  hash: [],
  wire: ["hash"],
  social: ["wire", "hash"],
  economy: ["wire", "hash"],
  store: ["social", "economy", "wire", "hash"],
  mesh: ["social", "economy", "wire", "hash"],
  media: ["social", "economy", "wire", "hash"],
  peer: ["mesh", "store", "media", "social", "economy", "wire", "hash"],
  // Runs in the service worker and has nothing to do with peers.
  offline: [],
  rpc: ["offline", "peer", "mesh", "store", "media", "social", "economy", "wire", "hash"],
  // The page knows the peer through rpc; of the peer itself it sees the types of PeerApi, and of the pure rooms the limits, the grammar,
  // what the words of a search are, so that it marks those that were found, which names look the same, for those in a link, and by
  // which topics authors have their pictures covered.
  app: [
    "rpc",
    "peer/api.ts",
    "social/defence/names.ts",
    "social/defence/sensitive.ts",
    "social/search/index.ts",
    "wire",
  ],
  // The relay is a program of its own beside the app: it shares the frame codec and the rendezvous protocol with the mesh.
  relay: ["mesh", "wire", "hash"],
};

/**
 * Packages that belong to certain rooms only. The page would otherwise ship libp2p a second time
 * (the peer worker has it already), and a pure room would gain a clock or a network through the back door.
 * @type {readonly { readonly packages: RegExp; readonly rooms: readonly string[] }[]}
 */
export const PACKAGE_ROOMS = [
  { packages: /^(libp2p|@libp2p\/.*|@multiformats\/.*|it-length-prefixed|uint8arraylist)$/, rooms: ["mesh", "relay"] },
  { packages: /^(idb|fake-indexeddb)$/, rooms: ["store"] },
  { packages: /^comlink$/, rooms: ["rpc"] },
  { packages: /^(solid-js|@solidjs|@solid-primitives|@kobalte|virtua|qr)(\/.*)?$/, rooms: ["app"] },
  { packages: /^(node:.*|ws)$/, rooms: ["relay"] },
];

const SOURCE_ROOT = /^(.*?\/src)\/([^/]+)\//;

/** @param {string} file */
function roomOf(file) {
  const match = SOURCE_ROOT.exec(file.replaceAll("\\", "/"));
  return match === null ? null : { root: match[1], room: match[2] };
}

/**
 * @param {string} file Absolute path of the importing file.
 * @param {string} specifier What it imports.
 * @returns {string | null} Why the import is refused, or null.
 */
export function refusal(file, specifier) {
  const from = roomOf(file);
  if (from === null || !(from.room in MAY_IMPORT)) return null;
  if (!specifier.startsWith(".")) {
    const owner = PACKAGE_ROOMS.find((entry) => entry.packages.test(specifier));
    if (owner === undefined || owner.rooms.includes(from.room)) return null;
    return `'${specifier}' belongs to the room ${owner.rooms.join(", ")}; '${from.room}' reaches it through that room.`;
  }
  const target = path.resolve(path.dirname(file), specifier).replaceAll("\\", "/");
  const inside = path.posix.relative(from.root, target);
  const room = inside.split("/")[0];
  if (room === from.room) return null;
  if (room === "..") return `A room of src/ imports nothing outside of src/ ('${specifier}').`;
  const allowed = MAY_IMPORT[from.room];
  if (allowed.includes(room) || allowed.includes(inside)) return null;
  return `The room '${from.room}' may not import from '${inside}': it may import ${allowed.join(", ") || "no other room"}.`;
}

const direction = {
  meta: { type: "problem", docs: { description: "Keep the directions of import between the rooms of src/" } },
  create(context) {
    const check = (source) => {
      if (source?.type !== "Literal" || typeof source.value !== "string") return;
      const message = refusal(context.filename, source.value);
      if (message !== null) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument),
    };
  },
};

export default { meta: { name: "rooms" }, rules: { direction } };
