/*
 * Says in plain words why the app does not start, and how to get out. It stands beside the app and not in it, so that it works
 * when nothing of the app does: a script that cannot be loaded or run, a browser that is too old, blocked storage. It is
 * written for old browsers (ES5), imports nothing, and styles what it shows with plain.css, since the app's own style
 * sheet may be what is missing.
 */
"use strict";
(function () {
  /* The first visit loads about 200 kB; on a line of 100 kbit/s that takes 16 s. */
  var PATIENCE = 20000;

  var WORDS = {
    en: {
      slow: "Mehr is still loading",
      "slow.text": "That takes longer than it should. The connection may be slow, or a file may be missing.",
      script: "Mehr could not be loaded",
      "script.text":
        "A part of the app did not arrive or did not run. The connection may have broken off, an extension of the browser may block it, or an update may have come half way.",
      old: "This browser is too old for Mehr",
      "old.text": "Mehr needs a browser of the last two years: Firefox, Chrome, Edge or Safari. Updating it is enough.",
      storage: "The browser keeps nothing for this site",
      "storage.text":
        "Mehr keeps your key, your drafts and what you read on this device, and the browser refuses it. Allow this site to store data (cookies and site data), or leave the private window.",
      safe: "What you have written on this device is not touched by any of this.",
      again: "Try again",
      out: "Other ways out",
      detail: "What the browser says: ",
    },
    fa: {
      slow: "مهر هنوز در حال بار شدن است",
      "slow.text": "بیش از اندازه طول کشیده است. شاید اتصال کند باشد یا پرونده‌ای جا مانده باشد.",
      script: "مهر بار نشد",
      "script.text":
        "بخشی از برنامه نرسید یا اجرا نشد. شاید اتصال قطع شده باشد، افزونه‌ای از مرورگر جلوی آن را گرفته باشد یا به‌روزرسانی نیمه‌کاره مانده باشد.",
      old: "این مرورگر برای مهر بیش از اندازه قدیمی است",
      "old.text": "مهر به مرورگری از دو سال گذشته نیاز دارد: فایرفاکس، کروم، اج یا سافاری. به‌روز کردن آن کافی است.",
      storage: "مرورگر برای این سایت چیزی نگه نمی‌دارد",
      "storage.text":
        "مهر کلید، پیش‌نویس‌ها و خوانده‌های شما را روی همین دستگاه نگه می‌دارد و مرورگر اجازه نمی‌دهد. به این سایت اجازهٔ ذخیره‌سازی (کوکی و دادهٔ سایت) بدهید یا از پنجرهٔ خصوصی بیرون بیایید.",
      safe: "هیچ‌یک از این‌ها به آنچه روی این دستگاه نوشته‌اید دست نمی‌زند.",
      again: "دوباره امتحان کنید",
      out: "راه‌های دیگر",
      detail: "گفتهٔ مرورگر: ",
    },
  };

  var shown = null;

  function chosenLanguage() {
    try {
      var chosen = localStorage.getItem("mehr.language");
      if (chosen === "fa" || chosen === "en") return chosen;
    } catch (error) {
      console.warn("language", error);
    }
    var preferred = navigator.languages || [navigator.language || "en"];
    for (var index = 0; index < preferred.length; index += 1) {
      var primary = preferred[index].toLowerCase().split("-")[0];
      if (primary === "fa" || primary === "en") return primary;
    }
    return "en";
  }

  /** The app has drawn itself: what fails from now on is told by the app. */
  function started() {
    var app = document.getElementById("app");
    return app !== null && app.firstChild !== null;
  }

  function element(tag, text, into) {
    var made = document.createElement(tag);
    if (text) made.appendChild(document.createTextNode(text));
    if (into) into.appendChild(made);
    return made;
  }

  /** @param {string} why one of the reasons in WORDS @param {string} [detail] what the browser said */
  function show(why, detail) {
    if (started() || !document.body) return;
    // "Still loading" gives way to what is known better; the first true reason stays.
    if (shown !== null && (shown.why !== "slow" || why === "slow")) return;
    hide();
    var language = chosenLanguage();
    var words = WORDS[language];
    var sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = "./plain.css";
    document.head.appendChild(sheet);
    var page = document.createElement("main");
    page.className = "plain";
    page.setAttribute("data-why", why);
    page.lang = language;
    page.dir = language === "fa" ? "rtl" : "ltr";
    var note = element("div", "", page);
    note.setAttribute("role", "alert");
    element("h1", words[why], note);
    element("p", words[why + ".text"], note);
    element("p", words.safe, note);
    var actions = element("p", "", note);
    actions.className = "plain-actions";
    var again = element("button", words.again, actions);
    again.type = "button";
    again.addEventListener("click", function () {
      location.reload();
    });
    element("a", words.out, actions).href = "./reset.html";
    if (detail) {
      var said = element("p", words.detail, note);
      said.className = "plain-detail";
      element("bdi", detail, said);
    }
    document.body.appendChild(page);
    shown = { why: why, page: page, sheet: sheet };
  }

  function hide() {
    if (shown === null) return;
    document.body.removeChild(shown.page);
    document.head.removeChild(shown.sheet);
    shown = null;
  }

  function storageFault() {
    try {
      localStorage.getItem("mehr.theme");
      return window.indexedDB ? null : "indexedDB";
    } catch (error) {
      return String(error);
    }
  }

  /** What the app cannot do without and browsers have had since the spring of 2024 at the latest. */
  function missing() {
    if (!("noModule" in document.createElement("script"))) return "modules";
    if (typeof Worker === "undefined") return "Worker";
    if (typeof BroadcastChannel === "undefined") return "BroadcastChannel";
    if (typeof structuredClone === "undefined") return "structuredClone";
    if (typeof Array.prototype.toSorted === "undefined") return "Array.prototype.toSorted";
    // Without it js-libp2p does not run.
    if (typeof Promise.withResolvers === "undefined") return "Promise.withResolvers";
    return null;
  }

  function explain(detail) {
    var storage = storageFault();
    var lacking = missing();
    if (storage !== null) show("storage", storage);
    else if (lacking !== null) show("old", lacking);
    else show("script", detail);
  }

  // In the capturing phase: a script that does not load tells its element, and that event does not bubble.
  window.addEventListener(
    "error",
    function (event) {
      var target = event.target;
      if (target === window) explain(event.message);
      else if (target && (target.tagName === "SCRIPT" || target.rel === "modulepreload" || target.rel === "stylesheet"))
        explain(target.src || target.href);
    },
    true,
  );
  window.addEventListener("unhandledrejection", function (event) {
    explain(String(event.reason));
  });

  function begin() {
    var app = document.getElementById("app");
    if (app === null) return;
    if (storageFault() !== null || missing() !== null) explain();
    if (typeof MutationObserver !== "undefined") {
      new MutationObserver(function (_, observer) {
        if (!started()) return;
        observer.disconnect();
        hide();
      }).observe(app, { childList: true });
    }
    setTimeout(function () {
      show("slow");
    }, PATIENCE);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
