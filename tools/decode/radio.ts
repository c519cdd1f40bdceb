/** Shows one frame between a device and its unit: what is in the open, and with the key also what is sealed or proven (radio 2, 7.1). */
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import { decodeEnvelope, type FrameHeader, headerLength, openAs, tagLength } from "../../protocol/radio/envelope.ts";
import { bad, ok, type Result } from "../../protocol/result.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import { isPairing, reportPairing } from "./radio-pairing.ts";
import { directionOf, fieldText, openLines, type SealedType, sealedTypeOf } from "./radio-types.ts";
import { hexText, type Report, type ReportLine } from "./report.ts";

/** `key` is 16 bytes: the pair key of a sealed frame, the factory key of a pairing frame. Faults name their byte of the frame. */
export function reportRadio(bytes: Uint8Array, key: Uint8Array | undefined): Result<Report> {
  const cipher = key === undefined ? undefined : aesBlock(key);
  if (isPairing(bytes)) return reportPairing(bytes, cipher);
  const header = decodeEnvelope(bytes);
  if (!header.ok) return header;
  const { code } = header.value;
  const sealedType = sealedTypeOf(code);
  if (sealedType === undefined) return bad({ kind: "unknown-value", at: 0, field: "type", value: code });
  return reportSealed(bytes, header.value, sealedType, cipher);
}

function reportSealed(
  bytes: Uint8Array,
  header: FrameHeader,
  { name, type, at }: SealedType,
  cipher: BlockCipher | undefined,
): Result<Report> {
  const { code, address, counter } = header;
  const tagAt = bytes.length - tagLength;
  const direction = directionOf(code);
  const values = { type: name, direction, address, counter, tag: hexText(bytes.subarray(tagAt)) };
  const lines: ReportLine[] = [...openLines(name, code, address), line(5, "counter", String(counter))];
  if (cipher === undefined) {
    const hidden = hexText(bytes.subarray(headerLength, tagAt));
    lines.push(line(headerLength, "sealed", `${hidden} (readable with --key)`));
    lines.push(line(tagAt, "tag", `${values.tag}, not checked`));
    return ok({ values: { ...values, proven: false, sealed: hidden }, lines });
  }
  const opened = openAs(type, cipher, bytes);
  if (!opened.ok) return opened;
  const message = opened.value.value;
  lines.push(line(headerLength, "message", "sealed, opened with the key"));
  const fields = Object.entries(message).map(([label, value]) => ({
    at: at[label],
    depth: 1,
    label,
    text: fieldText(label, value),
  }));
  lines.push(...fields.sort((a, b) => (a.at ?? 0) - (b.at ?? 0)));
  lines.push(line(tagAt, "tag", `${values.tag}, right`));
  return ok({ values: { ...values, proven: true, message }, lines });
}

function line(at: number, label: string, text: string): ReportLine {
  return { at, depth: 0, label, text };
}
