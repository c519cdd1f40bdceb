/**
 * Pairing: request, offer, confirm; reject, cancel (radio 7). Both sides know the button's factory key, from its label; each proves it over
 * random bytes of the other, and both derive the same new pair key. A recorded exchange proves nothing later.
 */
import { Reader } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { BlockCipher } from "./block-cipher.ts";
import { cmac } from "./cmac.ts";

/** Type codes; bit 7 is the direction, as in sealed frames. */
export const requestCode = 0x31;
export const offerCode = 0xb1;
export const confirmCode = 0x32;
export const rejectCode = 0xb2;
export const cancelCode = 0x33;

/** A window is open no longer; while it asks, a device repeats its request this often (radio 7.3). */
export const windowMs = 120_000;
export const requestLeastMs = 3_200;
export const requestMostMs = 4_800;
/** Offers that a unit makes in one window, so that recorded requests cannot use up its air time. */
export const offerLimit = 40;

/** Random bytes of each side. */
export const randomLength = 8;
const proofLength = 8;
const requestLength = 5 + randomLength + proofLength;
const offerLength = 5 + randomLength + 1 + proofLength;
const confirmLength = 5 + proofLength;
const rejectLength = 6 + proofLength;
/** Domain of the derived key; the proofs use their type codes. */
const keyDomain = 0;

/** What both sides know once the offer is open. */
export interface PairingTalk {
  readonly address: number;
  /** 8 bytes each, new for each exchange. */
  readonly buttonRandom: Uint8Array;
  readonly unitRandom: Uint8Array;
  /** Person slot that the unit gives to the button, from 1. */
  readonly person: number;
}

/** Why a unit with an open window does not offer: 32 devices are bonded; two stand for that person already; ended by hand. */
export type RejectReason = "no-place" | "slot-taken" | "stopped";

export const rejectReasons: readonly RejectReason[] = ["no-place", "slot-taken", "stopped"];

export interface PairingHeader {
  readonly code: number;
  readonly address: number;
}

/** What is in the open, so that a receiver finds the factory key. Nothing of it is proven yet. */
export function decodePairingHeader(bytes: Uint8Array): Result<PairingHeader> {
  const from = new Reader(bytes, 0, bytes.length);
  const code = from.u8();
  const address = from.u32();
  if (from.overrun) return bad({ kind: "truncated", at: bytes.length });
  const length = lengthOf(code);
  if (length === 0) return bad({ kind: "unknown-value", at: 0, field: "type", value: code });
  if (bytes.length < length) return bad({ kind: "truncated", at: bytes.length });
  if (bytes.length > length) return bad({ kind: "too-long", at: length, what: "the frame", limit: length });
  return ok({ code, address });
}

export function encodePairingRequest(factory: BlockCipher, address: number, buttonRandom: Uint8Array): Uint8Array {
  const bytes = start(requestCode, address, requestLength);
  bytes.set(buttonRandom, 5);
  return finish(factory, bytes, bytes.subarray(0, requestLength - proofLength));
}

/** Answers the button's random bytes. */
export function openPairingRequest(factory: BlockCipher, bytes: Uint8Array): Result<Uint8Array> {
  const header = decodePairingHeader(bytes);
  if (!header.ok) return header;
  if (header.value.code !== requestCode) return wrongType(header.value.code);
  if (!proves(factory, bytes, bytes.subarray(0, requestLength - proofLength))) return notAuthentic(bytes);
  return ok(copyOf(bytes, 5));
}

export function encodePairingOffer(factory: BlockCipher, talk: PairingTalk): Uint8Array {
  const bytes = start(offerCode, talk.address, offerLength);
  bytes.set(talk.unitRandom, 5);
  bytes[5 + randomLength] = talk.person;
  return finish(factory, bytes, transcript(offerCode, talk));
}

/** Opens the answer to the request that `buttonRandom` went out with. */
export function openPairingOffer(
  factory: BlockCipher,
  buttonRandom: Uint8Array,
  bytes: Uint8Array,
): Result<PairingTalk> {
  const header = decodePairingHeader(bytes);
  if (!header.ok) return header;
  if (header.value.code !== offerCode) return wrongType(header.value.code);
  const person = bytes[5 + randomLength] as number;
  const talk: PairingTalk = { address: header.value.address, buttonRandom, unitRandom: copyOf(bytes, 5), person };
  if (!proves(factory, bytes, transcript(offerCode, talk))) return notAuthentic(bytes);
  if (person === 0) return bad({ kind: "unknown-value", at: 5 + randomLength, field: "person", value: person });
  return ok(talk);
}

export function encodePairingConfirm(factory: BlockCipher, talk: PairingTalk): Uint8Array {
  return finish(factory, start(confirmCode, talk.address, confirmLength), transcript(confirmCode, talk));
}

