/**
 * The words of the first screen are split by hand from the rest, and a word that is missing would show as nothing. So every
 * word that a module of the first screen could ask for has to be among them: by what stands in its source, as keys of words
 * and as templates that make them.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseSync, Visitor } from "vite";
import { describe, expect, it } from "vitest";
import { first } from "../../src/app/i18n/en/first.ts";
import { en } from "../../src/app/i18n/en.ts";

const APP = path.resolve(import.meta.dirname, "../../src/app");
const REST = Object.keys(en);
const FIRST = Object.keys(first);
const ALL = [...FIRST, ...REST];

interface Source {
  /** Modules that are loaded with it, as paths. */
  readonly imports: readonly string[];
  readonly literals: ReadonlySet<string>;
  /** What stands around the values of a template. */
  readonly templates: readonly (readonly string[])[];
}

/** Reads source text as what is left of it without types. */
function readSource(file: string, text: string): Source {
  const { program } = parseSync(file, text);
  const imports: string[] = [];
  const literals = new Set<string>();
  const templates: string[][] = [];
  const load = (kind: string | undefined, from: string, kinds: readonly (string | undefined)[]): void => {
    const isType = kind === "type" || (kinds.length > 0 && kinds.every((each) => each === "type"));
    if (!isType && /^\..*\.tsx?$/.test(from)) imports.push(path.resolve(path.dirname(file), from));
  };
  new Visitor({
    ImportDeclaration: ({ importKind, source, specifiers }) =>
      load(
        importKind,
        source.value,
        specifiers.map((each) => (each.type === "ImportSpecifier" ? each.importKind : undefined)),
      ),
    ExportNamedDeclaration: ({ exportKind, source, specifiers }) => {
      if (source)
        load(
          exportKind,
          source.value,
          specifiers.map((each) => each.exportKind),
        );
    },
    ExportAllDeclaration: ({ exportKind, source }) => load(exportKind, source.value, []),
    Literal: ({ value }) => {
      if (typeof value === "string") literals.add(value);
    },
    TemplateLiteral: ({ quasis }) => {
      templates.push(quasis.map(({ value }) => value.cooked ?? ""));
    },
  }).visit(program);
  return { imports, literals, templates };
}

/** The keys of words that a source can ask for. A template tells by its beginning what it is for. */
function keysIn({ literals, templates }: Source): string[] {
  const patterns = templates
    .filter(([begin = ""]) => /^[\w.]+\.\w*$/.test(begin))
    .map((parts) => new RegExp(`^${parts.map((part) => part.replaceAll(".", "\\.")).join(".*")}$`));
  return ALL.filter((key) => literals.has(key) || patterns.some((pattern) => pattern.test(key)));
}

/** Every module that is loaded with the page's script, by its path. */
function eagerModules(): Map<string, Source> {
  const found = new Map<string, Source>();
  const open = [path.join(APP, "main.tsx")];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    const source = readSource(file, readFileSync(file, "utf8"));
    found.set(file, source);
    open.push(...source.imports);
  }
  return found;
}

describe("reading a source", () => {
  it("finds what is imported with it, and neither types nor what is imported later", () => {
    const text = `
      import type { A } from "./a.ts";
      import { type B } from "./b.ts";
      import { c, type C } from "./c.tsx";
      import "./d.ts";
      import "./d.css";
      export { e } from "../e.ts";
      export type { F } from "./f.ts";
      export * from "./g.ts";
      const later = lazily(() => import("./h.tsx"));`;
    expect(readSource("/app/x.tsx", text).imports).toEqual(["/app/c.tsx", "/app/d.ts", "/e.ts", "/app/g.ts"]);
  });

  it("finds words by their keys and by templates of them", () => {
    const text = "const page = () => <p title={t('app.close')}>{t(`status.${word}.text`)} {`${size} px`}</p>;";
    const keys = keysIn(readSource("/app/x.tsx", text));
    expect(keys).toContain("app.close");
    expect(keys).toContain("status.few.text");
    expect(keys).not.toContain("status.few");
    expect(keys.every((key) => key === "app.close" || key.startsWith("status."))).toBe(true);
  });
});

describe("the words of the first screen", () => {
  const modules = eagerModules();
  const asked = new Map<string, string>();
  for (const [file, source] of modules) for (const key of keysIn(source)) asked.set(key, path.relative(APP, file));

  it("are looked for in the whole page", () => {
    for (const name of ["app.tsx", "shell/index.tsx", "pages/home/index.tsx", "components/envelope-card/index.tsx"])
      expect([...modules.keys()]).toContain(path.join(APP, name));
    expect([...modules.keys()]).not.toContain(path.join(APP, "pages/settings/index.tsx"));
  });

  it("are all that a module can ask for that is loaded with the page", () => {
    const missing = [...asked].filter(([key]) => !(key in first)).map(([key, file]) => `${key} in ${file}`);
    expect(missing).toEqual([]);
  });

  it("are no more than these, and none stands in the rest again", () => {
    expect(FIRST.filter((key) => !asked.has(key))).toEqual([]);
    expect(REST.filter((key) => key in first)).toEqual([]);
  });

  it("are waited for by whatever is loaded later: nothing goes around `lazily`", () => {
    const around = readdirSync(APP, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && file !== path.join("i18n", "words.ts"))
      .filter((file) =>
        /import \{[^}]*\blazy\b[^}]*\} from "solid-js"/.test(readFileSync(path.join(APP, file), "utf8")),
      );
    expect(around).toEqual([]);
  });
});
