/** What is said before anything but the first screen is loaded, with the keys of `en/first.ts`. */
import type { FirstMessages } from "../en/first.ts";

export const first: FirstMessages = {
  "app.name": "مهر",
  "app.skip": "رفتن به محتوا",
  "app.main": "اصلی",
  "app.close": "بستن",
  "app.retry": "دوباره امتحان کنید",

  "nav.home": "خانه",
  "nav.explore": "گشت‌وگذار",
  "nav.write": "نوشتن",
  "nav.inbox": "صندوق",
  "nav.inbox.new": "صندوق، {{ count }} تازه",
  "nav.network": "شبکه",
  "nav.profile": "نمایه",
  "nav.me": "من",
  "nav.settings": "تنظیمات",
  "nav.shortcuts": "میان‌برهای صفحه‌کلید",

  "status.online": "برخط",
  "status.few": "چند همتا",
  "status.searching": "در جست‌وجو",
  "status.offline": "برون‌خط",
  "status.starting": "در حال آغاز",
  "status.label": "وضعیت اتصال: {{ word }}. نمایش معنای آن",
  "status.online.text": "مستقیم به دیگران وصل هستید. آنچه می‌نویسید بی‌درنگ به آن‌ها می‌رسد.",
  "status.few.text": "به یک یا دو نفر وصل هستید. همه‌چیز کار می‌کند، فقط شاید نوشته‌های تازه کمی دیرتر برسند.",
  "status.searching.text":
    "مهر دنبال دیگران می‌گردد. آنچه اینجا هست را بخوانید و بنویسید؛ همین که کسی پیدا شود نوشته‌هایتان فرستاده می‌شود.",
  "status.offline.text":
    "شبکه‌ای در دسترس نیست. آنچه روی این دستگاه است خواندنی است و نوشته‌هایتان با برگشتن شبکه فرستاده می‌شود.",
  "status.starting.text": "مهر دارد آنچه را روی این دستگاه نگه داشته باز می‌کند.",
  "status.peers_one": "{{ count }} اتصال مستقیم",
  "status.peers_other": "{{ count }} اتصال مستقیم",
  "status.waiting_one": "{{ count }} نوشته در انتظار فرستادن",
  "status.waiting_other": "{{ count }} نوشته در انتظار فرستادن",
  "status.details": "نمایش شبکه",
  "status.reconnect": "همین حالا دوباره بگرد",
  "status.locked": "قفل",
  "status.locked.text": "این هویت رمزگذاری شده است. تا باز نشود چیزی به نام آن فرستاده یا گرفته نمی‌شود.",

  "aside.people": "کسانی که دنبال می‌کنید",
  "aside.drafts": "ناتمام‌ها",
  "aside.untitled": "بی‌عنوان",

  "home.title": "خانه",
  "home.new_one": "{{ count }} نوشتهٔ تازه",
  "home.new_other": "{{ count }} نوشتهٔ تازه",
  "home.empty.title": "هنوز چیزی اینجا نیست",
  "home.empty.text":
    "نوشته‌های کسانی که دنبال می‌کنید و نوشته‌های {{ place }} همین که برسند اینجا می‌آیند. نخستین نفری باشید که چیزی می‌گوید، گشتی بزنید یا محل زندگی خود را برگزینید.",
  "home.empty.write": "نوشتن یک مطلب",
  "home.empty.explore": "گشتی بزنید",

  "feed.label": "نوشته‌ها",
  "feed.loading": "در حال جست‌وجوی نوشته‌ها روی این دستگاه",

  "unreadable.posts": "این نوشته‌ها خوانده نشد",
  "unreadable.text": "در این دستگاه مشکلی پیش آمد ({{ code }}). چیزی از دست نرفته است.",

  "welcome.card.title": "به مهر خوش آمدید",
  "welcome.card.text":
    "شبکه‌ای اجتماعی که هیچ‌کس در میانهٔ آن نیست. همین حالا می‌توانید بخوانید؛ در کمتر از یک دقیقه می‌توانید نام و محل هم داشته باشید.",
  "welcome.card.start": "آغاز",
  "welcome.card.later": "بعداً",

  "words.reminder.title": "هنوز ۲۴ واژهٔ خود را نگه نداشته‌اید",
  "words.reminder.text":
    "اگر داده‌های این مرورگر از دست برود، تنها راه بازگشت به نام شما همین واژه‌هاست. هیچ‌کس نمی‌تواند آن‌ها را برایتان بازسازی کند.",
  "words.reminder.show": "نمایش واژه‌ها",

  "envelope.by": "نوشتهٔ {{ name }}، {{ time }}",
  "envelope.menu": "گزینه‌های این نوشتهٔ {{ name }}",
  "envelope.read": "خواندن، {{ size }}",
  "envelope.held": "اینجا نگه داشته شده",
  "envelope.waiting": "در انتظار فرستادن",
  "envelope.reply": "در پاسخ به یک نوشته",
  "envelope.boost": "نوشته‌ای را بازپخش کرده",
  "envelope.place": "محل: {{ path }}",
  "envelope.topic": "موضوع: {{ path }}",
  "envelope.trusted": "فقط افراد مورد اعتماد",
  "envelope.replies_one": "{{ count }} پاسخ",
  "envelope.replies_other": "{{ count }} پاسخ",
  "envelope.referenced_one": "ارجاع از {{ count }} نوشته",
  "envelope.referenced_other": "ارجاع از {{ count }} نوشته",

  "settings.update": "نسخهٔ تازه آماده است",
  "settings.update.text": "وقتی بگویید به کار می‌رود؛ پیش‌نویس‌ها و نوشته‌ها سر جایشان می‌مانند.",
  "settings.update.apply": "همین حالا به کار ببر",
  "settings.update.applying": "در حال جابه‌جایی…",
  "settings.failed": "ذخیره نشد ({{ code }}).",

  "invite.open": "دعوت از کسی",
  "invite.join": "پیوستن با کد",

  "page.failed.title": "این صفحه خراب شد",
  "page.failed.text": "بقیهٔ مهر کار می‌کند و چیزی که نوشته‌اید از دست نرفته است.",

  "feeds.title": "جریان‌ها",
  "feeds.nav": "جریان‌ها",
  "feeds.edit": "ویرایش جریان‌ها",
  "feeds.name.home": "خانه",
  "feeds.name.people": "آدم‌ها",
  "feeds.name.trusted": "افراد مورد اعتماد",
  "feeds.name.replies": "پاسخ‌ها",
  "feeds.unread_one": "{{ count }} تازه",
  "feeds.unread_other": "{{ count }} تازه",
  "feeds.unread_more": "بیش از {{ count }} تازه",
  "feeds.note": "یادداشت گزیننده",

  "explore.home.change": "تغییر محل",

  "install.title": "مهر را دم دست نگه دارید",
  "install.text": "اگر نصبش کنید پنجره و نشانهٔ خودش را دارد و کمتر در خطر پاک‌سازی مرورگر است. چیز دیگری عوض نمی‌شود.",
  "install.button": "نصب",
  "install.later": "حالا نه",
  "install.ios": "در سافاری دکمهٔ هم‌رسانی و سپس «افزودن به صفحهٔ اصلی» را بزنید. آن‌گاه مهر پنجره و نشانهٔ خودش را دارد.",

  "update.changeover.title": "نسخهٔ تازه‌ای به کار افتاده است",
  "update.changeover.text":
    "این زبانه هم همین که دست نگه دارید و نوشته‌های اینجا ذخیره شود به آن می‌پیوندد. پیش‌نویس‌ها در هر حال می‌مانند.",
  "update.changeover.now": "همین حالا بپیوندد",

  "launch.held.title": "از مهر خواسته شد چیز دیگری را باز کند",
  "launch.held.text": "آنچه در این صفحه نوشته‌اید هنوز ذخیره نشده، پس صفحه سر جایش می‌ماند.",
  "launch.held.open": "بازش کن",
  "launch.held.stay": "همین‌جا بمان",

  "slow.title": "آغاز کار بیش از اندازه طول کشیده است",
  "slow.text": "آنچه روی این دستگاه است در امان است. کمی دیگر صبر کنید یا راه دیگری را امتحان کنید.",
  "slow.out": "راه‌های دیگر",

  "lack.rtc.title": "این مرورگر نمی‌تواند به دیگران وصل شود",
  "lack.rtc.text":
    "اتصال مستقیم (WebRTC) اینجا خاموش است، شاید با یک افزونه یا تنظیم. می‌توانید آنچه نگه داشته شده را بخوانید و بنویسید؛ تا وقتی اجازه داده نشود نه چیزی می‌رسد و نه چیزی می‌رود.",

  "storage.free.button": "باز کردن جا",
  "storage.free.done": "{{ size }} جا باز شد.",
  "storage.full":
    "روی این دستگاه دیگر جایی برای مهر نیست، برای همین ذخیره نشد. {{ fetched }} متن و تصویر دریافت‌شده و {{ posts }} نوشتهٔ دیگران را می‌شود پاک کرد.",
  "storage.full.nothing":
    "روی این دستگاه دیگر جایی برای مهر نیست، برای همین ذخیره نشد. هرچه اینجاست مال خودتان است: پرونده‌های دیگری از دستگاه پاک کنید و دوباره امتحان کنید.",

  "reach.badge.start": "همان‌جا که آغاز شد شنیده می‌شود",
  "reach.badge.topics": "در سراسر موضوعش شنیده می‌شود",
  "reach.badge.neighbourhood": "در همهٔ محله شنیده می‌شود",
  "reach.badge.city": "در همهٔ شهر شنیده می‌شود",
  "reach.badge.region": "در همهٔ منطقه شنیده می‌شود",
  "reach.badge.country": "در همهٔ کشور شنیده می‌شود",
  "reach.badge.global": "در همهٔ جهان شنیده می‌شود",
  "reach.badge.open": "{{ text }}: تا کجا و چرا",
  "reach.boosts_one": "{{ count }} بازپخش",
  "reach.boosts_other": "{{ count }} بازپخش",
  "reach.trusted_one": "{{ count }} از کسی که به او اعتماد دارید",
  "reach.trusted_other": "{{ count }} از کسانی که به آن‌ها اعتماد دارید",
  "reach.curators_one": "{{ count }} گزیننده",
  "reach.curators_other": "{{ count }} گزیننده",
  "reach.title": "تا کجا شنیده می‌شود",
  "reach.waiting": "در حال جست‌وجو…",

  "boost.by": "{{ name }} بازپخش کرد",
  "boost.byYou": "شما بازپخش کردید",
  "boost.missing": "خود نوشته هنوز به اینجا نرسیده است.",
  "boost.original": "رفتن به نوشتهٔ بازپخش‌شده",

  "trust.mark": "کسی که به او اعتماد دارید",
  "trust.title": "همسایگی",
  "trust.count_one": "اعتماد به {{ count }} نفر",
  "trust.count_other": "اعتماد به {{ count }} نفر",
  "trust.add": "اعتماد به کسی",
  "trust.waiting": "چشم‌به‌راه کسی که به او اعتماد دارید",

  "twin.title": "روی دستگاه دیگری هم باز هستید",
  "twin.text":
    "همین هویت در این لحظه آن‌جا هم در کار است. چیزی از دست نمی‌رود: هر چه روی یکی بنویسید به دیگری هم می‌رسد. دو دستگاه به‌نوبت به دیگران وصل می‌شوند، پس همه‌چیز کمی دیرتر از همیشه می‌رسد. اگر این کار شما نیست، کس دیگری ۲۴ واژهٔ شما را دارد.",

  "history.title": "نوشته‌هایتان بازمی‌گردد",
  "history.looking": "مهر از کسانی که می‌بیند نمایه و نوشته‌های شما را می‌پرسد. تا آن وقت نمایه‌تان تغییر نمی‌کند.",
  "history.fetching": "{{ posts }} نوشته از {{ envelopes }} نوشته اینجاست.",
  "history.held_one": "{{ count }} نوشته که منتظر انتشار بود همراه آمد و نگه داشته شده است.",
  "history.held_other": "{{ count }} نوشته که منتظر انتشار بودند همراه آمدند و نگه داشته شده‌اند.",
  "history.held.see": "دیدنشان",
  "history.close": "بدون آن ادامه بده",
  "history.pending": "مهر هنوز در پی آخرین نمایهٔ شماست. تغییر اکنون می‌تواند دو نسخه از آن بسازد.",
};
