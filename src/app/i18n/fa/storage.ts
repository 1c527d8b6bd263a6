/** آنچه دربارهٔ جای خالی روی این دستگاه گفته می‌شود. */
import type { storage as english } from "../en/storage.ts";

export const storage: Record<keyof typeof english, string> = {
  "storage.fetched": "متن‌ها و تصویرهای دریافت‌شده",
  "storage.others": "نوشته‌های دیگران",
  "storage.collected": "برای باز شدن جا کنار گذاشته شد",
  "storage.damaged": "آسیب‌دیده",
  "storage.damaged.mended": "{{ count }} مورد خواندنی نبود؛ دیگر چیزی کم نیست",
  "storage.damaged.lost":
    "{{ count }} مورد خواندنی نبود؛ از {{ lost }} مورد هنوز چیزی کم است و مهر آن را از دیگران می‌خواهد",
  "storage.free.text":
    "متن‌ها و تصویرهای دریافت‌شده و نوشته‌های بیش از یک ماه پیشِ کسانی که دنبالشان نمی‌کنید پاک می‌شوند. تا وقتی کسی نگهشان دارد، دوباره می‌شود آن‌ها را گرفت. نوشته‌های خودتان می‌مانند.",
  "storage.free.confirm": "پاکشان کن",
  "storage.free.busy": "در حال پاک کردن",
  "storage.free.nothing": "چیزی برای پاک کردن نبود.",
};
