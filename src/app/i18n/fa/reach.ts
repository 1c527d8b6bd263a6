/** Persian, with the keys of `en/reach.ts`. */
import type { reach as english } from "../en/reach.ts";

export const reach: { readonly [Key in keyof typeof english]: string } = {
  "reach.start.place": "از {{ place }} آغاز شده و هر کس آنجا باشد آن را می‌شنود.",
  "reach.start.home": "موضوع دارد و جا ندارد؛ پس از جایی آغاز شده که نویسنده‌اش زندگی می‌کند.",
  "reach.start.trusted": "فقط برای افراد مورد اعتماد است و جلوتر نمی‌رود.",
  "reach.none": "هنوز چیزی آن را جلوتر نبرده است. نوشته‌ها وقتی پیش می‌روند که مردم همان‌جا بازپخششان کنند.",
  "reach.over": "در روز گذشته کسی از آن پشتیبانی نکرده، پس اکنون جلوتر برده نمی‌شود. هر که آن را دارد نگهش می‌دارد.",
  "reach.level.topic": "همه‌جا، برای کسانی که این را می‌خوانند",
  "reach.level.neighbourhood": "محله",
  "reach.level.city": "شهر",
  "reach.level.region": "منطقه",
  "reach.level.country": "کشور",
  "reach.level.global": "جهان",
  "reach.why.boost": "چون {{ name }} آن را بازپخش کرد.",
  "reach.why.curation": "چون {{ name }} آن را برای یک گلچین برگزید.",
  "reach.why.receipts": "چون {{ count }} نفر آن را خواندند.",
  "reach.relayed":
    "{{ name }} آن را {{ ago }} به آنجا برد. {{ until }} پایان می‌یابد، مگر کسی دوباره از آن پشتیبانی کند.",
  "reach.you": "شما",
  "reach.checked": "دستگاه شما خودش هر یک از این‌ها را بررسی کرده است.",
  "reach.boosted.people_one": "{{ count }} نفر آن را بازپخش کرده است.",
  "reach.boosted.people_other": "{{ count }} نفر آن را بازپخش کرده‌اند.",
  "reach.boosted.trusted_one": "{{ names }} که به او اعتماد دارید آن را بازپخش کرده است.",
  "reach.boosted.trusted_other": "{{ names }} که به آن‌ها اعتماد دارید آن را بازپخش کرده‌اند.",
  "reach.boosted.more_one": "{{ count }} نفر دیگر",
  "reach.boosted.more_other": "{{ count }} نفر دیگر",

  "boost.button": "بازپخش",
  "boost.done": "بازپخش شد",
  "boost.title": "دیگران هم این را بشنوند؟",
  "boost.means.name": "نام شما کنارش می‌آید: هر که بازپخش را بگیرد می‌بیند که از شماست.",
  "boost.means.place": "نخست به {{ place }} می‌رود، همان‌جا که نوشته آغاز شد.",
  "boost.means.home": "نخست به مردم پیرامون شما می‌رسد.",
  "boost.means.topics": "سپس می‌تواند به هر کس که {{ topics }} را می‌خواند برسد، هر جا که باشد.",
  "boost.means.wider": "و می‌تواند به جای گسترده‌تر بعدی، {{ place }}، برسد.",
  "boost.means.relay":
    "جایی جلوتر می‌رود که به سخن شما اعتماد شود: با دستگاه خود شما، اگر رساننده باشد، یا با دستگاه کسانی که به شما اعتماد دارند.",
  "boost.means.ever": "یک روز اعتبار دارد و پس‌گرفتنی نیست.",
  "boost.confirm": "بازپخش کن",
  "boost.told": "بازپخش شد و از اینجا پیش می‌رود.",

  "relay.title": "رساندن نوشته‌های اینجا به جاهای گسترده‌تر",
  "relay.hint":
    "نوشته‌های شهرتان که شما، افراد مورد اعتمادتان یا گلچین‌گرانی که دنبال می‌کنید از آن‌ها پشتیبانی کنند به کانال موضوعشان و به جای گسترده‌تر بعدی برده می‌شوند. هر کدام چند کیلوبایت می‌خواهد.",
  "relay.auto": "وقتی اتصال من خوب است",
  "relay.on": "همیشه",
  "relay.off": "هیچ‌وقت",
};
