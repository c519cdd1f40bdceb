/** Before a run each board has the image that the bench file names: compared by its own word, written only where it differs. */
import { UserError } from "../../tools/user-error.ts";
import { CaseBlocked } from "./case.ts";
import type { FlashRecord } from "./results.ts";
import type { ImageName, RigBoard } from "./rig.ts";

/**
 * Compares, and flashes unless `isDry`, once `approve` has not thrown. Throws UserError (4) for another board than the file says, before anything is written;
 * CaseBlocked where the image is not on it afterwards.
 */
export async function bringUp(
  board: RigBoard,
  isDry: boolean,
  approve: (what: string) => Promise<void>,
  signal: AbortSignal,
): Promise<FlashRecord | undefined> {
  const { wanted } = board;
  if (wanted === undefined) return undefined;
  const before = await board.standing();
  refuseWrong(board.name, wanted, before);
  const record = { board: board.name, from: imageText(before), to: imageText(wanted), isWritten: false };
  if (isSame(before, wanted) || isDry) return record;
  await approve(`${record.to} onto ${board.name}, which has ${record.from}.`);
  await board.flash(signal);
  const after = await board.standing();
  refuseWrong(board.name, wanted, after);
  if (!isSame(after, wanted))
    throw new CaseBlocked(`${board.name}: ${imageText(wanted)} was written, and ${imageText(after)} is there`);
  return { ...record, isWritten: true };
}

/** A device without a digest is never known to have the image. */
function isSame(one: ImageName, other: ImageName): boolean {
  return one.digest !== "" && one.digest === other.digest && one.version === other.version;
}

function refuseWrong(name: string, wanted: ImageName, standing: ImageName): void {
  if (standing.board === wanted.board && standing.hardware === wanted.hardware) return;
  throw new UserError(
    `${name} is to be ${wanted.board} (${wanted.hardware}), and a ${standing.board} (${standing.hardware}) stands there; nothing was written`,
    "livlina hil benches scan, and the board that the bench file names",
    4,
  );
}

function imageText({ board, version, digest }: ImageName): string {
  return `${board} ${version} ${digest === "" ? "(unknown image)" : digest.slice(0, 12)}`;
}
