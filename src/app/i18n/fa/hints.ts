/** Persian, with the keys of `en/hints.ts`. */
import type { hints as english } from "../en/hints.ts";

export const hints: { readonly [Key in keyof typeof english]: string } = {
  "lowData.title": "صرفه‌جویی در مصرف داده",
  "lowData.hint":
    "با این کار فهرست‌ها فقط عنوان‌ها یا شمار نوشته‌ها را می‌آورند و هر نوشته وقتی می‌آید که بازش کنید. آنچه کسانِ مورد اعتماد برای شما می‌نویسند کامل می‌رسد.",
  "lowData.auto": "وقتی اتصالم کند یا حجمی است",
  "lowData.on": "همیشه",
  "lowData.off": "هیچ‌وقت",
};
