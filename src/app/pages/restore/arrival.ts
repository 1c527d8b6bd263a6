/** Where somebody who has come back goes on. */
import { useHref } from "@solidjs/router";

/** Home, as a new page: whatever this one holds belongs to the identity before. */
export function useArrival(): () => void {
  const home = useHref(() => "/");
  return () => window.location.replace(home() ?? "/");
}