/** Whether the button holds what this talk says: from now on the pair key counts. */
export function openPairingConfirm(factory: BlockCipher, talk: PairingTalk, bytes: Uint8Array): Result<PairingTalk> {
  return openProof(factory, confirmCode, talk, bytes);
}

/** The button ends an exchange that it was offered: the wearer or the installer stopped it. */
export function encodePairingCancel(factory: BlockCipher, talk: PairingTalk): Uint8Array {
  return finish(factory, start(cancelCode, talk.address, confirmLength), transcript(cancelCode, talk));
}

/** Whether the button has ended this talk. */
export function openPairingCancel(factory: BlockCipher, talk: PairingTalk, bytes: Uint8Array): Result<PairingTalk> {
  return openProof(factory, cancelCode, talk, bytes);
}

/** The unit does not offer. It knows the factory key, so that nobody else can turn a button away. */
export function encodePairingReject(
  factory: BlockCipher,
  address: number,
  buttonRandom: Uint8Array,
  reason: RejectReason,
): Uint8Array {
  const code = rejectReasons.indexOf(reason);
  const bytes = start(rejectCode, address, rejectLength);
  bytes[5] = code;
  return finish(factory, bytes, refusal(address, buttonRandom, code));
}

/** Opens the refusal of the request that `buttonRandom` went out with. */
export function openPairingReject(
  factory: BlockCipher,
  buttonRandom: Uint8Array,
  bytes: Uint8Array,
): Result<RejectReason> {
  const header = decodePairingHeader(bytes);
  if (!header.ok) return header;
  if (header.value.code !== rejectCode) return wrongType(header.value.code);
  const code = bytes[5] as number;
  if (!proves(factory, bytes, refusal(header.value.address, buttonRandom, code))) return notAuthentic(bytes);
  const reason = rejectReasons[code];
  return reason === undefined ? bad({ kind: "unknown-value", at: 5, field: "reason", value: code }) : ok(reason);
}

/** The 16 bytes that seal all frames between the two from now on. */
export function pairKey(factory: BlockCipher, talk: PairingTalk): Uint8Array {
  return cmac(factory, transcript(keyDomain, talk));
}

function openProof(factory: BlockCipher, code: number, talk: PairingTalk, bytes: Uint8Array): Result<PairingTalk> {
  const header = decodePairingHeader(bytes);
  if (!header.ok) return header;
  if (header.value.code !== code) return wrongType(header.value.code);
  if (header.value.address !== talk.address) return notAuthentic(bytes);
  return proves(factory, bytes, transcript(code, talk)) ? ok(talk) : notAuthentic(bytes);
}

/** What a reject proves: 14 bytes, so that no transcript of a talk (22) is ever the same. */
function refusal(address: number, buttonRandom: Uint8Array, reason: number): Uint8Array {
  const bytes = new Uint8Array(6 + randomLength);
  const to = new Writer(bytes);
  to.u8(rejectCode);
  to.u32(address);
  to.put(buttonRandom);
  to.u8(reason);
  return bytes;
}

function transcript(domain: number, talk: PairingTalk): Uint8Array {
  const bytes = new Uint8Array(6 + 2 * randomLength);
  const to = new Writer(bytes);
  to.u8(domain);
  to.u32(talk.address);
  to.put(talk.buttonRandom);
  to.put(talk.unitRandom);
  to.u8(talk.person);
  return bytes;
}

function start(code: number, address: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const to = new Writer(bytes);
  to.u8(code);
  to.u32(address);
  return bytes;
}

function finish(factory: BlockCipher, bytes: Uint8Array, proven: Uint8Array): Uint8Array {
  bytes.set(cmac(factory, proven).subarray(0, proofLength), bytes.length - proofLength);
  return bytes;
}

/** Looks at all bytes whatever the first one says, so that the time taken tells a forger nothing. */
function proves(factory: BlockCipher, bytes: Uint8Array, proven: Uint8Array): boolean {
  const proof = cmac(factory, proven);
  let difference = 0;
  for (let i = 0; i < proofLength; i++) {
    difference |= (proof[i] as number) ^ (bytes[bytes.length - proofLength + i] as number);
  }
  return difference === 0;
}

function copyOf(bytes: Uint8Array, at: number): Uint8Array {
  return new Uint8Array(bytes.subarray(at, at + randomLength));
}

function wrongType<T>(code: number): Result<T> {
  return bad({ kind: "unknown-value", at: 0, field: "type", value: code });
}

function notAuthentic<T>(bytes: Uint8Array): Result<T> {
  return bad({ kind: "not-authentic", at: bytes.length - proofLength, what: "the proof" });
}

function lengthOf(code: number): number {
  switch (code) {
    case requestCode:
      return requestLength;
    case offerCode:
      return offerLength;
    case confirmCode:
    case cancelCode:
      return confirmLength;
    case rejectCode:
      return rejectLength;
    default:
      return 0;
  }
}
