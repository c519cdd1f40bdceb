/** A device whose label somebody has typed in, as it waits in the journal for its window (radio 7). */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { narrowText } from "../../protocol/text/utf8.ts";
import { formCode, formOfCode, whereLimit } from "./bond-record.ts";
import type { Joiner } from "./bond-table.ts";

export interface Expected extends Joiner {
  /** The 16 bytes of its label. */
  readonly label: Uint8Array;
}

/** Devices that may be expected at one time. */
export const expectedLimit = 8;

const expectedHead = 6 + 16;

export function encodeExpected(device: Expected): Uint8Array {
  const bytes = new Uint8Array(expectedHead + whereLimit);
  const to = new Writer(bytes);
  to.u32(device.address);
  to.u8(device.person);
  to.u8(formCode(device.form));
  to.put(device.label);
  for (let i = 0; i < Math.min(device.where.length, whereLimit); i++) to.u8(device.where.charCodeAt(i) & 0xff);
  return to.written();
}

/** Undefined where the record is not whole. */
export function decodeExpected(bytes: Uint8Array): Expected | undefined {
  if (bytes.length < expectedHead) return undefined;
  const from = new Reader(bytes, 0, bytes.length);
  const address = from.u32();
  const person = from.u8();
  const form = formOfCode(from.u8());
  if (form === undefined) return undefined;
  const label = new Uint8Array(from.view(16));
  return { address, person, form, where: narrowText(bytes, expectedHead, bytes.length), label };
}
