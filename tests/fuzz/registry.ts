/** Everything that is fuzzed. A decoder that is missing here fails `registry.test.ts`. */
import type { Target } from "./target.ts";
import { choiceTargets } from "./targets/choices.ts";
import { frameTargets } from "./targets/frames.ts";
import { pictureTargets } from "./targets/finding.ts";
import { inviteTargets } from "./targets/invites.ts";
import { movingTargets } from "./targets/moving.ts";
import { pageTargets } from "./targets/page.ts";
import { recordTargets } from "./targets/records.ts";
import { sessionTargets } from "./targets/sessions.ts";
import { vaultTargets } from "./targets/vaults.ts";
import { wireTargets } from "./targets/wire.ts";

/** Each checks its own inputs only, whatever they are. */
export const targets: readonly Target[] = [
  ...wireTargets,
  ...frameTargets,
  ...inviteTargets,
  ...sessionTargets,
  ...recordTargets,
  ...vaultTargets,
  ...choiceTargets,
  ...pageTargets,
  ...movingTargets,
  ...pictureTargets,
];
