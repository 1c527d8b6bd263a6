import { decodeObject, hashOf, scopeFromChannel, scopeKey, toHex } from "../../../../src/wire/index.ts";
import { isPromoted } from "../../../../src/wire/promoted.ts";
import type { Inhabitant } from "../inhabitant.ts";
import { nameOf, type Entry } from "../ledger.ts";
import { Breaches, type Check, type Scene } from "../watch.ts";
import { examine, examineHeld, opens, type Finding } from "./oracle.ts";

const DAY = 86_400_000;
/** Clocks and rounding: what ends within this is neither on nor off. */
const LENIENT = 900_000;
/** Until what belongs together is stored, ms. */
const STORED = 1_000;

/** No envelope goes beyond its start without evidence that stands: on channels, and in no store either. */
export function evidenceStands(scene: Scene, breaches: Breaches, began: number): Check {
  const name = "evidence-stands";
  const findings = new Map<string, Promise<Finding>>();
  /** By hash of the envelope: who heard it on a channel where it belongs, read there or only visited to say something. */
  const heard = new Map<string, Set<Inhabitant>>();
  let passed = 0;
  let proven = 0;
  const hear = (envelope: string, at: Inhabitant): void => {
    const hearers = heard.get(envelope);
    if (hearers === undefined) heard.set(envelope, new Set([at]));
    else hearers.add(at);
  };
  const note = (finding: Finding): void => {
    const entry = scene.ledger.find(finding.envelope);
    const until = finding.created - began + DAY;
    if (entry === undefined || finding.fault !== null) return;
    const { scope } = finding;
    const at = entry.openings.findIndex((opening) => opening.scope === scope);
    const known = entry.openings[at];
    if (known === undefined) entry.openings.push({ scope, until, since: until - DAY });
    else
      entry.openings[at] = {
        scope,
        until: Math.max(known.until, until),
        since: Math.min(known.since, until - DAY),
      };
  };
  /** What goes over the channel where it started says there how far it is heard elsewhere. */
  const judge = (channel: string, at: Inhabitant, finding: Finding): void => {
    proven++;
    const entry = scene.ledger.find(finding.envelope);
    if (finding.fault === null && entry !== undefined && startOf(entry) === channel) {
      hear(finding.envelope, at);
      return;
    }
    if (finding.fault !== null) breaches.add(name, `person ${at.number} passed on ${finding.fault} on ${channel}`);
    else if (!opens(finding.scope, channel))
      breaches.add(name, `what opens ${finding.scope} was passed on on ${channel}`);
    else if (finding.created - began + DAY + LENIENT < scene.now())
      breaches.add(name, `${channel} carries what has ended`);
    else hear(finding.envelope, at);
  };
  return {
    name,
    gossiped(_from, _to, { bytes, id }) {
      if (!isPromoted(bytes) || findings.has(id)) return;
      const examined = examine(bytes);
      findings.set(id, examined);
      void examined.then(note);
    },
    accepted(_from, at, message) {
      if (at.character.role === "coalition") return;
      passed++;
      const channel = scopeKey(scopeFromChannel(message.channel));
      const examined = findings.get(message.id);
      if (examined !== undefined) {
        void examined.then((finding) => judge(channel, at, finding));
        return;
      }
      const object = decodeObject(message.bytes);
      if (object.type !== "PostEnvelope") return;
      const hash = toHex(hashOf(message.bytes));
      const entry = scene.ledger.find(hash);
      if (entry === undefined) return;
      if (startOf(entry) === channel) hear(hash, at);
      else breaches.add(name, `envelope ${entry.number} of ${startOf(entry)} was passed on on ${channel}`);
    },
    arrived(entry, at) {
      if (entry.kind === "trusted" || at.character.role === "coalition" || mayStartAt(entry, at)) return;
      if (mayHave(entry, at, scene.now())) return;
      scene.after(STORED, () => {
        // A visit may be over already. What it brought is as this person may have it: `judge` has looked at its evidence.
        if (heard.get(entry.hash)?.has(at) === true) return;
        // By no message of a channel, so by one that a neighbour was asked for: it is stored beside the envelope.
        void examineHeld(at.store, entry.hash).then((held) => {
          for (const finding of held) note(finding);
          if (!mayHave(entry, at, scene.now()))
            breaches.add(name, `person ${at.number} of ${at.town} holds ${nameOf(entry)}`);
        });
      });
    },
    finish: () => [`evidence: ${passed} messages were passed on, ${proven} of them with a certificate`],
  };
}

/** Also what answers somebody's own words: whoever asks for that by its hash may have it (docs/protocol.md, section 21). */
function mayStartAt(entry: Entry, at: Inhabitant): boolean {
  return entry.author === at || entry.of?.author === at || startOf(entry) === at.town;
}

/** Scope key of where it starts. */
function startOf({ author, place }: Entry): string {
  return place ?? author.town;
}

/** By a certificate for something that this person reads. */
function mayHave({ openings }: Entry, at: Inhabitant, now: number): boolean {
  const read = [at.town, ...at.character.topics];
  return openings.some(({ scope, until }) => until + LENIENT > now && read.some((own) => opens(scope, own)));
}
