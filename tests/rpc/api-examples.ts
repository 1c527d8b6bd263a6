import { readFileSync } from "node:fs";

/** docs/api.md, which documents `PeerApi`. */
export const API_DOCUMENT = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");

export interface ApiSection {
  /** Text of its heading, without backticks. */
  readonly heading: string;
  readonly text: string;
  readonly examples: readonly ApiExample[];
}

export interface ApiExample {
  /** Heading and line of the document, to find it by. */
  readonly title: string;
  readonly code: string;
}

/** The sections of the document with their examples, in order. */
export function apiSections(document = API_DOCUMENT): ApiSection[] {
  const sections: { heading: string; text: string; examples: ApiExample[] }[] = [];
  let block: { line: number; code: string[] } | null = null;
  for (const [index, line] of document.split("\n").entries()) {
    const section = sections.at(-1);
    if (block !== null) {
      if (line !== "```") block.code.push(line);
      else {
        section?.examples.push({ title: `${section.heading}, line ${block.line}`, code: block.code.join("\n") });
        block = null;
      }
    } else if (/^#{1,4} /.test(line)) {
      sections.push({ heading: line.replace(/^#+ /, "").replaceAll("`", ""), text: "", examples: [] });
    } else if (line === "```js") {
      block = { line: index + 2, code: [] };
    } else if (section !== undefined) {
      section.text += `${line}\n`;
    }
  }
  if (block !== null) throw new Error(`the example at line ${block.line} of docs/api.md does not end`);
  return sections;
}
