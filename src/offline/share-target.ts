import { readShare, SHARE_ACTION, ShareError, type ShareRefusal } from "./share.ts";
import type { ShareBox } from "./share-box.ts";

/**
 * Answers the request by which the browser hands over what another app shares: keeps it, then opens the composer with it.
 * Whatever goes wrong, the composer opens and says so.
 */
export class ShareTarget {
  readonly #box: ShareBox;
  readonly #scope: URL;

  constructor(box: ShareBox, scope: URL) {
    this.#box = box;
    this.#scope = scope;
  }

  /** `null` for requests that are no shares. */
  answer(request: Request): Promise<Response> | null {
    const url = new URL(request.url);
    if (request.method !== "POST" || `${url.origin}${url.pathname}` !== new URL(SHARE_ACTION, this.#scope).href) {
      return null;
    }
    return this.#take(request);
  }

  async #take(request: Request): Promise<Response> {
    try {
      const { id } = await this.#box.put(await readShare(request));
      return this.#composer({ shared: id });
    } catch (error) {
      if (!(error instanceof ShareError)) console.warn("share", error);
      const refused: ShareRefusal = error instanceof ShareError ? error.code : "unreadable";
      return this.#composer({ refused });
    }
  }

  /** 303: the browser asks for the page with GET, and a reload of it shares nothing again. */
  #composer(query: Record<string, string>): Response {
    const url = new URL("write", this.#scope);
    url.search = new URLSearchParams(query).toString();
    return Response.redirect(url.href, 303);
  }
}
