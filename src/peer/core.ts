import type { Mesh } from "../mesh/port.ts";
import type { Store } from "../store/port.ts";
import type { Settings } from "./api.ts";
import type { Blocks } from "./blocks/index.ts";
import type { LogRing } from "./diagnostics/index.ts";
import type { Exchange } from "./exchange.ts";
import type { Feeds } from "./feeds/index.ts";
import type { Findings } from "./finding/index.ts";
import type { Following } from "./following.ts";
import type { Hints } from "./hints/index.ts";
import type { History } from "./history.ts";
import type { OwnIdentity } from "./identity.ts";
import type { LiveSet } from "./live/index.ts";
import type { AuthorMarks } from "./marks.ts";
import type { People } from "./people/index.ts";
import type { NetworkSources } from "./network.ts";
import type { Parts } from "./parts.ts";
import type { PeerPorts } from "./ports.ts";
import type { RoomKeeper } from "./room/index.ts";
import type { ProfileBook } from "./profiles.ts";
import type { Publisher } from "./publisher.ts";
import type { Queries } from "./queries.ts";
import type { Boosting, Reaching, ReachViews } from "./reach/index.ts";
import type { Receiver } from "./receiver.ts";
import type { EnvelopeViews } from "./views.ts";
import type { Trust } from "./trust/index.ts";
import type { Topic } from "./watches.ts";

/** The parts of a running peer, as the calls of its API (`calls/`) work with them. */
export interface PeerCore {
  readonly ports: PeerPorts;
  readonly ring: LogRing;
  readonly store: Store;
  readonly identity: OwnIdentity;
  readonly following: Following;
  readonly feeds: Feeds;
  readonly blocks: Blocks;
  readonly trust: Trust;
  readonly reaching: Reaching;
  readonly boosting: Boosting;
  readonly reach: ReachViews;
  readonly marks: AuthorMarks;
  readonly profiles: ProfileBook;
  readonly views: EnvelopeViews;
  readonly queries: Queries;
  readonly publisher: Publisher;
  readonly receiver: Receiver;
  readonly live: LiveSet<Topic>;
  readonly network: NetworkSources;
  readonly findings: Findings;
  readonly people: People;
  readonly history: History;
  readonly hints: Hints;
  readonly parts: Parts;
  readonly room: RoomKeeper;
  /** The settings of now. */
  settings(): Settings;
  /** Stored when it resolves; the network is told of what concerns it. */
  changeSettings(patch: Partial<Settings>): Promise<Settings>;
  /** What is connected to the mesh; `null` while the network is being loaded and when it could not be. */
  exchange(): Exchange | null;
  /** The mesh, once the network is loaded; loads it if that was put off or failed. @throws PeerError `OFFLINE`, `PEER_ENDED` */
  connected(signal?: AbortSignal): Promise<Mesh>;
  /** Makes the mesh anew with the settings of now. */
  connect(): void;
  /** @throws PeerError `PEER_ENDED` */
  alive(): void;
}
