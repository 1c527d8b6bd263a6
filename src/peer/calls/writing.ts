import type { Draft, PeerApi, Published } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { parseDraft, saveDraft } from "../drafts.ts";

type WritingCall = "saveDraft" | "dropDraft" | "preview" | "publish" | "saveProfile";

export function writingCalls(core: PeerCore): Pick<PeerApi, WritingCall> {
  const { identity, profiles, publisher, queries, store } = core;
  /** By the draft as text. */
  const publishing = new Map<string, Promise<Published>>();

  const publish = async (draft: Draft): Promise<Published> => {
    const own = await publisher.publish(draft);
    const { bytes, channel, envelope, hash, postHash, view } = own;
    if (channel !== null) {
      const exchange = core.exchange();
      exchange?.arrived([{ hash, bytes, envelope, from: null, channel }]);
      exchange?.provide(postHash);
    }
    return view;
  };

  return {
    async saveDraft(draft) {
      await saveDraft(store, draft);
    },

    async dropDraft(id) {
      await store.commit({ draftsRemove: [id] }, { durability: "strict" });
    },

    async preview(draft) {
      await profiles.load([identity.key]);
      return publisher.preview(parseDraft(draft));
    },

    publish(given) {
      const draft = parseDraft(given);
      const key = JSON.stringify(draft);
      // A second press of the button, or a second tab: one draft makes one post.
      const underWay = publishing.get(key);
      if (underWay !== undefined) return underWay;
      const published = publish(draft).finally(() => publishing.delete(key));
      publishing.set(key, published);
      return published;
    },

    async saveProfile(profile) {
      await publisher.saveProfile(profile);
      return await queries.profile(identity.key);
    },
  };
}
