/**
 * The factory page, which says who a device is: a button's from its row in the keys' file, or any from a file. It goes into a raw
 * flash page that no file store owns, beside the journal's; both must be free, or the interpreter itself would be erased.
 */
import { readFileSync } from "node:fs";
import { buttonFactoryPage } from "../../firmware/hosts/button-factory.ts";
import { readFactoryPage } from "../../firmware/hosts/factory-page.ts";
import { crc32 } from "../../protocol/bytes/crc.ts";
import { faultText } from "../../protocol/result.ts";
import type { Board } from "../boards.ts";
import { bytesOf, passphraseOf, readKeys } from "../provision/keys-file.ts";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";
import type { EspruinoConsole } from "./espruino-console.ts";

export interface FactoryFlags {
  readonly button?: string;
  readonly factory?: string;
  readonly keys?: string;
  readonly passphraseFile?: string;
}

export interface RawArea {
  readonly address: number;
  readonly bytes: number;
}

const pieceLength = 256;
/** A chip programs so many bytes at once, at most. */
const unit = 8;

/** Undefined where no flag asks for one. Throws UserError (2). */
export function factoryOf(board: Board, flags: FactoryFlags): Uint8Array | undefined {
  if (flags.button === undefined && flags.factory === undefined) return undefined;
  if (board.storage.factory === undefined)
    throw new UserError(`${board.name} has no factory page`, "a board whose file names one (storage.factory)", 2);
  return flags.button === undefined ? fromFile(board, flags.factory as string) : ofButton(board, flags.button, flags);
}

function ofButton(board: Board, address: string, flags: FactoryFlags): Uint8Array {
  if (board.role !== "button") throw new UserError(`${board.name} is no button`, "--factory FILE for a unit", 2);
  if (flags.keys === undefined)
    throw new UserError("--button without --keys", "--keys FILE that has its label's key", 2);
  const { buttons } = readKeys(flags.keys, passphraseOf(flags.passphraseFile, process.env["LIVLINA_PASSPHRASE"]));
  const found = buttons.find((each) => each.address === address.toUpperCase());
  if (found === undefined) {
    const known = buttons.slice(0, 5).map((each) => each.address);
    throw new UserError(
      `${flags.keys} has no button ${address}`,
      `one of ${known.join(", ") || "livlina keys make"}`,
      2,
    );
  }
  const page = { address: Number.parseInt(found.address, 16), form: found.form, label: bytesOf(found.key) };
  return padded(buttonFactoryPage(page));
}

function fromFile(board: Board, path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    throw new UserError(`${path}: ${systemReason(thrown)}`, "an existing file", 2);
  }
  const page = readFactoryPage(bytes, board.role);
  if (!page.ok)
    throw new UserError(
      `${path} is no factory page of a ${board.role}: ${faultText(page.fault)}`,
      "the page made for it",
      2,
    );
  return padded(bytes);
}

function padded(bytes: Uint8Array): Uint8Array {
  const page = new Uint8Array(Math.ceil(bytes.length / unit) * unit).fill(0xff);
  page.set(bytes);
  return page;
}

/** The raw pages that the board's firmware owns. */
export function rawAreas({ storage: { journal, factory } }: Board): readonly RawArea[] {
  const areas: RawArea[] = [];
  if (journal !== undefined) areas.push({ address: journal.address, bytes: journal.sectorSize * journal.sectorCount });
  if (factory !== undefined) areas.push({ address: factory.address, bytes: factory.sectorSize });
  return areas;
}

/** Throws UserError (1) where the interpreter's image reaches into a raw page. */
export async function checkPages(at: EspruinoConsole, board: Board): Promise<void> {
  const free = await at.value<[number, number][]>('require("Flash").getFree().map((f)=>[f.addr,f.length])');
  for (const area of rawAreas(board)) {
    if (isWithin(area, free)) continue;
    throw new UserError(
      `${at.line.path}: the pages at 0x${area.address.toString(16)} are not free under this interpreter; nothing was erased`,
      board.engineImage.needs === undefined
        ? "the interpreter that the board's file names"
        : `an interpreter with ${board.engineImage.needs}`,
      1,
    );
  }
}

/** Free pages that follow each other count as one. */
function isWithin(area: RawArea, free: readonly (readonly [number, number])[]): boolean {
  let at = area.address;
  for (const [start, length] of [...free].sort((one, other) => one[0] - other[0]))
    if (start <= at && at < start + length) at = start + length;
  return at >= area.address + area.bytes;
}

/** Writes the page unless it is there. True where it was written. Throws UserError (3) where it does not read back. */
export async function putFactory(at: EspruinoConsole, address: number, page: Uint8Array): Promise<boolean> {
  const wanted = crc32(page, 0, page.length, 0);
  const isThere = async (): Promise<boolean> =>
    (await at.value<number>(`E.CRC32(require("Flash").read(${page.length},${address}))`)) === wanted;
  if (await isThere()) return false;
  await at.value(`(require("Flash").erasePage(${address}),1)`);
  for (let from = 0; from < page.length; from += pieceLength) {
    const piece = page.subarray(from, from + pieceLength);
    const crc = crc32(piece, 0, piece.length, 0);
    const write = `(require("Flash").write(d,${address + from}),true)`;
    await at.value(`((d)=>E.CRC32(d)==${crc}&&${write})(atob("${Buffer.from(piece).toString("base64")}"))`);
  }
  if (await isThere()) return true;
  throw new UserError(
    `${at.line.path}: the factory page does not read back as it was written`,
    "the same command once more",
    3,
  );
}
