/** What an update leaves in the journal: one record, so that it changes as a whole. */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { headerLength, type ImageHeader, imageHeader } from "../../protocol/update/image-header.ts";
import type { Journal } from "../storage/journal.ts";
import { updateKind } from "../storage/record-kinds.ts";
import { type KeptStage, type KeptUpdate, nothingKept, type Why } from "./update-state.ts";

const format = 1;
const plainLength = 18;
const radioDueFlag = 1;
const canGoBackFlag = 2;
/** By the numbers that stand in the record and the log. */
export const keptStages: readonly KeptStage[] = ["none", "loading", "loaded", "armed", "trial", "kept"];
export const whys: readonly Why[] = ["none", "start", "accept", "radio", "check", "loop", "image", "flash"];

/** False: the journal does not take it, and nothing that rests on it may be done. */
export function keepUpdate(records: Pick<Journal, "write">, kept: KeptUpdate): boolean {
  const to = new Writer(new Uint8Array(plainLength + headerLength));
  to.u8(format);
  to.u8(keptStages.indexOf(kept.stage));
  to.u8((kept.radioDue ? radioDueFlag : 0) + (kept.canGoBack ? canGoBackFlag : 0));
  to.u8(whys.indexOf(kept.why));
  to.u8(whys.indexOf(kept.failedWhy));
  to.u8(Math.min(255, kept.attempts));
  to.u16(kept.faultsBefore);
  to.u16(0);
  to.u32(kept.failed);
  to.u32(kept.offset);
  if (kept.header !== undefined) imageHeader.encode(kept.header, to);
  return records.write(updateKind, 0, to.written());
}

/** What cannot be read counts as nothing: the image is asked for and loaded again. */
export function keptUpdate(records: Pick<Journal, "read">): KeptUpdate {
  const bytes = records.read(updateKind, 0);
  if (bytes === undefined) return nothingKept;
  const from = readerOf(bytes);
  const isKnown = from.u8() === format;
  const stage = keptStages[from.u8()];
  const flags = from.u8();
  const why = whys[from.u8()];
  const failedWhy = whys[from.u8()];
  const attempts = from.u8();
  const faultsBefore = from.u16();
  from.u16();
  const failed = from.u32();
  const offset = from.u32();
  if (!isKnown || from.overrun || stage === undefined || why === undefined || failedWhy === undefined)
    return nothingKept;
  let header: ImageHeader | undefined;
  if (from.left > 0) {
    const read = imageHeader.decode(from);
    if (!read.ok) return nothingKept;
    header = read.value;
  } else if (stage !== "none") return nothingKept;
  const radioDue = flags % 2 === 1;
  const canGoBack = flags >= canGoBackFlag;
  return { stage, header, offset, attempts, radioDue, faultsBefore, why, canGoBack, failed, failedWhy };
}
