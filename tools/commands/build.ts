/** `livlina build`: the device's script for a board, one file, within the device dialect and weighed against the board's room. */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { UnwritableError, writeWhole } from "../../simulator/report/files.ts";
import { nearest } from "../../simulator/scenario/scenario-units.ts";
import { bundleDevice } from "../build/bundle.ts";
import { checkBundle, findingText } from "../build/dialect.ts";
import { painter } from "../progress.ts";
import { UserError } from "../user-error.ts";

interface Board {
  readonly name: string;
  readonly device: "unit" | "button";
  readonly entry: string;
  /** Room for scripts and data in Espruino's Storage (its board files). */
  readonly storageBytes: number;
}

const boards: readonly Board[] = [
  {
    name: "esp32",
    device: "unit",
    entry: "firmware/unit.ts",
    storageBytes: 896 * 1024,
  },
  {
    name: "puckjs",
    device: "button",
    entry: "firmware/wrist-button.ts",
    storageBytes: 40 * 1024,
  },
];

interface BuildOptions {
  readonly all?: boolean;
  readonly out: string;
  readonly json?: boolean;
}

interface Image {
  readonly board: string;
  readonly device: string;
  readonly path: string;
  readonly bytes: number;
  readonly budgetBytes: number;
  readonly fits: boolean;
  /** What weighs most. */
  readonly largest: readonly { readonly path: string; readonly bytes: number }[];
}

export function register(program: Command): void {
  program
    .command("build [board]")
    .description("make the device bundles and weigh them against their budgets")
    .option("--all", "for every board")
    .option("--out <dir>", "folder of the images", "out/images")
    .option("--json", "one JSON array on stdout")
    .addHelpText("after", `\nBoards: ${boards.map((board) => `${board.name} (${board.device})`).join(", ")}`)
    .addHelpText("after", "\nExample:\n  livlina build --all\n")
    .action(build);
}

async function build(name: string | undefined, options: BuildOptions): Promise<void> {
  const images: Image[] = [];
  for (const board of chosen(name, options.all === true)) images.push(await buildImage(board, options.out));
  if (options.json === true) process.stdout.write(`${JSON.stringify(images)}\n`);
  else for (const image of images) process.stdout.write(imageText(image));
  if (images.some((image) => !image.fits)) process.exitCode = 1;
}

function chosen(name: string | undefined, all: boolean): readonly Board[] {
  const names = boards.map((board) => board.name);
  if (all && name === undefined) return boards;
  if (name === undefined) throw new UserError("which board?", `livlina build --all, or one of ${names.join(", ")}`, 2);
  const board = boards.find((each) => each.name === name);
  if (board !== undefined) return [board];
  const near = nearest(name, names);
  throw new UserError(
    `there is no board ${name}`,
    near === undefined ? `one of ${names.join(", ")}` : `livlina build ${near}`,
    2,
  );
}

async function buildImage(board: Board, out: string): Promise<Image> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const bundle = await bundleDevice(board.entry, { root, minify: true }).catch((thrown: Error) => {
    throw new UserError(`${board.name}: ${thrown.message}`, "npm run types", 1);
  });
  const findings = checkBundle(Buffer.from(bundle.bytes).toString("latin1"), board.entry, bundle.map);
  if (findings.length > 0) {
    throw new UserError(
      `${board.name}: the device cannot run this:\n${findings.map(findingText).join("\n")}`,
      'what each line says after "use"',
      1,
    );
  }
  const path = join(out, `${board.name}.js`);
  try {
    writeWhole(path, Buffer.from(bundle.bytes).toString("latin1"));
  } catch (thrown) {
    if (!(thrown instanceof UnwritableError)) throw thrown;
    throw new UserError(thrown.message, "another folder with --out", 3);
  }
  const budgetBytes = board.storageBytes;
  const largest = bundle.inputs
    .slice(0, 5)
    .map((input) => ({ path: relative(root, join(root, input.path)), bytes: input.bytes }));
  const { length: bytes } = bundle.bytes;
  return { board: board.name, device: board.device, path, bytes, budgetBytes, fits: bytes <= budgetBytes, largest };
}

function imageText(image: Image): string {
  const paint = painter(process.stdout);
  const mark = image.fits ? paint("green", "fits") : paint("red", "too large");
  const largest = image.largest.map((input) => `    ${kilobytes(input.bytes)}  ${input.path}\n`);
  return `${image.path}\n  ${image.device}: ${kilobytes(image.bytes)} of ${kilobytes(image.budgetBytes)}, ${mark}\n${largest.join("")}`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} kB`;
}
