/** The languages that the app speaks, and how one is chosen. */

export type Language = "en" | "fa";

const LANGUAGES: readonly Language[] = ["en", "fa"];

export function directionOf(language: Language): "ltr" | "rtl" {
  return language === "fa" ? "rtl" : "ltr";
}

/** The first of the browser's preferred languages that the app speaks; English else. */
export function chooseLanguage(setting: "auto" | Language, preferred: readonly string[]): Language {
  if (setting !== "auto") return setting;
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split("-", 1)[0];
    const match = LANGUAGES.find((language) => language === primary);
    if (match) return match;
  }
  return "en";
}
