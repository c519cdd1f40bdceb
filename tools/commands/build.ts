/** `livlina build`: a board's image: its script within the device dialect and the board's budget, with manifest and bill of materials. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { UnwritableError, writeWhole } from "../../simulator/report/files.ts";
import { type Board, boardNames, readBoard, readBoards } from "../boards.ts";
import { budgetTable, scriptBytes } from "../build/budget-table.ts";
import { encodingOf, type MadeImage, makeImage, scriptName } from "../build/make-image.ts";
import { originOf } from "../build/origin.ts";
import { painter } from "../progress.ts";
import { UserError } from "../user-error.ts";

interface BuildOptions {
  readonly all?: boolean;
  readonly out: string;
  readonly json?: boolean;
  readonly contract?: boolean;
  readonly table?: boolean;
  readonly dryRun?: boolean;
}

interface Built {
  readonly board: Board;
  readonly image: MadeImage;
  readonly folder: string;
}

const shownInputs = 5;

export function register(program: Command): void {
  program
    .command("build [board]")
    .description("make a board's image and weigh it against its budget")
    .option("--all", "for every board")
    .option("--out <dir>", "folder of the images, one folder a board", "out/images")
    .option("--contract", "the checks of the board's ports in place of the firmware, into a folder BOARD-contract")
    .option("--dry-run", "check and weigh, write nothing")
    .option("--table", "the table of budgets, as firmware/README.md has it; writes nothing")
    .option("--json", "one JSON array on stdout")
    .addHelpText("after", () => `\nBoards: ${boardNames().join(", ")}`)
    .addHelpText("after", "\nExample:\n  livlina build puck-js\n")
    .action(build);
}

async function build(name: string | undefined, options: BuildOptions): Promise<void> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const boards = chosen(name, options.all === true);
  if (options.table === true) {
    process.stdout.write(await budgetTable(boards, (board) => scriptBytes(board, root)));
    return;
  }
  const origin = originOf(root);
  const built: Built[] = [];
  for (const board of boards) {
    const isContract = options.contract === true;
    const image = await makeImage(board, root, origin, isContract ? "contract" : "firmware");
    built.push({ board, image, folder: join(options.out, isContract ? `${board.name}-contract` : board.name) });
  }
  if (options.dryRun !== true) for (const each of built) write(each);
  if (options.json === true) process.stdout.write(`${JSON.stringify(built.map(summaryOf))}\n`);
  else for (const each of built) process.stdout.write(textOf(each, options.dryRun === true));
  if (built.some(({ image }) => !image.fits)) process.exitCode = 1;
}

function chosen(name: string | undefined, all: boolean): readonly Board[] {
  if (all && name === undefined) return readBoards();
  if (name !== undefined && !all) return [readBoard(name)];
  throw new UserError(
    name === undefined ? "which board?" : `--all and ${name}: which of the two?`,
    `livlina build --all, or one of ${boardNames().join(", ")}`,
    2,
  );
}

/** The manifest goes last: where it stands, the other files do. */
function write({ image, folder }: Built): void {
  const paths = Object.keys(image.files).sort((one, other) => rank(one) - rank(other));
  try {
    for (const path of paths) writeWhole(join(folder, path), Buffer.from(image.files[path] ?? "", encodingOf(path)));
  } catch (thrown) {
    if (!(thrown instanceof UnwritableError)) throw thrown;
    throw new UserError(thrown.message, "another folder with --out", 3);
  }
}

function rank(path: string): number {
  return path === "image.json" ? 1 : 0;
}

function summaryOf({ board, image, folder }: Built): object {
  const [script] = image.manifest.files;
  return {
    board: board.name,
    role: board.role,
    path: join(folder, scriptName),
    bytes: script?.bytes,
    budgetBytes: board.budget.imageBytes,
    fits: image.fits,
    sha256: script?.sha256,
    version: image.manifest.version,
    commit: image.manifest.commit,
    changed: image.manifest.changed,
    largest: image.inputs.slice(0, shownInputs),
  };
}

function textOf({ board, image, folder }: Built, isDry: boolean): string {
  const paint = painter(process.stdout);
  const mark = image.fits ? paint("green", "fits") : paint("red", "too large");
  const bytes = image.manifest.files[0]?.bytes ?? 0;
  const largest = image.inputs.slice(0, shownInputs).map((input) => `    ${kilobytes(input.bytes)}  ${input.path}\n`);
  const where = isDry ? `${board.name} (nothing written)` : join(folder, scriptName);
  return `${where}\n  ${board.role}: ${kilobytes(bytes)} of ${kilobytes(board.budget.imageBytes)}, ${mark}\n${largest.join("")}`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} kB`;
}
