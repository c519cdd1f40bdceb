/** The image of one board: its script checked and weighed, the manifest, the source map and the bill of materials, all in memory. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BoardWiring } from "../../firmware/hosts/board.ts";
import { type Board, wiringOf } from "../boards.ts";
import { UserError } from "../user-error.ts";
import { type BundleInput, bundleDevice, type DeviceBundle } from "./bundle.ts";
import { checkBundle, findingText } from "./dialect.ts";
import { type ImageManifest, imageFile, manifestName } from "./image.ts";
import { mcconfigFiles } from "./mcconfig.ts";
import { type Origin, shortCommit } from "./origin.ts";
import { sbomOf } from "./sbom.ts";

export interface MadeImage {
  readonly manifest: ImageManifest;
  /** By path below the board's folder; the characters of a script are its bytes (`encodingOf`). */
  readonly files: Readonly<Record<string, string>>;
  /** What weighs most, largest first. */
  readonly inputs: readonly BundleInput[];
  readonly fits: boolean;
}

export const scriptName = "livlina.js";
/** What the script stands for, where Espruino has it in a form of its own; the source map leads from here. */
const textName = "livlina.text.js";
/** In Espruino's Storage; what starts it at boot is written beside it. */
const storageName = "livlina";
const mostFindings = 20;

/** How a file's text becomes bytes. */
export function encodingOf(path: string): "latin1" | "utf8" {
  return path === scriptName ? "latin1" : "utf8";
}

/** `firmware`: what the device is for. `contract`: the checks of its ports in its place, for whoever brings up a board. */
export type ImageKind = "firmware" | "contract";

/** The host whose bundle a board gets, from the root. */
export function entryOf({ engine, role }: Pick<Board, "engine" | "role">, kind: ImageKind = "firmware"): string {
  return `firmware/hosts/${engine}/${role}${kind === "contract" ? "-contract" : ""}.ts`;
}

/**
 * Makes the image of the firmware below `root`. Throws UserError (1) where the board has no raw pages, a source does not parse, or the
 * device could not run it: with file and line.
 */
export async function makeImage(
  board: Board,
  root: string,
  origin: Origin,
  kind: ImageKind = "firmware",
): Promise<MadeImage> {
  const wiring = wiringOf(board, origin.version, shortCommit(origin));
  const bundle = await bundleOf(board, root, wiring, kind);
  refuseForeign(board, bundle);
  const script = imageFile(scriptName, bundle.bytes);
  const manifest = manifestOf(board, origin, wiring.journal, script);
  return {
    manifest,
    files: {
      [scriptName]: Buffer.from(bundle.bytes).toString("latin1"),
      ...(board.engine === "espruino" ? { [textName]: bundle.text } : {}),
      [`${scriptName}.map`]: `${JSON.stringify(bundle.map)}\n`,
      [manifestName]: `${JSON.stringify(manifest, null, 2)}\n`,
      "sbom.json": sbomOf(board, origin, script, packagesOf(bundle)),
      ...(board.engine === "moddable" ? mcconfigFiles(board) : {}),
    },
    inputs: bundle.inputs,
    fits: script.bytes <= board.budget.imageBytes,
  };
}

/** The script alone: not yet checked. Throws UserError (1) where the host is not there, or a source does not parse. */
export async function bundleOf(
  board: Board,
  root: string,
  wiring: BoardWiring,
  kind: ImageKind = "firmware",
): Promise<DeviceBundle> {
  const entry = entryOf(board, kind);
  if (!existsSync(join(root, entry)))
    throw new UserError(`${board.name}: ${entry} is not there`, "firmware/README.md: what a host supplies", 1);
  return bundleDevice(entry, {
    root,
    minify: true,
    engine: board.engine,
    board: wiring,
    closed: closedBy(board, kind),
  }).catch((thrown: Error) => {
    throw new UserError(`${board.name}: ${thrown.message}`, "npm run types", 1);
  });
}

/** A button speaks to nobody in words; the checks of its ports do. */
function closedBy({ engine, role }: Board, kind: ImageKind): "names" | "short-words" | undefined {
  if (engine !== "espruino") return undefined;
  return role === "button" && kind === "firmware" ? "short-words" : "names";
}

function refuseForeign(board: Board, bundle: DeviceBundle): void {
  const findings = checkBundle(bundle.text, textName, bundle.map);
  if (findings.length === 0) return;
  const told = findings.slice(0, mostFindings).map(findingText);
  if (findings.length > told.length) told.push(`and ${findings.length - told.length} more`);
  throw new UserError(
    `${board.name}: the device cannot run this:\n${told.join("\n")}`,
    'what each line says after "use"',
    1,
  );
}

function manifestOf(
  board: Board,
  { version, commit, changed }: Origin,
  journal: ImageManifest["journal"],
  script: ImageManifest["files"][number],
): ImageManifest {
  const { name, hardware, region, role, engine, chip, budget } = board;
  return {
    format: 1,
    board: name,
    hardware,
    region,
    role,
    engine,
    chip,
    version,
    commit,
    changed,
    ...(engine === "espruino" ? { storageName } : {}),
    files: [script],
    budgetBytes: budget.imageBytes,
    journal,
  };
}

/** npm packages whose files are in the bundle; the house rules want none. */
function packagesOf({ metafile }: DeviceBundle): string[] {
  const names = new Set<string>();
  for (const path of Object.keys(metafile.inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
    if (match?.[1] !== undefined) names.add(match[1]);
  }
  return [...names].sort();
}
