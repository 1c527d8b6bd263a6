/** Where the app lies. The build's addresses are relative, so the page's <base> is the one place that knows. */
const folder = new URL(import.meta.env.BASE_URL, document.baseURI);

/** URL of the folder that the app is served from, with a slash at its end. */
export const SITE: string = folder.href;

/** Path of the same without a slash at its end: empty at the root of a site. */
export const BASE: string = folder.pathname.replace(/\/$/, "");
