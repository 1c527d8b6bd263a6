/**
 * backup: one identity as one file: its key, profile, own posts and envelopes, following, blocked people, settings and drafts. A file is
 * read as what it is, something from outside: in pieces, and every object in it is checked like one from a stranger.
 * Loaded when somebody writes or reads one.
 */
export { readBackup, type BackupSink } from "./read.ts";
export { writeBackup } from "./write.ts";
export { copyOwn } from "./own.ts";
