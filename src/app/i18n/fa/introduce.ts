/** Persian, with the keys of `en/introduce.ts`. */
import type { introduce as english } from "../en/introduce.ts";

export const introduce: { readonly [Key in keyof typeof english]: string } = {
  "introduce.title": "معرفی کردن کسانی که با آن‌ها در ارتباطید به یکدیگر",
  "introduce.hint":
    "با این کار شبکه حتی وقتی هیچ رله‌ای در دسترس نیست ادامه پیدا می‌کند. هر بار چند کیلوبایت مصرف می‌شود و کسی نمی‌بیند چه می‌خوانید یا می‌نویسید.",
  "introduce.auto": "وقتی اتصال من خوب است",
  "introduce.on": "همیشه",
  "introduce.off": "هیچ‌وقت",
};
