/**
 * The shapes of what calls are given. The types of `PeerApi` hold for our own pages; scripts in a console have none, and a
 * call that takes `undefined` apart fails with a TypeError, which says nothing to them and looks like a fault of the peer.
 *
 * Only the shape is looked at here. Calls that parse what they are given (drafts, settings, profiles, ids) refuse it
 * themselves, with codes of their own, and are not in the table.
 */
import * as v from "valibot";
import type { PeerApi } from "../api.ts";
import { PeerError } from "../errors.ts";

const Options = v.optional(v.looseObject({ signal: v.optional(v.instance(AbortSignal)) }));
const Before = v.looseObject({ created: v.number(), hash: v.string() });

const SHAPES: { readonly [Name in keyof PeerApi]?: v.GenericSchema } = {
  watch: v.looseTuple([v.string(), v.looseObject({ limit: v.optional(v.number()) }), v.function()]),
  welcome: v.looseTuple([v.picklist(["later", "yes"])]),
  restore: v.looseTuple([v.string()]),
  confirmDevice: v.looseTuple([v.boolean()]),
  takeDevice: v.looseTuple([v.string(), Options]),
  dropDraft: v.looseTuple([v.pipe(v.string(), v.minLength(1))]),
  feed: v.looseTuple([v.looseObject({ limit: v.number(), before: v.optional(Before) })]),
  removeFeed: v.looseTuple([v.string()]),
  mute: v.looseTuple([v.array(v.unknown())]),
  unmute: v.looseTuple([v.array(v.string())]),
  worthIt: v.looseTuple([v.string(), v.optional(v.array(v.string()))]),
  orderFeeds: v.looseTuple([v.array(v.string())]),
  markRead: v.looseTuple([v.looseObject({ feed: v.string(), at: v.optional(Before) })]),
  moveCurated: v.looseTuple([v.looseObject({ feed: v.string(), entry: v.string(), to: v.number() })]),
  uncurate: v.looseTuple([v.looseObject({ feed: v.string(), entry: v.string() })]),
  renameCurated: v.looseTuple([v.looseObject({ name: v.string(), to: v.string() })]),
  closeCurated: v.looseTuple([v.string()]),
  damagedArrival: v.looseTuple([v.string()]),
  dropDamagedArrival: v.looseTuple([v.string()]),
  browseScopes: v.looseTuple([
    v.looseObject({
      kind: v.picklist(["geo", "topic"]),
      within: v.nullable(v.string()),
      limit: v.number(),
      skip: v.optional(v.number()),
    }),
  ]),
  loadHints: v.looseTuple([
    v.looseObject({ hashes: v.optional(v.array(v.string())), signal: v.optional(v.instance(AbortSignal)) }),
  ]),
  post: v.looseTuple([v.unknown(), Options]),
  attachment: v.looseTuple([
    v.looseObject({
      hash: v.string(),
      post: v.optional(v.string()),
      signal: v.optional(v.instance(AbortSignal)),
    }),
  ]),
  hashFile: v.looseTuple([v.unknown(), Options]),
  search: v.looseTuple([v.looseObject({ limit: v.number(), before: v.optional(Before) })]),
  respell: v.looseTuple([v.looseObject({})]),
  suggestPeople: v.looseTuple([v.looseObject({ text: v.string(), limit: v.number() })]),
  suggestScopes: v.looseTuple([v.looseObject({ limit: v.number() })]),
  normaliseScope: v.looseTuple([v.looseObject({})]),
};

/** @throws PeerError `ARGUMENT_INVALID`, naming what is wrong */
export function checkArguments(call: string, args: readonly unknown[]): void {
  const shape = Object.hasOwn(SHAPES, call) ? SHAPES[call as keyof PeerApi] : undefined;
  if (shape === undefined) return;
  const result = v.safeParse(shape, [...args]);
  if (result.success) return;
  const [issue] = result.issues;
  throw new PeerError("ARGUMENT_INVALID", `${call}: ${v.getDotPath(issue) ?? "arguments"}: ${issue.message}`);
}
