/**
 * backup: one identity as one file: its key (unless it is left out), profile, own posts with their files, envelopes, curated feeds,
 * what waits to be sent or published, following, trust, blocked people, settings and drafts. A file is read as what it is, something
 * from outside: in pieces, and every object in it is checked like one from a stranger.
 * Loaded when somebody writes or reads one.
 */
export { MAX_FILE, TRANSFER_KEY_BYTES } from "./format.ts";
export { mergeBackup } from "./merge.ts";
export { readBackup, type BackupSink } from "./read.ts";
export { writeBackup } from "./write.ts";
export { copyOwn, ownCurations } from "./own.ts";
