/** The scripts that engines are given: the devices' firmware on ports that play lists, and the codecs that answer vectors. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { bundleDevice, type DeviceBundle } from "../build/bundle.ts";
import { checkBundle, findingText } from "../build/dialect.ts";
import type { Engine as Target } from "../build/engines.ts";
import { withoutReservedNames } from "../build/reserved-names.ts";

export type ScriptName = "unit" | "button" | "vector" | "radio-talk";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const made = new Map<string, Promise<DeviceBundle>>();

/** Bundled once for each engine. Throws where the device dialect forbids something: what runs here is what a device could run. */
export function bundleOf(name: ScriptName, target: Target): Promise<DeviceBundle> {
  const key = `${name} ${target}`;
  const known = made.get(key) ?? bundled(name, target);
  made.set(key, known);
  return known;
}

export async function scriptOf(name: ScriptName, target: Target): Promise<string> {
  const script = Buffer.from((await bundleOf(name, target)).bytes).toString("latin1");
  return target === "espruino" ? shortened(script) : script;
}

/**
 * Short names and no blanks, but statements as they are written: an interpreter built with its assertions ends where `if` has
 * become `&&` and an arrow function behind it is passed over.
 */
async function shortened(script: string): Promise<string> {
  const made = await transform(script, { minifyIdentifiers: true, minifyWhitespace: true, charset: "ascii" });
  return withoutReservedNames(made.code);
}

async function bundled(name: ScriptName, engine: Target): Promise<DeviceBundle> {
  const entry = join("tools/engines/guest", `${name}-entry.ts`);
  const bundle = await bundleDevice(entry, { root, minify: false, engine });
  const findings = checkBundle(Buffer.from(bundle.bytes).toString("latin1"), entry, bundle.map);
  if (findings.length > 0) throw new Error(findings.map(findingText).join("\n"));
  return bundle;
}
