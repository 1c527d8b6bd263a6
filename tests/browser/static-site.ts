/** The built app as any host of files serves it: no relay, and a config.json of the test's choice. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { StaticFiles } from "../../src/relay/static-files.ts";

const APP = path.resolve(import.meta.dirname, "../../dist/app");

export interface StaticSite {
  /** With a slash at its end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @param relays those that the site names: WebSocket URLs */
export async function startStaticSite(relays: readonly string[]): Promise<StaticSite> {
  const files = await StaticFiles.load(APP, { "/config.json": JSON.stringify({ relays }) });
  const server = createServer((request, response) => {
    files.serve(request, response).catch((error: unknown) => {
      console.warn("static site", error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
