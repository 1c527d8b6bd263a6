/** Persian, with the keys of `en/unreadable.ts`. */
import type { unreadable as english } from "../en/unreadable.ts";

export const unreadable: { readonly [Key in keyof typeof english]: string } = {
  "unreadable.post": "این نوشته خوانده نشد",
  "unreadable.replies": "پاسخ‌ها خوانده نشد",
  "unreadable.graph": "آنچه به این نوشته پیوسته است خوانده نشد",
  "unreadable.profile": "این نمایه خوانده نشد",
  "unreadable.feed": "این گلچین خوانده نشد",
  "unreadable.feeds": "جریان‌های شما خوانده نشد",
  "unreadable.curated": "گلچین‌های شما خوانده نشد",
  "unreadable.reach": "گسترهٔ شنیده شدن این نوشته خوانده نشد",
  "unreadable.list": "این فهرست خوانده نشد",
  "unreadable.mutes": "فهرست آنچه نمی‌خواهید ببینید خوانده نشد",
  "unreadable.inbox": "صندوق خوانده نشد",
  "unreadable.settings": "این تنظیمات خوانده نشد",
  "unreadable.network": "وضعیت شبکه خوانده نشد",
  "unreadable.identities": "هویت‌های این مرورگر خوانده نشد",
};
