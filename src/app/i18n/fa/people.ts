/** تصویر اشخاص، آنچه دربارهٔ خود می‌گویند و نمایه‌هایی که دو نسخه دارند. */
import type { people as english } from "../en/people.ts";

export const people: Record<keyof typeof english, string> = {
  "picture.label": "تصویر",
  "picture.choose": "انتخاب تصویر",
  "picture.change": "انتخاب تصویری دیگر",
  "picture.remove": "برداشتن تصویر",
  "picture.hint":
    "یا تصویری را اینجا رها کنید. همه می‌توانند آن را ببینند. روی همین دستگاه مربع و کوچک می‌شود و جا و زمان گرفتن آن کنار گذاشته می‌شود.",
  "picture.working": "در حال کوچک کردن…",
  "picture.PICTURE_TYPE": "این تصویر به کار نمی‌آید. PNG و JPEG و WebP بی‌حرکت پذیرفته می‌شوند.",
  "picture.PICTURE_TOO_LARGE": "این تصویر برای این دستگاه زیادی بزرگ است. تا ۵۰ میلیون نقطه پذیرفته می‌شود.",
  "picture.PICTURE_BROKEN": "این تصویر خوانده نمی‌شود. شاید فایل آسیب دیده باشد.",
  "claims.title": "می‌گوید که این‌ها هم هست",
  "claims.note": "کسی این را بررسی نکرده است.",
  "claims.expires": "تا {{ date }}",
  "fork.title": "نسخهٔ دیگر",
  "fork.text": "شاید همان زمان روی دستگاه دیگری امضا شده است، یا به دست کس دیگری که کلید را دارد.",
};
