/**
 * What stands before an image of the unit's program: for which devices it is, which version it is and may replace, and the
 * digest of its bytes. The signature (Ed25519) covers every byte of it, and so, by the digest, of the image. Layout: README.md.
 */
import type { Reader } from "../bytes/reader.ts";
import { readerOf } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { ascii, textOf } from "../text/utf8.ts";
import { signatureLength } from "./ed25519.ts";

export interface ImageHeader {
  /** Which hardware it runs on: 1 to 16 small letters, digits and hyphens, such as wt32-eth01. */
  readonly board: string;
  /** Revisions of that hardware, both included, 0 to 255. */
  readonly leastRevision: number;
  readonly mostRevision: number;
  /** Band of the radio: 1 to 4 such letters. */
  readonly region: string;
  /** 1.2.3 is 0x01020003: a later version is the larger number. */
  readonly version: number;
  /** Only a unit that runs this version or a later one may take the image. */
  readonly leastVersion: number;
  /** Bytes of the image, 1 to `imageLimit`. */
  readonly length: number;
  /** 32 bytes. */
  readonly sha256: Uint8Array;
  /** Which of the keys that a unit trusts has signed it. */
  readonly keyId: number;
}

/** What a unit is offered: the header, and 64 bytes of signature over its `headerLength` bytes. */
export interface SignedHeader {
  readonly header: ImageHeader;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

export const headerLength = 76;
export const signedHeaderLength = headerLength + signatureLength;
export const imageLimit = 16_777_216;
export const boardLimit = 16;
export const regionLimit = 4;

const format = 1;
const digestLength = 32;
const allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";

export const imageHeader: Codec<ImageHeader> = {
  encode(value, to) {
    to.put(magic);
    to.u8(format);
    to.u8(value.leastRevision);
    to.u8(value.mostRevision);
    to.u8(0);
    putName(value.board, boardLimit, to);
    putName(value.region, regionLimit, to);
    to.u32(value.version);
    to.u32(value.leastVersion);
    to.u32(value.length);
    to.u32(value.keyId);
    to.put(value.sha256);
  },
  /** Faults: truncated, malformed, unknown-value (of the format), too-long. */
  decode(from) {
    const start = from.at;
    if (from.left < headerLength) return bad({ kind: "truncated", at: start + from.left });
    for (let i = 0; i < magic.length; i++)
      if (from.u8() !== magic[i]) return bad({ kind: "malformed", at: start, what: "this is no image" });
    const version = from.u8();
    if (version !== format) return bad({ kind: "unknown-value", at: start + 4, field: "format", value: version });
    const leastRevision = from.u8();
    const mostRevision = from.u8();
    if (from.u8() !== 0 || leastRevision > mostRevision)
      return bad({ kind: "malformed", at: start + 5, what: "the revisions are no range" });
    return fieldsBehind(from, leastRevision, mostRevision);
  },
};

function fieldsBehind(from: Reader, leastRevision: number, mostRevision: number): Result<ImageHeader> {
  const at = from.at;
  const board = takeName(from, boardLimit);
  const region = takeName(from, regionLimit);
  if (board === "" || region === "") return bad({ kind: "malformed", at, what: "the board or region has no name" });
  const version = from.u32();
  const leastVersion = from.u32();
  if (leastVersion > version)
    return bad({ kind: "malformed", at: from.at - 4, what: "the image cannot follow itself" });
  const length = from.u32();
  if (length === 0 || length > imageLimit)
    return bad({ kind: "too-long", at: from.at - 4, what: "the image", limit: imageLimit });
  const keyId = from.u32();
  const sha256 = new Uint8Array(digestLength);
  sha256.set(from.view(digestLength));
  return ok({ board, leastRevision, mostRevision, region, version, leastVersion, length, sha256, keyId });
}

/** The bytes that are signed. Values beyond their bounds are a mistake of the caller and throw. */
export function headerBytes(header: ImageHeader): Uint8Array {
  const bytes = new Uint8Array(headerLength);
  const to = new Writer(bytes);
  imageHeader.encode(header, to);
  if (to.overrun || to.at !== headerLength || !imageHeader.decode(readerOf(bytes)).ok)
    throw new Error("image header: cannot be written");
  return bytes;
}

/** Reads header and signature; whether that fits is not looked at. Faults: those of `imageHeader`. */
export function decodeSignedHeader(bytes: Uint8Array): Result<SignedHeader> {
  if (bytes.length < signedHeaderLength) return bad({ kind: "truncated", at: bytes.length });
  const header = imageHeader.decode(readerOf(bytes));
  if (!header.ok) return header;
  return ok({
    header: header.value,
    bytes: bytes.subarray(0, headerLength),
    signature: bytes.subarray(headerLength, signedHeaderLength),
  });
}

/** The number of a version such as "1.2.3": 0 to 255, 0 to 255, 0 to 65,535; -1 where it is none. */
export function versionNumber(text: string): number {
  const parts = text.split(".");
  if (parts.length !== 3) return -1;
  let number = 0;
  for (let i = 0; i < 3; i++) {
    const part = parts[i] as string;
    const size = i === 2 ? 65_536 : 256;
    const value = wholeNumber(part);
    if (value < 0 || value >= size) return -1;
    number = number * size + value;
  }
  return number;
}

export function versionText(version: number): string {
  return (version >>> 24) + "." + ((version >>> 16) & 255) + "." + (version & 65_535);
}

/** Without sign or leading zeros; -1 where it is none, or has more than five digits. */
function wholeNumber(text: string): number {
  if (text.length === 0 || text.length > 5) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return "" + value === text ? value : -1;
}

/** Letters, then zeros. A name that cannot be written spoils the writer. */
function putName(name: string, length: number, to: Writer): void {
  if (!isName(name) || name.length > length) to.overrun = true;
  const bytes = ascii(name);
  for (let i = 0; i < length; i++) to.u8(i < bytes.length ? (bytes[i] as number) : 0);
}

/** Empty where it is no name, or something stands behind its first zero. */
function takeName(from: Reader, length: number): string {
  const bytes = from.view(length);
  let end = 0;
  while (end < length && bytes[end] !== 0) end++;
  for (let i = end; i < length; i++) if (bytes[i] !== 0) return "";
  const name = textOf(bytes, 0, end);
  return isName(name) ? name : "";
}

function isName(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (allowed.indexOf(text.charAt(i)) < 0) return false;
  return text !== "";
}

const magic = ascii("LIVU");
