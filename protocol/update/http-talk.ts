/**
 * The little of HTTP/1.1 that a unit needs to ask for an image and to fetch it piece by piece: GET with a range (RFC 9110 14.2),
 * and answers whose length is known beforehand (RFC 9112 6.3). Anything else is refused.
 */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { ascii, textOf } from "../text/utf8.ts";

export interface HttpAnswer {
  /** 100 to 599. */
  readonly status: number;
  /** Offset of the body in the whole, where a range was asked for; else 0. */
  readonly from: number;
  /** A view on the bytes that were given. */
  readonly body: Uint8Array;
  /** Bytes of the whole answer. */
  readonly length: number;
  /** The server closes the connection behind it. */
  readonly closes: boolean;
}

export const headLimit = 1_024;
const numberDigits = 8;

/** GET for the bytes `from` to `to`, the last one included, or for the whole where `to` is -1. */
export function getRequest(host: string, path: string, from: number, to: number): Uint8Array {
  const range = to < 0 ? "" : "Range: bytes=" + from + "-" + to + "\r\n";
  return ascii("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept-Encoding: identity\r\n" + range + "\r\n");
}

/**
 * Reads an answer from its first byte. Faults: truncated while more is to come, too-long where the head is longer than 1,024
 * bytes or the body than `bodyLimit`, missing without a length, malformed.
 */
export function decodeAnswer(bytes: Uint8Array, bodyLimit: number): Result<HttpAnswer> {
  const end = headEnd(bytes);
  if (end < 0)
    return bytes.length >= headLimit
      ? bad({ kind: "too-long", at: headLimit, what: "the head", limit: headLimit })
      : bad({ kind: "truncated", at: bytes.length });
  const lines = textOf(bytes, 0, end).split("\r\n");
  const status = statusOf(lines[0] as string);
  if (status < 0) return bad({ kind: "malformed", at: 0, what: "the status line" });
  let from = 0;
  let length = status === 204 || status === 304 ? 0 : -1;
  let closes = false;
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string;
    const colon = line.indexOf(":");
    const name = line.substring(0, Math.max(0, colon)).toLowerCase();
    const value = line.substring(colon + 1).trim();
    if (name === "transfer-encoding") return bad({ kind: "malformed", at: 0, what: "an answer in pieces" });
    if (name === "connection") closes = value.toLowerCase() === "close";
    if (name === "content-length") length = numberOf(value);
    if (name === "content-range") from = rangeStart(value);
  }
  if (length < 0) return bad({ kind: "missing", at: 0, field: "Content-Length" });
  if (from < 0) return bad({ kind: "malformed", at: 0, what: "the range" });
  if (length > bodyLimit) return bad({ kind: "too-long", at: end, what: "the body", limit: bodyLimit });
  const start = end + 4;
  if (bytes.length < start + length) return bad({ kind: "truncated", at: bytes.length });
  return ok({ status, from, body: bytes.subarray(start, start + length), length: start + length, closes });
}

/** Where the head ends, before its empty line; -1 where it does not yet. */
function headEnd(bytes: Uint8Array): number {
  const last = Math.min(bytes.length, headLimit) - 4;
  for (let i = 0; i <= last; i++)
    if (bytes[i] === 13 && bytes[i + 1] === 10 && bytes[i + 2] === 13 && bytes[i + 3] === 10) return i;
  return -1;
}

/** -1 where it is no status line of HTTP/1.x. */
function statusOf(line: string): number {
  if (line.substring(0, 7) !== "HTTP/1." || line.charAt(8) !== " ") return -1;
  const status = numberOf(line.substring(9, 12));
  return status >= 100 && status < 600 && (line.length === 12 || line.charAt(12) === " ") ? status : -1;
}

/** "bytes 4096-8191/70000"; -1 where it is none. */
function rangeStart(value: string): number {
  const hyphen = value.indexOf("-");
  return value.substring(0, 6) === "bytes " && hyphen > 6 ? numberOf(value.substring(6, hyphen)) : -1;
}

function numberOf(text: string): number {
  if (text.length === 0 || text.length > numberDigits) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
