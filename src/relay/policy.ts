/** What the app may load and connect to: sent as headers by this server, written into the built page for static hosts. */

/**
 * `connect-src` names the schemes `ws:` and `wss:` and no host, because relays are a setting of the person: the policy is
 * fixed when the page loads, the setting is not, and a policy in a meta element cannot be changed at all. What may run is
 * closed instead: no inline script, no evaluated script, nothing from another origin. `ws:` serves loopback and LAN; a page
 * that came over https cannot use it to anything but loopback, the browser's mixed-content rule sees to that.
 */
const DIRECTIVES: readonly (readonly [name: string, value: string])[] = [
  ["default-src", "'none'"],
  ["script-src", "'self' 'wasm-unsafe-eval'"],
  ["worker-src", "'self'"],
  ["style-src", "'self'"],
  ["img-src", "'self' blob: data:"],
  ["media-src", "'self' blob:"],
  ["font-src", "'self'"],
  ["connect-src", "'self' ws: wss:"],
  ["manifest-src", "'self'"],
  ["base-uri", "'self'"],
  ["form-action", "'none'"],
];

function join(directives: readonly (readonly [string, string])[]): string {
  return directives.map(([name, value]) => `${name} ${value}`).join("; ");
}

/** The policy for the page's meta element. `frame-ancestors` works in a header only. */
export const META_POLICY = join(DIRECTIVES);

export const HEADER_POLICY = join([...DIRECTIVES, ["frame-ancestors", "'none'"]]);

/** On every answer: workers and the service worker take their policy from the header of their own script. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": HEADER_POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  // The camera scans codes of invites, when the person presses for it.
  "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), serial=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};
