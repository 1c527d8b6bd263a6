/*
 * The way out of an app that does not start, on a page that needs nothing of it. It removes what an update put there, the
 * service worker and the app's own files, and nothing that a person wrote: IndexedDB, drafts and waiting shares stay.
 * Names are those of src/offline; this file imports nothing, so that it works whatever state the app is in.
 */
"use strict";
(function () {
  var WORDS = {
    fa: {
      title: "راه‌های بیرون رفتن",
      lead: "برای وقتی که مهر آغاز نمی‌شود. هر کدام را برگزینید، کلید، نوشته‌ها، پیش‌نویس‌ها و تنظیمات شما روی این دستگاه می‌مانند.",
      renew: "بار کردن دوبارهٔ مهر",
      "renew.text": "پرونده‌های خود برنامه را از این مرورگر برمی‌دارد و دوباره می‌گیرد. به اتصال نیاز دارد.",
      back: "بازگشت به نسخهٔ پیشین",
      "back.text": "نسخه‌ای که پیش از آخرین به‌روزرسانی اینجا بود، تا آمدن نسخهٔ بعدی به کار می‌رود. به اتصال نیاز ندارد.",
      home: "باز کردن مهر",
      offline: "اکنون اتصالی نیست، پس چیزی برداشته نشد. وقتی اتصال برگشت دوباره امتحان کنید.",
      noneBefore: "نسخهٔ پیشینی اینجا نیست.",
      failed: "نشد. گفتهٔ مرورگر: ",
    },
    en: {
      offline: "There is no connection now, so nothing was removed. Try again when there is one.",
      noneBefore: "There is no version before this one here.",
      failed: "That did not work. What the browser says: ",
    },
  };

  /** The service worker answers at once or not at all: it may be what is broken. */
  var ANSWER_TIME = 5000;

  /** Files of the app under this path; "shares" and "state" stay, the first being somebody's words. */
  var REMOVED = ["mehr shell ", "mehr config "];

  var scope = new URL("./", location.href);
  var language = chosenLanguage();
  var said = document.getElementById("said");
  var buttons = document.getElementsByTagName("button");

  function chosenLanguage() {
    var chosen = null;
    try {
      chosen = localStorage.getItem("mehr.language");
    } catch (error) {
      console.warn("language", error);
    }
    var preferred = chosen === null ? navigator.languages : [chosen];
    for (var index = 0; index < preferred.length; index += 1) {
      var primary = preferred[index].toLowerCase().split("-")[0];
      if (primary === "fa" || primary === "en") return primary;
    }
    return "en";
  }

  function translate() {
    document.documentElement.lang = language;
    document.documentElement.dir = language === "fa" ? "rtl" : "ltr";
    if (language === "en") return;
    var parts = document.querySelectorAll("[data-words]");
    for (var index = 0; index < parts.length; index += 1) {
      parts[index].textContent = WORDS[language][parts[index].getAttribute("data-words")];
    }
  }

  function busy(now) {
    for (var index = 0; index < buttons.length; index += 1) buttons[index].disabled = now;
  }

  function say(text) {
    said.textContent = text;
    busy(false);
  }

  function run(task) {
    return function () {
      busy(true);
      said.textContent = "";
      task().catch(function (error) {
        say(WORDS[language].failed + String(error));
      });
    };
  }

  async function renew() {
    // Without the host nothing could be fetched again, and the copy here would be the last one.
    try {
      // A query that no cache has an answer to, and past the HTTP cache.
      const answer = await fetch(new URL("index.html?" + Date.now(), scope), { cache: "no-store", method: "HEAD" });
      if (!answer.ok) throw new TypeError(String(answer.status));
    } catch (error) {
      console.warn("host", error);
      say(WORDS[language].offline);
      return;
    }
    if (navigator.serviceWorker) {
      for (const registration of await navigator.serviceWorker.getRegistrations()) {
        if (registration.scope === scope.href) await registration.unregister();
      }
    }
    if (window.caches) {
      for (const name of await caches.keys()) {
        if (REMOVED.some((prefix) => name.startsWith(prefix + scope.pathname + " "))) await caches.delete(name);
      }
    }
    location.replace(scope.href);
  }

  async function goBack() {
    const registration = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration(scope.href));
    if (!registration || !registration.active) {
      say(WORDS[language].noneBefore);
      return;
    }
    const answers = new MessageChannel();
    const answer = new Promise((resolve, reject) => {
      answers.port1.onmessage = (event) => resolve(event.data);
      setTimeout(() => reject(new Error("no answer")), ANSWER_TIME);
    });
    registration.active.postMessage("mehr:go-back", [answers.port2]);
    if ((await answer) === true) location.replace(scope.href);
    else say(WORDS[language].noneBefore);
  }

  translate();
  document.getElementById("renew").addEventListener("click", run(renew));
  document.getElementById("back").addEventListener("click", run(goBack));
})();
