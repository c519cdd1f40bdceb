/** The table of budgets in `firmware/README.md`: made from the boards' files and from their bundles, so that nobody keeps it by hand. */
import { type Board, wiringOf } from "../boards.ts";
import { bundleOf } from "./make-image.ts";

const head = [
  "board",
  "what",
  "script of budget, kB",
  "memory of the engine",
  "in use at peak",
  "press to radio, or to send",
];
/** Sizes must not depend on which commit is built. */
const anyVersion = "0.0.0";
const anyCommit = "0123456";
const unmeasured = "not measured";

/** Bytes of a board's script as the table has them. Throws UserError like `bundleOf`. */
export async function scriptBytes(board: Board, root: string): Promise<number> {
  const bundle = await bundleOf(board, root, wiringOf(board, anyVersion, anyCommit));
  return bundle.bytes.length;
}

/** Markdown, one row a board, as it stands in the README. */
export async function budgetTable(
  boards: readonly Board[],
  bytesOf: (board: Board) => Promise<number>,
): Promise<string> {
  const rows = [head, head.map(() => "---")];
  for (const board of boards) {
    rows.push(rowOf(board, await bytesOf(board)));
  }
  return rows.map((row) => `| ${row.join(" | ")} |\n`).join("");
}

function rowOf(board: Board, bytes: number): string[] {
  return [
    board.name,
    `${board.role}, ${board.engine === "moddable" ? "XS" : "Espruino"}`,
    `${Math.ceil(bytes / 1024)} of ${Math.floor(board.budget.imageBytes / 1024)}`,
    roomOf(board),
    peakOf(board),
    pressOf(board),
  ];
}

function roomOf({ budget: { memory } }: Board): string {
  return "jsVars" in memory
    ? `${figure(memory.jsVars)} JsVars, ${figure(memory.freeAtPeak)} to stay free`
    : `${figure(memory.slots)} slots, ${figure(memory.chunkBytes)} bytes of chunks, ${memory.peakPercent} % at most`;
}

function peakOf({ measured }: Board): string {
  const found: string[] = [];
  if (measured?.jsVars !== undefined) found.push(`${figure(measured.jsVars.peak)} JsVars`);
  if (measured?.slots !== undefined) found.push(`${figure(measured.slots.peak)} slots`);
  if (measured?.chunkBytes !== undefined) found.push(`${figure(measured.chunkBytes.peak)} bytes of chunks`);
  return found.length === 0 ? unmeasured : found.join(", ");
}

function pressOf({ measured }: Board): string {
  const press = measured?.events?.["press-to-radio"] ?? measured?.events?.["press-to-send"];
  const found: string[] = [];
  if (press?.computrons !== undefined) found.push(`${figure(press.computrons)} computrons`);
  if (press?.statements !== undefined) found.push(`${figure(press.statements)} statements`);
  return found.length === 0 ? unmeasured : found.join(", ");
}

function figure(value: number): string {
  return value.toLocaleString("en-GB");
}
