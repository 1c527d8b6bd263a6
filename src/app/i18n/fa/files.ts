/** جای گزینش یک پرونده. */
import type { files as english } from "../en/files.ts";

export const files: Record<keyof typeof english, string> = {
  "file.choose": "گزینش پرونده",
  "file.none": "پرونده‌ای برگزیده نشده",
};
