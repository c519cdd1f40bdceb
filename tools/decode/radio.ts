/** Shows one frame between a button and its unit: what is in the open, and with the key also what is sealed or proven. */
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import {
  decodeHeader,
  type Frame,
  type FrameHeader,
  headerLength,
  isFromUnit,
  openFrame,
  tagLength,
} from "../../protocol/radio/frame.ts";
import {
  confirmCode,
  decodePairingHeader,
  offerCode,
  openPairingRequest,
  randomLength,
  requestCode,
} from "../../protocol/radio/pairing.ts";
import { bad, type Fault, ok, type Result } from "../../protocol/result.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import { hexText, type Report, type ReportLine, shifted } from "./report.ts";

const pairingNames: Readonly<Record<number, string>> = {
  [requestCode]: "pairing-request",
  [offerCode]: "pairing-offer",
  [confirmCode]: "pairing-confirm",
};
const sealedNames: Readonly<Record<number, string>> = {
  33: "press",
  34: "report",
  35: "status-request",
  161: "acknowledge",
  163: "status",
};

/** `key` is 16 bytes: the pair key of a sealed frame, the factory key of a pairing frame. */
export function reportRadio(bytes: Uint8Array, key: Uint8Array | undefined): Result<Report> {
  const cipher = key === undefined ? undefined : aesBlock(key);
  return bytes[0] !== undefined && pairingNames[bytes[0]] !== undefined
    ? pairing(bytes, cipher)
    : sealed(bytes, cipher);
}

function sealed(bytes: Uint8Array, cipher: BlockCipher | undefined): Result<Report> {
  const header = decodeHeader(bytes);
  if (!header.ok) return header;
  const { code, address, counter } = header.value;
  const type = sealedNames[code] ?? "";
  const tagAt = bytes.length - tagLength;
  const lines = openLines(type, header.value);
  lines.push({ at: 5, depth: 0, label: "counter", text: String(counter) });
  const values = { type, direction: directionOf(code), address, counter, tag: hexText(bytes.subarray(tagAt)) };
  const tag = { at: tagAt, depth: 0, label: "tag" };
  if (cipher === undefined) {
    const hidden = hexText(bytes.subarray(headerLength, tagAt));
    lines.push({ at: headerLength, depth: 0, label: "sealed", text: `${hidden} (readable with --key)` });
    lines.push({ ...tag, text: `${values.tag}, not checked` });
    return ok({ values: { ...values, proven: false, sealed: hidden }, lines });
  }
  const opened = openFrame(cipher, bytes);
  if (!opened.ok) return bad(inFrame(opened.fault));
  const message = contentOf(opened.value);
  lines.push({ at: headerLength, depth: 0, label: "message", text: "sealed, opened with the key" });
  for (const [label, value] of Object.entries(message))
    lines.push({ at: undefined, depth: 1, label, text: String(value) });
  lines.push({ ...tag, text: `${values.tag}, right` });
  return ok({ values: { ...values, proven: true, message }, lines });
}

/** Faults of the payload count from its first byte. */
function inFrame(fault: Fault): Fault {
  const ofFrame = fault.kind === "malformed" || (fault.kind === "unknown-value" && fault.field === "counter");
  return ofFrame ? fault : shifted(fault, headerLength);
}

function contentOf({ message }: Frame): object {
  switch (message.type) {
    case "press":
      return message.press;
    case "report":
      return message.report;
    case "status-request":
      return message.request;
    case "acknowledge":
      return message.acknowledge;
    case "status":
      return message.status;
  }
}

/** An offer and a confirm prove themselves over the other side's random bytes too, which are not in the frame. */
function pairing(bytes: Uint8Array, cipher: BlockCipher | undefined): Result<Report> {
  const header = decodePairingHeader(bytes);
  if (!header.ok) return header;
  const { code, address } = header.value;
  const type = pairingNames[code] ?? "";
  const lines = openLines(type, header.value);
  const proofAt = bytes.length - tagLength;
  const proof = hexText(bytes.subarray(proofAt));
  const random = code === confirmCode ? undefined : hexText(bytes.subarray(5, 5 + randomLength));
  const person = code === offerCode ? bytes[5 + randomLength] : undefined;
  if (random !== undefined) lines.push({ at: 5, depth: 0, label: "random", text: random });
  if (person !== undefined) lines.push({ at: 5 + randomLength, depth: 0, label: "person", text: String(person) });
  const canProve = cipher !== undefined && code === requestCode;
  if (canProve) {
    const opened = openPairingRequest(cipher, bytes);
    if (!opened.ok) return opened;
  }
  const why = code === requestCode ? "with --key" : "needs the whole exchange";
  lines.push({
    at: proofAt,
    depth: 0,
    label: "proof",
    text: `${proof}, ${canProve ? "right" : `not checked: ${why}`}`,
  });
  return ok({
    values: {
      type,
      direction: directionOf(code),
      address,
      ...(random === undefined ? {} : { random }),
      ...(person === undefined ? {} : { person }),
      proof,
      proven: canProve,
    },
    lines,
  });
}

function openLines(type: string, { code, address }: Pick<FrameHeader, "code" | "address">): ReportLine[] {
  const shown = address.toString(16).padStart(8, "0");
  return [
    { at: 0, depth: 0, label: "type", text: `0x${code.toString(16)} ${type}, ${directionOf(code)}` },
    { at: 1, depth: 0, label: "address", text: `${address} (0x${shown})` },
  ];
}

function directionOf(code: number): string {
  return isFromUnit(code) ? "unit-to-button" : "button-to-unit";
}
