/**
 * What every sealed frame has in common: type, address and counter in the open, the payload sealed, a tag (radio 2). A message that
 * needs nothing else names its code and its codec as a `FrameType`; a device carries only those that it sends or hears, and of each one direction.
 */
import { Reader } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import type { Codec, Decoder, Encoder } from "../codec.ts";
import type { Fault, Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { BlockCipher } from "./block-cipher.ts";
import { open, seal } from "./sealing.ts";

/** Type 1, address 4, counter 4: sent in the open, authenticated with the payload. */
export const headerLength = 9;
export const tagLength = 8;
/** One legacy BLE advertising packet holds as much. */
export const frameLimit = 24;
const payloadLimit = frameLimit - headerLength - tagLength;
/** The last counter that may ever be used. */
export const counterLimit = 0xffffffff;

/** A sealed message by its type code (radio 2.1), as who sends it carries it. */
export interface SentType<T> {
  readonly code: number;
  readonly codec: Encoder<T>;
}

/** The same as who hears it carries it. */
export interface HeardType<T> {
  readonly code: number;
  readonly codec: Decoder<T>;
}

/** Both directions: what a unit and the tests carry. */
export interface FrameType<T> extends SentType<T>, HeardType<T> {
  readonly codec: Codec<T>;
}

export interface FrameHeader {
  readonly code: number;
  /** The address of the button or accessory, in both directions. */
  readonly address: number;
  /** From 1; each side counts its own frames. */
  readonly counter: number;
}

/** What a proven frame carries. */
export interface Sealed<T> {
  readonly address: number;
  readonly counter: number;
  readonly value: T;
}

/** Bit 7 of the type code is the direction: set from unit to button. */
export function isFromUnit(code: number): boolean {
  return code >= 0x80;
}

/** Reads what is in the open, whatever the type, so that a receiver finds the key. Nothing of it is proven yet. */
export function decodeEnvelope(bytes: Uint8Array): Result<FrameHeader> {
  if (bytes.length > frameLimit) return bad({ kind: "too-long", at: frameLimit, what: "the frame", limit: frameLimit });
  if (bytes.length < headerLength + tagLength) return bad({ kind: "truncated", at: bytes.length });
  const from = new Reader(bytes, 0, headerLength);
  const code = from.u8();
  const address = from.u32();
  return ok({ code, address, counter: from.u32() });
}

/** A writer for the payload of one frame, which remembers when a message is longer than its 7 bytes. */
export function payloadWriter(): Writer {
  return new Writer(new Uint8Array(payloadLimit));
}

/**
 * Seals a written payload. `counter` (1 to 4,294,967,295) has never sealed anything else in this direction under this key. Throws when
 * it or the payload is beyond its bounds: a mistake of ours.
 */
export function sealPayload(
  cipher: BlockCipher,
  code: number,
  address: number,
  counter: number,
  payload: Writer,
): Uint8Array {
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

/** Proves a frame whose header was read. `not-authentic`: sealed under another key, or changed on its way. */
export function openPayload(cipher: BlockCipher, header: FrameHeader, bytes: Uint8Array): Result<Uint8Array> {
  const nonce = nonceOf(header.code, header.address, header.counter);
  const text = open(cipher, nonce, bytes.subarray(0, headerLength), bytes.subarray(headerLength), tagLength);
  if (!text.ok) return bad(inFrame(text.fault));
  if (header.counter === 0) return bad({ kind: "unknown-value", at: 5, field: "counter", value: header.counter });
  return text;
}

/** Reads a proven payload to its end: bytes that no field takes come from a later version. Faults name their byte of the frame. */
export function readPayload<T>(codec: Decoder<T>, payload: Uint8Array): Result<T> {
  const from = new Reader(payload, 0, payload.length);
  const value = codec.decode(from);
  if (!value.ok) return bad(inFrame(value.fault));
  if (from.left > 0) return bad({ kind: "malformed", at: headerLength + from.at, what: "bytes after the message" });
  return value;
}

/** A codec and the sealing count from the first byte of the payload. */
function inFrame(fault: Fault): Fault {
  return Object.assign({}, fault, { at: headerLength + fault.at });
}

/** Seals one message. Throws where `sealPayload` does. */
export function sealAs<T>(
  type: SentType<T>,
  cipher: BlockCipher,
  address: number,
  counter: number,
  value: T,
): Uint8Array {
  const payload = payloadWriter();
  type.codec.encode(value, payload);
  return sealPayload(cipher, type.code, address, counter, payload);
}

/** Proves and reads one frame of this type; another type is an `unknown-value`. */
export function openAs<T>(type: HeardType<T>, cipher: BlockCipher, bytes: Uint8Array): Result<Sealed<T>> {
  const header = decodeEnvelope(bytes);
  if (!header.ok) return header;
  const code = header.value.code;
  if (code !== type.code) return bad({ kind: "unknown-value", at: 0, field: "type", value: code });
  const payload = openPayload(cipher, header.value, bytes);
  if (!payload.ok) return payload;
  const value = readPayload(type.codec, payload.value);
  if (!value.ok) return value;
  return ok({ address: header.value.address, counter: header.value.counter, value: value.value });
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
