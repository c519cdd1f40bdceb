/** Shows one open frame of pairing: request, offer, confirm, reject, cancel (radio 7.1). */
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import { tagLength } from "../../protocol/radio/envelope.ts";
import {
  cancelCode,
  confirmCode,
  decodePairingHeader,
  offerCode,
  openPairingRequest,
  randomLength,
  rejectCode,
  rejectReasons,
  requestCode,
} from "../../protocol/radio/pairing.ts";
import { bad, ok, type Result } from "../../protocol/result.ts";
import { directionOf, openLines } from "./radio-types.ts";
import { hexText, type Report, type ReportLine } from "./report.ts";

export const pairingNames: Readonly<Record<number, string>> = {
  [requestCode]: "pairing-request",
  [offerCode]: "pairing-offer",
  [confirmCode]: "pairing-confirm",
  [rejectCode]: "pairing-reject",
  [cancelCode]: "pairing-cancel",
};

export function isPairing(bytes: Uint8Array): boolean {
  return bytes[0] !== undefined && pairingNames[bytes[0]] !== undefined;
}

/** Of the five the request alone proves itself; the others prove themselves over random bytes of the other side, which they do not carry. */
export function reportPairing(bytes: Uint8Array, factory: BlockCipher | undefined): Result<Report> {
  const header = decodePairingHeader(bytes);
  if (!header.ok) return header;
  const { code, address } = header.value;
  const name = pairingNames[code] ?? "";
  const body = bodyOf(code, bytes);
  if (!body.ok) return body;
  const proven = factory !== undefined && code === requestCode;
  if (proven) {
    const opened = openPairingRequest(factory, bytes);
    if (!opened.ok) return opened;
  }
  const proofAt = bytes.length - tagLength;
  const proof = hexText(bytes.subarray(proofAt));
  const why = code === requestCode ? "with --key" : "needs the whole exchange";
  const text = `${proof}, ${proven ? "right" : `not checked: ${why}`}`;
  return ok({
    values: { type: name, direction: directionOf(code), address, ...body.value.values, proof, proven },
    lines: [...openLines(name, code, address), ...body.value.lines, { at: proofAt, depth: 0, label: "proof", text }],
  });
}

/** What stands between the address and the proof. */
function bodyOf(code: number, bytes: Uint8Array): Result<{ readonly values: object; readonly lines: ReportLine[] }> {
  const personAt = 5 + randomLength;
  const random = hexText(bytes.subarray(5, personAt));
  const randomLine: ReportLine = { at: 5, depth: 0, label: "random", text: random };
  switch (code) {
    case requestCode:
      return ok({ values: { random }, lines: [randomLine] });
    case offerCode: {
      const person = bytes[personAt] ?? 0;
      if (person === 0) return bad({ kind: "unknown-value", at: personAt, field: "person", value: person });
      const personLine = { at: personAt, depth: 0, label: "person", text: String(person) };
      return ok({ values: { random, person }, lines: [randomLine, personLine] });
    }
    case rejectCode: {
      const reason = rejectReasons[bytes[5] ?? 255];
      if (reason === undefined) return bad({ kind: "unknown-value", at: 5, field: "reason", value: bytes[5] ?? 255 });
      return ok({ values: { reason }, lines: [{ at: 5, depth: 0, label: "reason", text: reason }] });
    }
    default:
      return ok({ values: {}, lines: [] });
  }
}
