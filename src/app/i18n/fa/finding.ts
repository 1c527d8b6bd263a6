/** آنچه هنگام جستجوی چیزی نزد دیگران گفته می‌شود. */
import type { finding as english } from "../en/finding.ts";

export const finding: Record<keyof typeof english, string> = {
  "finding.replies": "در جستجوی پاسخ‌های بیشتر…",
  "finding.more": "پاسخ‌ها بیش از آن است که تا حال آورده شده؛ تا این صفحه باز است باز هم می‌رسند.",
  "finding.post.title": "در جستجوی این نوشته",
  "finding.post.text": "این نوشته روی دستگاه شما نیست. از دیگران پرسیده می‌شود.",
};
