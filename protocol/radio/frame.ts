/** The envelope of a sealed frame: type, address, counter, sealed payload, tag; and the table from type to codec (radio 2). */
import { Reader } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { Acknowledge } from "./acknowledge.ts";
import { acknowledge } from "./acknowledge.ts";
import type { BlockCipher } from "./block-cipher.ts";
import type { ButtonPress } from "./button-press.ts";
import { buttonPress } from "./button-press.ts";
import type { ButtonReport } from "./button-report.ts";
import { buttonReport } from "./button-report.ts";
import { open, seal } from "./sealing.ts";
import type { Status, StatusRequest } from "./status.ts";
import { status, statusRequest } from "./status.ts";

/** Type 1, address 4, counter 4: sent in the open, authenticated with the payload. */
export const headerLength = 9;
export const tagLength = 8;
/** One legacy BLE advertising packet holds as much. */
export const frameLimit = 24;
const payloadLimit = frameLimit - headerLength - tagLength;
/** The last counter that may ever be used. */
export const counterLimit = 0xffffffff;

export type Message =
  | { readonly type: "press"; readonly press: ButtonPress }
  | { readonly type: "report"; readonly report: ButtonReport }
  | { readonly type: "status-request"; readonly request: StatusRequest }
  | { readonly type: "acknowledge"; readonly acknowledge: Acknowledge }
  | { readonly type: "status"; readonly status: Status };

export interface FrameHeader {
  readonly code: number;
  /** The address of the button, in both directions. */
  readonly address: number;
  /** From 1; each side counts its own frames. */
  readonly counter: number;
}

export interface Frame {
  readonly address: number;
  readonly counter: number;
  readonly message: Message;
}

/** Bit 7 of the type code is the direction: set from unit to button. */
export function isFromUnit(code: number): boolean {
  return code >= 0x80;
}

/** Reads what is in the open, so that a receiver finds the key. Nothing of it is proven yet. */
export function decodeHeader(bytes: Uint8Array): Result<FrameHeader> {
  if (bytes.length > frameLimit) return bad({ kind: "too-long", at: frameLimit, what: "the frame", limit: frameLimit });
  if (bytes.length < headerLength + tagLength) return bad({ kind: "truncated", at: bytes.length });
  const from = new Reader(bytes, 0, headerLength);
  const code = from.u8();
  const address = from.u32();
  const counter = from.u32();
  if (entryOf(code) === undefined) return bad({ kind: "unknown-value", at: 0, field: "type", value: code });
  return ok({ code, address, counter });
}

/**
 * Seals one message of a button with this address. `counter` (1 to 4,294,967,295) has never sealed anything else in this direction
 * under this key. Throws when the message does not fit into its 7 bytes: a mistake of ours.
 */
export function sealFrame(cipher: BlockCipher, address: number, counter: number, message: Message): Uint8Array {
  const payload = new Writer(new Uint8Array(payloadLimit));
  const code = encodeMessage(message, payload);
  if (payload.overrun || counter < 1 || counter > counterLimit) throw new Error("radio: a frame beyond its bounds");
  const text = payload.written();
  const bytes = new Uint8Array(headerLength + text.length + tagLength);
  const to = new Writer(bytes);
  to.u8(code);
  to.u32(address);
  to.u32(counter);
  to.put(seal(cipher, nonceOf(code, address, counter), bytes.subarray(0, headerLength), text, tagLength));
  return bytes;
}

/** Proves and reads one frame. `not-authentic` is the fault of a frame that was sealed under another key, or changed on its way. */
export function openFrame(cipher: BlockCipher, bytes: Uint8Array): Result<Frame> {
  const header = decodeHeader(bytes);
  if (!header.ok) return header;
  const code = header.value.code;
  const address = header.value.address;
  const counter = header.value.counter;
  const nonce = nonceOf(code, address, counter);
  const text = open(cipher, nonce, bytes.subarray(0, headerLength), bytes.subarray(headerLength), tagLength);
  if (!text.ok) return text;
  if (counter === 0) return bad({ kind: "unknown-value", at: 5, field: "counter", value: counter });
  const from = new Reader(text.value, 0, text.value.length);
  const entry = entryOf(code);
  if (entry === undefined) return bad({ kind: "unknown-value", at: 0, field: "type", value: code });
  const message = entry.read(from);
  if (!message.ok) return message;
  if (from.left > 0) return bad({ kind: "malformed", at: headerLength + from.at, what: "bytes after the message" });
  return ok({ address, counter, message: message.value });
}

/** Direction, address, counter, zeros: 13 bytes, different for every content that was ever sealed under one key (radio 2.2). */
function nonceOf(code: number, address: number, counter: number): Uint8Array {
  const nonce = new Uint8Array(13);
  const to = new Writer(nonce);
  to.u8(isFromUnit(code) ? 1 : 0);
  to.u32(address);
  to.u32(counter);
  return nonce;
}

/** Writes the payload; the answer is the type code. */
function encodeMessage(message: Message, to: Writer): number {
  switch (message.type) {
    case "press":
      buttonPress.encode(message.press, to);
      return 0x21;
    case "report":
      buttonReport.encode(message.report, to);
      return 0x22;
    case "status-request":
      statusRequest.encode(message.request, to);
      return 0x23;
    case "acknowledge":
      acknowledge.encode(message.acknowledge, to);
      return 0xa1;
    case "status":
      status.encode(message.status, to);
      return 0xa3;
  }
}

interface Entry {
  readonly code: number;
  readonly read: (from: Reader) => Result<Message>;
}

function entryOf(code: number): Entry | undefined {
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Entry;
    if (entry.code === code) return entry;
  }
  return undefined;
}

function reads<T>(code: number, codec: Codec<T>, wrap: (value: T) => Message): Entry {
  return {
    code,
    read: (from) => {
      const value = codec.decode(from);
      return value.ok ? ok(wrap(value.value)) : value;
    },
  };
}

const entries: readonly Entry[] = [
  reads(0x21, buttonPress, (press) => ({ type: "press", press })),
  reads(0x22, buttonReport, (report) => ({ type: "report", report })),
  reads(0x23, statusRequest, (request) => ({ type: "status-request", request })),
  reads(0xa1, acknowledge, (value) => ({ type: "acknowledge", acknowledge: value })),
  reads(0xa3, status, (value) => ({ type: "status", status: value })),
];
