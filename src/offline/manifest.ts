import { SHARE_ACTION, SHARE_FIELDS } from "./share.ts";

/** Pictures of the app for whoever is asked to install it, as scripts/pictures.mjs takes them into public/screenshots. */
export const SCREENSHOTS = [
  { name: "home-desktop", size: "1280x800", form: "wide", label: "Home: what the neighbourhood says" },
  { name: "write-desktop", size: "1280x800", form: "wide", label: "Writing, with the post as others will see it" },
  { name: "network-desktop", size: "1280x800", form: "wide", label: "Whom this device is linked to" },
  { name: "home-phone", size: "780x1688", form: "narrow", label: "Home on a phone" },
  { name: "post-phone", size: "780x1688", form: "narrow", label: "A post, in the dark" },
  { name: "write-phone", size: "780x1688", form: "narrow", label: "Writing on a phone" },
] as const;

/** The scheme of addresses within Mehr, whoever hosts the app (docs/protocol.md, "Addresses"). */
export const SCHEME = "web+mehr";

const png = (name: string, size: number): { src: string; sizes: string; type: string } => ({
  src: `icons/${name}-${size}.png`,
  sizes: `${size}x${size}`,
  type: "image/png",
});

/**
 * The web app manifest. Its addresses are relative to it, but for the id, which browsers resolve against the origin: two
 * copies of the app under two paths of one site are two apps.
 * @param base path of the site under which the app lies
 */
export function manifestOf(base: string) {
  return {
    id: base,
    name: "Mehr",
    short_name: "Mehr",
    description: "A social network that runs in the browser tab, from peer to peer.",
    lang: "en",
    dir: "ltr" as const,
    start_url: "./",
    scope: "./",
    // Where it is not to be had, browsers go on to minimal-ui by themselves.
    display: "standalone" as const,
    orientation: "any" as const,
    background_color: "#faf6ee",
    theme_color: "#faf6ee",
    categories: ["social", "news"],
    icons: [
      png("mehr", 192),
      png("mehr", 512),
      { src: "icons/mehr.svg", sizes: "any", type: "image/svg+xml" },
      { ...png("mehr-maskable", 192), purpose: "maskable" as const },
      { ...png("mehr-maskable", 512), purpose: "maskable" as const },
      { ...png("mehr-monochrome", 512), purpose: "monochrome" as const },
    ],
    screenshots: SCREENSHOTS.map(({ name, size, form, label }) => ({
      src: `screenshots/${name}.webp`,
      sizes: size,
      type: "image/webp",
      form_factor: form,
      label,
    })),
    shortcuts: [
      { name: "Write", url: "./write", icons: [png("shortcut-write", 96)] },
      { name: "Home", url: "./", icons: [png("shortcut-home", 96)] },
      { name: "Explore", url: "./explore", icons: [png("shortcut-explore", 96)] },
    ],
    // The open window takes a launch itself (src/app/state/launch.ts): a navigation would reload it.
    launch_handler: { client_mode: ["focus-existing" as const, "auto" as const] },
    // Behind "#", where no server sees it: an address may hold an invite, or say whom somebody reads.
    protocol_handlers: [{ protocol: SCHEME, url: "./open#%s" }],
    // Posts carry no pictures yet, so only what can become words is asked for; the rest may come and is named.
    share_target: {
      action: `./${SHARE_ACTION}`,
      method: "POST" as const,
      enctype: "multipart/form-data",
      params: {
        title: SHARE_FIELDS.title,
        text: SHARE_FIELDS.text,
        url: SHARE_FIELDS.url,
        files: [{ name: SHARE_FIELDS.files, accept: ["text/*", ".txt", ".md", "application/json"] }],
      },
    },
  };
}
