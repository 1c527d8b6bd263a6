/**
 * The envelope index in memory: typed columns, posting lists and hash tables (EnvelopeTable), and the queries of the
 * store's port over them (ColumnIndex). Both adapters use it; it knows nothing of where the bytes are kept.
 */
export { EnvelopeTable, type SavedTable, type TableEntry } from "./envelope-table.ts";
export { ColumnIndex, type ReadBytes } from "./column-index.ts";
export { planOf } from "./plan.ts";
export type { NumericArray } from "./arrays.ts";
