/** The part of `PeerApi` that shows how posts hang together: who answers what, and what refers to what. */
import type { EnvelopeView, HashText, NodeId } from "../api.ts";
import type { AlikeView } from "../defence/api.ts";

/** One answer of a thread, in the order in which a person reads it: each right after what it answers. */
export interface ThreadRow {
  /** Of the envelope. */
  readonly hash: HashText;
  /** Hash of the envelope that it answers. */
  readonly parent: HashText;
  /** 1 for what answers the post that the thread is of. */
  readonly depth: number;
  /** `null`: by somebody who is blocked; it stands there because of what is below it. */
  readonly envelope: EnvelopeView | null;
  /** Answers to it, and all that is below it, as far as they are held here. */
  readonly replies: number;
  readonly below: number;
  /** What is below it is beyond the levels that were asked for. */
  readonly deeper: boolean;
}

/** What a post answers, and what that answers, up to the beginning of the conversation. */
export interface LineageView {
  /** From the top; an `envelope` of `null` is by somebody who is blocked. */
  readonly above: readonly { readonly hash: HashText; readonly envelope: EnvelopeView | null }[];
  /** What the topmost of them answers and is not held here. */
  readonly missing: HashText | null;
  /** There is more above: the line is longer than 64, or goes round in a circle. */
  readonly more: boolean;
}

export interface GraphNode {
  /** Of the envelope; of what is not held here the hash by which it is named. */
  readonly hash: HashText;
  /** `null` where it is not held here. */
  readonly author: NodeId | null;
  readonly authorName: string | null;
  /** Somebody of whom this person knows, whose name looks like the author's. */
  readonly authorAlike: AlikeView | null;
  /** Headline, or the beginning of the summary; empty where there is neither. */
  readonly title: string;
  readonly created: number;
  readonly own: boolean;
  /** This person has muted it, or has it covered; its title is left out. */
  readonly muted: boolean;
  /** Steps from the post that was asked for. */
  readonly steps: number;
}

/** By their places among the nodes. `from` answers or refers to `to`. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly kind: "reply" | "reference";
}

export interface GraphView {
  /** The post that was asked for first, then by steps. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** There are more posts that hang together with these. */
  readonly more: boolean;
}

export interface ThreadLiveQueries {
  /** The answers to a post (named by either hash), and theirs. `levels`: 64 unless more are asked for, 512 at most. */
  thread: { params: { hash: HashText; limit?: number; levels?: number }; rows: ThreadRow };
  lineage: { params: { hash: HashText }; value: LineageView };
  /** Envelopes that refer to a post (named by either hash), newest first. */
  referrers: { params: { hash: HashText; limit?: number }; rows: EnvelopeView };
  /** Posts that answer or refer to each other, around one of them (named by either hash); `limit`: 500 at most. */
  graph: { params: { hash: HashText; limit?: number }; value: GraphView };
}
