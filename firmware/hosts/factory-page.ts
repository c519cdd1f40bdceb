/**
 * What a device was given in the factory, in one raw sector of its flash: `unit-factory.ts` and `button-factory.ts` say what stands in it. Read
 * at each start and never written by the device: the journal may be erased, this page may not.
 *
 * Layout: "LF", format (1 byte), role (1), length of the payload (2), payload, CRC-32 of all before it (4).
 */
import { Reader } from "../../protocol/bytes/reader.ts";
import { shortCrc32 } from "../../protocol/bytes/short-crc.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { bad, ok, type Result } from "../../protocol/result.ts";

export type FactoryRole = "unit" | "button";

const magic = 0x4c46;
const format = 1;
const headLength = 6;
const crcLength = 4;
const longestPayload = 2_048;

/** As many bytes of the sector as a page can have. */
export const factoryPageLimit = headLength + longestPayload + crcLength;

/** Throws where the payload is longer than a page holds: whoever wrote it knows its limit. */
export function factoryPage(role: FactoryRole, payload: Uint8Array): Uint8Array {
  if (payload.length > longestPayload) throw new Error("factory page: too long");
  const to = new Writer(new Uint8Array(headLength + payload.length + crcLength));
  to.u16(magic);
  to.u8(format);
  to.u8(codeOf(role));
  to.u16(payload.length);
  to.put(payload);
  to.u32(shortCrc32(to.written(), 0, headLength + payload.length, 0));
  return to.written();
}

/** The payload, a view into the head of a sector, which may be longer than the page. */
export function readFactoryPage(bytes: Uint8Array, role: FactoryRole): Result<Uint8Array> {
  const from = new Reader(bytes, 0, bytes.length);
  if (from.u16() !== magic) return bad({ kind: "malformed", at: 0, what: "no factory page" });
  const version = from.u8();
  if (version !== format) return bad({ kind: "unknown-value", at: 2, field: "format", value: version });
  const code = from.u8();
  if (code !== codeOf(role)) return bad({ kind: "unknown-value", at: 3, field: "role", value: code });
  const length = from.u16();
  const payload = from.view(length);
  const crc = from.u32();
  if (from.overrun) return bad({ kind: "truncated", at: bytes.length });
  if (crc !== shortCrc32(bytes, 0, headLength + length, 0))
    return bad({ kind: "not-authentic", at: headLength + length, what: "the checksum of the factory page" });
  return ok(payload);
}

function codeOf(role: FactoryRole): number {
  return role === "unit" ? 1 : 2;
}
