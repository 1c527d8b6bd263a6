/**
 * kinds: what a post is (a text, a photo essay, an album, ...) as its envelope shows it, and what a draft of that kind needs
 * before it can be one. Nothing on the wire says the kind: it is read from what the envelope holds (docs/protocol.md, section 3).
 */
export { CONTENT_KINDS, kindOf, type ContentKind } from "./kind.ts";
