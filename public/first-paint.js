/*
 * Puts the chosen theme on the page before anything is painted, so that a dark page never flashes white. A file of its own,
 * because the content security policy allows no inline script, and no module, because modules run after the first paint.
 * The key is the one of src/app/state/preferences.ts.
 */
"use strict";
try {
  const theme = localStorage.getItem("mehr.theme");
  if (theme === "light" || theme === "dark") document.documentElement.setAttribute("data-theme", theme);
} catch (error) {
  // Storage is blocked for this site: start-watch.js says so, with a way out.
  console.warn("theme", error);
}
