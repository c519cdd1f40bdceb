/** A key sent in SIP INFO as `application/dtmf-relay`: `Signal=5`, `Duration=160`, or as `application/dtmf`: `5` (the vendors' forms from before RFC 6086; which keys mean what: SS 91100 7). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { ascii } from "../text/utf8.ts";
import { decimal, sameText, trimmed } from "./scan.ts";

export const dtmfRelayType = "application/dtmf-relay";
export const dtmfType = "application/dtmf";

export interface KeyPress {
  /** One of 0 to 9, * and #. */
  readonly key: string;
  /** 1 to 10 000; undefined where the sender leaves it out. */
  readonly durationMs: number | undefined;
}

/** Longest body that is read, in bytes. */
export const keyPressByteLimit = 128;
const durationLimitMs = 10_000;

/** The body of an INFO. */
export function encodeKeyPress(press: KeyPress): Uint8Array {
  const duration = press.durationMs === undefined ? "" : "Duration=" + press.durationMs + "\r\n";
  return ascii("Signal=" + press.key + "\r\n" + duration);
}

/** Reads such a body: blanks around the equals sign, either line end and other lines are suffered. A fault's `at` is the line's start. */
export function decodeKeyPress(body: Uint8Array): Result<KeyPress> {
  if (body.length > keyPressByteLimit)
    return bad({ kind: "too-long", at: keyPressByteLimit, what: "a key press", limit: keyPressByteLimit });
  let text = "";
  for (let i = 0; i < body.length; i++) text += String.fromCharCode(body[i] as number);
  let key: string | undefined;
  let durationMs: number | undefined;
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    const equals = text.indexOf("=", at);
    if (equals < 0 || equals > end) continue;
    const name = trimmed(text, at, equals);
    const value = trimmed(text, equals + 1, text.charCodeAt(end - 1) === 0x0d ? end - 1 : end);
    if (sameText(name, "Signal")) {
      if (key !== undefined) return bad({ kind: "malformed", at, what: "a second Signal" });
      key = keyNamed(value);
      if (key === undefined) return bad({ kind: "unknown-value", at, field: "Signal", value });
    } else if (sameText(name, "Duration")) {
      durationMs = decimal(value, 0, value.length, durationLimitMs);
      if (durationMs < 1) return bad({ kind: "malformed", at, what: "Duration" });
    }
  }
  return key === undefined ? bad({ kind: "missing", at: text.length, field: "Signal" }) : ok({ key, durationMs });
}

/** Reads a body that is the key alone, with or without a line end. */
export function decodeDtmf(body: Uint8Array): Result<KeyPress> {
  if (body.length > keyPressByteLimit)
    return bad({ kind: "too-long", at: keyPressByteLimit, what: "a key press", limit: keyPressByteLimit });
  let text = "";
  for (let i = 0; i < body.length; i++) text += String.fromCharCode(body[i] as number);
  const value = text.trim();
  const key = keyNamed(value);
  return key === undefined
    ? bad({ kind: "unknown-value", at: 0, field: "Signal", value })
    : ok({ key, durationMs: undefined });
}

/** Some phones write the two signs as their numbers among the events (RFC 4733 3.2). */
function keyNamed(value: string): string | undefined {
  if (value === "10") return "*";
  if (value === "11") return "#";
  return value.length === 1 && "0123456789*#".indexOf(value) >= 0 ? value : undefined;
}
