/** The sealed frames of a call: press, report, status request and their answers, and the table from type to codec (radio 2, 3.1 to 3.4). */
import type { Writer } from "../bytes/writer.ts";
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
import type { FrameHeader } from "./envelope.ts";
import { decodeEnvelope, openPayload, payloadWriter, readPayload, sealPayload } from "./envelope.ts";
import type { Status, StatusRequest } from "./status.ts";
import { status, statusRequest } from "./status.ts";

export type { FrameHeader } from "./envelope.ts";
export { counterLimit, frameLimit, headerLength, isFromUnit, tagLength } from "./envelope.ts";

export type Message =
  | { readonly type: "press"; readonly press: ButtonPress }
  | { readonly type: "report"; readonly report: ButtonReport }
  | { readonly type: "status-request"; readonly request: StatusRequest }
  | { readonly type: "acknowledge"; readonly acknowledge: Acknowledge }
  | { readonly type: "status"; readonly status: Status };

export interface Frame {
  readonly address: number;
  readonly counter: number;
  readonly message: Message;
}

/** Reads what is in the open, so that a receiver finds the key. Nothing of it is proven yet. A type that `Message` lacks is refused. */
export function decodeHeader(bytes: Uint8Array): Result<FrameHeader> {
  const header = decodeEnvelope(bytes);
  if (!header.ok || entryOf(header.value.code) !== undefined) return header;
  return unknownType(header.value.code);
}

/**
 * Seals one message of a button with this address. `counter` (1 to 4,294,967,295) has never sealed anything else in this direction
 * under this key. Throws when the message does not fit into its 7 bytes: a mistake of ours.
 */
export function sealFrame(cipher: BlockCipher, address: number, counter: number, message: Message): Uint8Array {
  const payload = payloadWriter();
  return sealPayload(cipher, encodeMessage(message, payload), address, counter, payload);
}

/** Proves and reads one frame. `not-authentic` is the fault of a frame that was sealed under another key, or changed on its way. */
export function openFrame(cipher: BlockCipher, bytes: Uint8Array): Result<Frame> {
  const header = decodeEnvelope(bytes);
  if (!header.ok) return header;
  const entry = entryOf(header.value.code);
  if (entry === undefined) return unknownType(header.value.code);
  const payload = openPayload(cipher, header.value, bytes);
  if (!payload.ok) return payload;
  const message = entry.read(payload.value);
  if (!message.ok) return message;
  return ok({ address: header.value.address, counter: header.value.counter, message: message.value });
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
  readonly read: (payload: Uint8Array) => Result<Message>;
}

function unknownType<T>(code: number): Result<T> {
  return bad({ kind: "unknown-value", at: 0, field: "type", value: code });
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
    read: (payload) => {
      const value = readPayload(codec, payload);
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
