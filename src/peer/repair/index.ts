/**
 * Fetches from peers what a damaged record of the store has cost: envelopes and posts by their hash, profiles by their
 * owner. Bytes prove themselves, so it does not matter who gives them. Loaded only where something is damaged.
 */
export { Repair, type RepairOptions } from "./repair.ts";
