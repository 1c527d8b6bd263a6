/** Scripts may ask for anything: what is no number is one row. */
export function boundedCount(count: number, most: number): number {
  return Number.isNaN(count) ? 1 : Math.max(1, Math.min(Math.floor(count), most));
}
