/**
 * By default nobody is contacted but the site itself and the peers that its relay introduces. Playwright sees requests of
 * pages and workers, but no name that WebRTC resolves and no datagram, so this reads the log that Chromium's network stack
 * keeps of all that it does.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Browser } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { FLAGS } from "./flags.ts";
import { linked } from "./people.ts";

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly { readonly type: number; readonly params?: Readonly<Record<string, unknown>> }[];
}

interface Contacts {
  /** Names that something other than a request for a URL asked to have resolved: STUN and TURN servers, and `.local` names. */
  readonly names: readonly string[];
  /** Where datagrams went, those of the browser's own resolver left out. */
  readonly datagrams: readonly string[];
}

/** Multicast DNS: how browsers on one network find the addresses behind the `.local` names of WebRTC candidates. */
const MULTICAST_DNS: ReadonlySet<string> = new Set(["224.0.0.251", "ff02::fb"]);

/** Everything that a browser process did on the network while `visit` ran. */
async function contactsDuring(executablePath: string, visit: (browser: Browser) => Promise<void>): Promise<Contacts> {
  const folder = await mkdtemp(path.join(tmpdir(), "mehr-netlog-"));
  const file = path.join(folder, "net.json");
  try {
    const args = [...FLAGS, `--log-net-log=${file}`, "--net-log-capture-mode=Everything"];
    const browser = await chromium.launch({ executablePath, args });
    await visit(browser);
    await browser.close();
    return contactsIn(JSON.parse(await readFile(file, "utf8")) as NetLog);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function contactsIn({ constants, events }: NetLog): Contacts {
  const logged = (group: RegExp, parameters: readonly string[]): string[] => {
    const types = new Set(
      Object.entries(constants.logEventTypes).flatMap(([name, type]) => (group.test(name) ? [type] : [])),
    );
    if (types.size === 0) throw new Error(`this Chromium does not log ${group.source}`);
    return events
      .filter(({ type }) => types.has(type))
      .flatMap(({ params }) => parameters.map((name) => params?.[name]))
      .filter((value) => typeof value === "string");
  };
  // For a URL the resolver is asked for an origin, with its scheme: those are the browser's own errands, and Playwright
  // sees the ones of pages. Everything else that has a name resolved gives the name alone.
  const requested = logged(/^HOST_RESOLVER_/, ["host"]);
  const ofUrls = new Set(requested.filter((host) => host.includes("://")).map((origin) => new URL(origin).hostname));
  const resolved = logged(/^(HOST_RESOLVER|DNS)_/, ["host", "hostname", "qname"]);
  const names = resolved.filter((name) => !name.includes("://")).map((name) => hostOf(name).replace(/\.$/, ""));
  return {
    names: [...new Set(names)].filter((name) => name !== "" && !ofUrls.has(name)),
    datagrams: logged(/^UDP_BYTES_SENT$/, ["address"]).filter((address) => !address.endsWith(":53")),
  };
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
}

test("two peers meet, and nobody else is asked for anything", async ({ chromiumPath, server, guard }) => {
  const contacts = await contactsDuring(chromiumPath, async (browser) => {
    const pages = [];
    for (let person = 0; person < 2; person++) {
      const context = await browser.newContext();
      guard.watch(context);
      const page = await context.newPage();
      await page.goto(server.url);
      pages.push(page);
    }
    await Promise.all(pages.map((page) => linked(page)));
  });
  const own = new Set(Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)));
  const foreign = contacts.datagrams.map(hostOf).filter((host) => !own.has(host) && !MULTICAST_DNS.has(host));
  expect(foreign).toEqual([]);
  expect(contacts.names.filter((name) => !name.endsWith(".local"))).toEqual([]);
  // The two did talk: the log is one in which a third party would have shown.
  expect(contacts.datagrams.length).toBeGreaterThan(0);
});

test("the log would show a STUN server", async ({ chromiumPath, server }) => {
  const contacts = await contactsDuring(chromiumPath, async (browser) => {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.evaluate(async () => {
      // 192.0.2.0/24 and .invalid lead nowhere by definition (RFC 5737, RFC 2606).
      const urls = ["stun:stun.example.invalid:3478", "stun:192.0.2.77:3478"];
      const connection = new RTCPeerConnection({ iceServers: [{ urls }] });
      // The name does not resolve, and by then the address has been asked, too.
      const refused = new Promise<void>((resolve) => {
        connection.addEventListener("icecandidateerror", ({ url }) => {
          if (url.includes("example.invalid")) resolve();
        });
      });
      connection.createDataChannel("x");
      await connection.setLocalDescription();
      await refused;
    });
  });
  expect(contacts.names).toContain("stun.example.invalid");
  expect(contacts.datagrams.map(hostOf)).toContain("192.0.2.77");
});
