/**
 * The version of what a run gives: a hash of the code that plays it. Whoever has the same gives the same results, whatever
 * the commit; whoever has another plays another fleet, and must not play this one.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { shardVersion } from "./shard-result.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const layers = ["protocol", "firmware", "simulator"] as const;
/** Draws or serves what others have played. */
const elsewhere = ["simulator/dashboard/", "simulator/report/page/"];
let version: string | undefined;

/** "1-9f86d081884c7d65": the form of the results, and the code. Read once a process. */
export function codeVersion(): string {
  version ??= `${shardVersion}-${hashOf(layers.flatMap(sourcesIn))}`;
  return version;
}

/** By name; tests are no part of it. */
function sourcesIn(layer: string): readonly string[] {
  return readdirSync(new URL(`../../${layer}/`, import.meta.url), { recursive: true, encoding: "utf8" })
    .map((path) => `${layer}/${path.replaceAll("\\", "/")}`)
    .filter(
      (path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !elsewhere.some((at) => path.startsWith(at)),
    )
    .sort();
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(`${path}\n`).update(readFileSync(`${root}${path}`));
  return hash.digest("hex").slice(0, 16);
}
