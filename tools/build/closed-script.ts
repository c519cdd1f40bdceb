/** The script of a whole device: nobody but the engine calls into it, so that all of its own names may be short, and it is stored as suits the engine. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import { closedNames, engineNames, withShortWords } from "./closed-names.ts";
import { engineOptions } from "./engines.ts";
import { withOwnMethods } from "./own-methods.ts";
import { withPlainValues } from "./plain-values.ts";
import { storedScript } from "./stored-script.ts";
import { parseScript, walk } from "./syntax-tree.ts";
import { type Edit, edited } from "./text-edits.ts";
import { withoutUnused } from "./unused-members.ts";

export interface ClosedScript {
  /** What the device gets. */
  readonly code: Uint8Array;
  /** What that stands for, and its source map. */
  readonly text: string;
  readonly map: string;
}

export interface ClosedOptions {
  /** Of the repository. */
  readonly root: string;
  /** `short-words`: also the words of its values leave the device in no message. */
  readonly how: "names" | "short-words";
  /** What the bundle was made of. */
  readonly sources: readonly string[];
}

/** What a flasher asks on the console, and what the engine calls by itself. */
const calledFromOutside: ReadonlySet<string> = new Set(["state", "toString"]);
const enginePath = "firmware/hosts/espruino/engine.ts";

/** `bundle` is not minified, `map` its source map. */
export async function closedScript(bundle: string, map: string, options: ClosedOptions): Promise<ClosedScript> {
  const engine = engineNames(await readFile(join(options.root, enginePath), "utf8"));
  const own = withOwnMethods(bundle, options.sources);
  const worded = options.how === "short-words" ? withShortWords(own, engine) : own;
  const valued = withPlainValues(withoutUnused(worded, calledFromOutside));
  const names = closedNames(valued, engine);
  const inline = Buffer.from(map).toString("base64");
  const { format: _, ...engineOnly } = engineOptions.espruino;
  const script = await transform(`${valued}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`, {
    loader: "js",
    minify: true,
    charset: "ascii",
    sourcemap: "external",
    legalComments: "none",
    target: engineOnly.target ?? "es2015",
    supported: engineOnly.supported ?? {},
    mangleProps: new RegExp(`^(?:${names.join("|")})$`),
  });
  const text = withoutOf(atTheRoot(script.code));
  return { code: storedScript(text, engine), text, map: script.map };
}

/** Espruino takes `of` for a word of its own everywhere, and short names come to it sooner or later. Another of two letters keeps the map. */
function withoutOf(script: string): string {
  const names = new Set<string>();
  const edits: Edit[] = [];
  walk(parseScript(script), (node) => {
    if (node.type !== "Identifier") return;
    names.add(node.name);
    if (node.name === "of") edits.push({ start: node.start, end: node.end, text: "" });
  });
  let free = 0;
  while (names.has(`$${free}`)) free++;
  if (free > 9) throw new Error("closed script: no short name is left");
  return edited(
    script,
    edits.map((edit) => ({ start: edit.start, end: edit.end, text: `$${free}` })),
  );
}

const opening = "(()=>{";
const closing = "})();";

/**
 * Without the function around it: the engine keeps a record for the surroundings of each function that does not stand at the root. Blanks
 * keep the columns of the map.
 */
function atTheRoot(script: string): string {
  const text = script.trimEnd();
  if (!text.startsWith(opening) || !text.endsWith(closing)) throw new Error("closed script: not one function");
  const inside = text.slice(opening.length, text.length - closing.length);
  return `${" ".repeat(opening.length)}${inside}\n`;
}
