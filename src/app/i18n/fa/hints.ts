/** Persian, with the keys of `en/hints.ts`. */
import type { hints as english } from "../en/hints.ts";

export const hints: { readonly [Key in keyof typeof english]: string } = {
  "hints.title": "هنوز دریافت نشده",
  "hints.title.none": "همه تا اینجا دریافت شده",
  "hints.mode.digest": "عنوان نوشته‌های تازه دقیقه‌ای یک بار می‌رسد. خود نوشته وقتی می‌آید که بازش کنید.",
  "hints.mode.pullhint": "فقط می‌بینید چند نوشتهٔ تازه هست. نوشته‌ها وقتی می‌آیند که آن‌ها را دریافت کنید.",
  "hints.by.links": "به خاطر وضع اتصال شما و پرکار بودن این فهرست چنین انتخاب شده است.",
  "hints.by.setting": "چون در مصرف داده صرفه‌جویی می‌کنید چنین انتخاب شده است.",
  "hints.by.feed": "برای این فهرست چنین انتخاب شده است.",
  "hints.change": "تغییر",
  "hints.none": "نوشته‌ای بی‌عنوان",
  "hints.more_one": "{{ count }} نوشتهٔ دیگر: دریافت کنید",
  "hints.more_other": "{{ count }} نوشتهٔ دیگر: دریافت کنید",
  "hints.all_one": "دریافت این نوشته",
  "hints.all_other": "دریافت هر {{ count }} نوشته",
  "hints.loading": "در حال دریافت…",
  "hints.missing_one": "یک نوشته دریافت نشد: دیگر کسی در نزدیکی شما آن را ندارد.",
  "hints.missing_other": "{{ count }} نوشته دریافت نشد: دیگر کسی در نزدیکی شما آن‌ها را ندارد.",
  "hints.offline": "الان با کسی در ارتباط نیستید. وقتی آنلاین شدید دوباره امتحان کنید.",

  "lowData.title": "صرفه‌جویی در مصرف داده",
  "lowData.hint":
    "با این کار فهرست‌ها فقط عنوان‌ها یا شمار نوشته‌ها را می‌آورند و هر نوشته وقتی می‌آید که بازش کنید. آنچه کسانِ مورد اعتماد برای شما می‌نویسند کامل می‌رسد.",
  "lowData.auto": "وقتی اتصالم کند یا حجمی است",
  "lowData.on": "همیشه",
  "lowData.off": "هیچ‌وقت",
};
