/** An envelope, as far as the shape of a thread depends on it. Hashes are in their text form. */
export interface ThreadPost {
  /** Hash of the envelope. */
  readonly key: string;
  readonly post: string | null;
  readonly author: string;
  /** Hash of what it answers: of a post, or of an envelope. */
  readonly replyTo: string | null;
  readonly created: number;
  /** Order in which it came here. */
  readonly arrived: number;
}

export interface ThreadNode {
  readonly key: string;
  /** Key of what it answers. */
  readonly parent: string;
  /** 1 for what answers the root. */
  readonly depth: number;
  /** Answers to it that are to be seen, and all that is below it. */
  readonly replies: number;
  readonly below: number;
  /** There are answers, and they are below the levels that were asked for. */
  readonly deeper: boolean;
  /** It is not to be seen, and stands there because something below it is. */
  readonly hidden: boolean;
}

export interface ThreadOptions {
  /** Levels below the root. */
  readonly levels: number;
  /** What is not to be seen. */
  readonly isHidden?: (post: ThreadPost) => boolean;
}

/** Levels that are shown at once: more than anybody follows in one go. What is below them is asked for. */
export const THREAD_LEVELS = 64;

interface Branch {
  readonly post: ThreadPost;
  readonly children: Branch[];
  replies: number;
  below: number;
}

/**
 * The answers below `root`, each right after what it answers, among themselves in order of time; what is of one
 * millisecond, by hash. Each envelope stands once. Where several name one post, what answers the post is below the one that
 * came here first: who copies a hash later, whatever date is on it, does not get the answers. An author's further envelopes
 * of one post in one place are left out.
 *
 * What is not connected to `root` is left out, so a loop is: nothing in it answers the root, unless the root is part
 * of it, and then it is cut there.
 */
export function threadOf(root: ThreadPost, posts: Iterable<ThreadPost>, options: ThreadOptions): ThreadNode[] {
  const trunk = branchesOf(root, posts);
  count(trunk, options.isHidden ?? (() => false));
  return flat(trunk, options);
}

function branchesOf(root: ThreadPost, posts: Iterable<ThreadPost>): Branch {
  const byKey = new Map<string, Branch>();
  const byPost = new Map<string, Branch>();
  /** Posts with more than one envelope: few, if any. */
  const repeated = new Set<string>();
  const said = new Set<string>();
  const add = (post: ThreadPost): void => {
    if (byKey.has(post.key)) return;
    const branch = { post, children: [], replies: 0, below: 0 };
    byKey.set(post.key, branch);
    if (post.post === null) return;
    if (byPost.has(post.post)) repeated.add(post.post);
    else byPost.set(post.post, branch);
  };
  add(root);
  for (const post of [...posts].sort((a, b) => a.arrived - b.arrived)) add(post);
  for (const branch of byKey.values()) {
    const { key, replyTo } = branch.post;
    if (key === root.key || replyTo === null) continue;
    const parent = byKey.get(replyTo) ?? byPost.get(replyTo);
    if (parent === undefined) continue;
    const { author, post } = branch.post;
    if (post !== null && repeated.has(post)) {
      const words = `${parent.post.key} ${author} ${post}`;
      if (said.has(words) || (parent.post.author === author && parent.post.post === post)) continue;
      said.add(words);
    }
    parent.children.push(branch);
  }
  return byKey.get(root.key)!;
}

/** Without recursion: a chain may be as long as somebody likes to make it. */
function count(trunk: Branch, isHidden: (post: ThreadPost) => boolean): void {
  const order: Branch[] = [trunk];
  for (const branch of order) for (const child of branch.children) order.push(child);
  for (const branch of order.toReversed()) {
    for (const child of branch.children) {
      const shown = isHidden(child.post) ? 0 : 1;
      branch.replies += shown;
      branch.below += child.below + shown;
    }
  }
}

function flat(trunk: Branch, { isHidden = () => false, levels }: ThreadOptions): ThreadNode[] {
  const nodes: ThreadNode[] = [];
  const waiting: { branch: Branch; parent: string; depth: number }[] = [];
  const open = (branch: Branch, depth: number): void => {
    const inOrder = branch.children.toSorted((a, b) => -compare(a.post, b.post));
    for (const child of inOrder) waiting.push({ branch: child, parent: branch.post.key, depth });
  };
  open(trunk, 1);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { branch, depth, parent } = next;
    const { below, post, replies } = branch;
    const hidden = isHidden(post);
    if (hidden && below === 0) continue;
    const deeper = depth >= levels && below > 0;
    nodes.push({ key: post.key, parent, depth, replies, below, deeper, hidden });
    if (!deeper) open(branch, depth + 1);
  }
  return nodes;
}

function compare(a: ThreadPost, b: ThreadPost): number {
  if (a.created !== b.created) return a.created - b.created;
  return a.key < b.key ? -1 : 1;
}
