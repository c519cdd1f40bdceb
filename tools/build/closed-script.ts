/** The script of a whole device: nobody but the engine calls into it, so that all of its own names may be short, and its functions stand where they are used. */
import { readFile } from "node:fs/promises";
import type { SourceMapPayload } from "node:module";
import { join } from "node:path";
import { transform } from "esbuild";
import { closedNames, engineNames, withShortWords } from "./closed-names.ts";
import { engineOptions } from "./engines.ts";
import { withMethodsInside } from "./method-sinking.ts";
import { withPlainValues } from "./plain-values.ts";
import { sunk } from "./sinking.ts";
import { joinedPieces } from "./source-pieces.ts";
import { parseScript, walk } from "./syntax-tree.ts";
import { type Edit, edited } from "./text-edits.ts";
import { withoutUnused } from "./unused-members.ts";

export interface ClosedScript {
  readonly code: Uint8Array;
  readonly map: string;
}

/** What a flasher asks on the console, and what the engine calls by itself. */
const calledFromOutside: ReadonlySet<string> = new Set(["state", "toString"]);
const enginePath = "firmware/hosts/espruino/engine.ts";

/** `bundle` is not minified, `map` its source map. */
export async function closedScript(
  bundle: string,
  map: string,
  root: string,
  how: "names" | "short-words",
): Promise<ClosedScript> {
  const engine = engineNames(await readFile(join(root, enginePath), "utf8"));
  const worded = how === "short-words" ? withShortWords(bundle, engine) : bundle;
  const valued = withMethodsInside(withPlainValues(withoutUnused(worded, calledFromOutside)));
  const moved = joinedPieces(valued, JSON.parse(map) as SourceMapPayload, sunk(valued));
  const names = closedNames(moved.code, engine);
  const inline = Buffer.from(JSON.stringify(moved.map)).toString("base64");
  const { format: _, ...options } = engineOptions.espruino;
  const script = await transform(`${moved.code}\n//# sourceMappingURL=data:application/json;base64,${inline}\n`, {
    loader: "js",
    minify: true,
    charset: "ascii",
    sourcemap: "external",
    legalComments: "none",
    target: options.target ?? "es2015",
    supported: options.supported ?? {},
    mangleProps: new RegExp(`^(?:${names.join("|")})$`),
  });
  return { code: Buffer.from(withoutOf(atTheRoot(script.code))), map: script.map };
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
