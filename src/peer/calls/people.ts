import type { PeerApi } from "../api.ts";
import type { PeerCore } from "../core.ts";
import { nodeKeyOf } from "../following.ts";

export function peopleCalls(core: PeerCore): Pick<PeerApi, "follow" | "unfollow" | "avatar"> {
  const setFollow = async (id: string, follow: boolean): Promise<void> => {
    const key = nodeKeyOf(id);
    if (!(await core.following.set(key, follow))) return;
    core.exchange()?.retune();
    core.live.invalidate("following", "envelopes", "profiles");
  };
  return {
    follow: (id) => setFollow(id, true),
    unfollow: (id) => setFollow(id, false),
    avatar: (id, { signal } = {}) => core.people.pictures.of(nodeKeyOf(id), signal),
  };
}
