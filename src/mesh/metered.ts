/** What the Network Information API calls slow: round trips beyond 270 ms or less than 700 kB/s. */
const SLOW: ReadonlySet<unknown> = new Set(["slow-2g", "2g", "3g"]);

/**
 * Whether the browser says that bytes are dear or few: data is to be saved, or the connection is slow. Firefox and Safari do not
 * say; what is not known is taken as good.
 */
export function isMetered(platform: object): boolean {
  const connection: unknown = Reflect.get(platform, "connection");
  if (typeof connection !== "object" || connection === null) return false;
  return Reflect.get(connection, "saveData") === true || SLOW.has(Reflect.get(connection, "effectiveType"));
}
