/** راه‌ها به دستگاه‌های دیگر، از جاهای دیگر، و به دیگران. */
import type { moving as english } from "../en/moving.ts";

export const moving: Record<keyof typeof english, string> = {
  "moving.title": "آمدن و رفتن",
  "moving.device": "دستگاهی دیگر",
  "moving.device.text": "روی دستگاه دوم هم همان یک نفر باشید.",
  "moving.arrive": "آوردن نوشته‌ها از جای دیگر",
  "moving.arrive.text": "از ماستودون، یا از خوراک یک وبلاگ.",
  "moving.packs": "بسته‌های آغاز",
  "moving.packs.text": "آدم‌ها، جاها، موضوع‌ها و جریان‌ها در یک پیوند.",
  "moving.restore": "از دستگاه دیگر خودتان",
};
