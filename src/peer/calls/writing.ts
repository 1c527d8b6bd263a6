import type { Draft, PeerApi, Published } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { parseDraft, saveDraft } from "../drafts.ts";

type WritingCall = "saveDraft" | "dropDraft" | "preview" | "publish" | "saveProfile";

export function writingCalls(core: PeerCore): Pick<PeerApi, WritingCall> {
  const { identity, profiles, publisher, queries, store } = core;

  const publish = async (draft: Draft): Promise<Published> => {
    const { made, view } = await publisher.publish(draft);
    if (made !== null) {
      const { bytes, channel, envelope, hash } = made;
      core.exchange()?.made({ hash, bytes, envelope, from: null, channel });
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
      return await publisher.preview(parseDraft(draft));
    },

    async publish(given) {
      return await publish(parseDraft(given));
    },

    async saveProfile(profile) {
      await publisher.saveProfile(profile);
      await core.exchange()?.provideOwnProfile();
      return await queries.profile(identity.key);
    },
  };
}
