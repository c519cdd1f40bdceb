/** Fields of the service line: how a value of each kind is written, in one form only, and read back. */
import { decimalIn } from "./frame.ts";

export interface ConsoleField {
  readonly name: string;
  readonly kind: "number" | "word" | "text" | "hex";
  /** Largest number, longest text in characters, most bytes of hex; 0 for words. */
  readonly most: number;
  readonly words: readonly string[];
  /** For people, in the README's table. */
  readonly means: string;
}

export interface ConsoleRow {
  readonly type: string;
  readonly fields: readonly ConsoleField[];
  readonly means: string;
}

/** Stands for an empty text and for no bytes. */
const nothing = "-";
const hexDigits = "0123456789abcdef";

/** A value as it is written, or undefined where its field cannot carry it. */
export function valueText(field: ConsoleField, value: unknown): string | undefined {
  const text = value instanceof Uint8Array ? hexText(value) : "" + value;
  const written = text === "" ? nothing : text;
  return readValue(field, written) === undefined ? undefined : written;
}

/** What is written, as a value; undefined where it is none of this field. */
export function readValue(field: ConsoleField, written: string): unknown {
  switch (field.kind) {
    case "number": {
      const value = decimalIn(written, 0, written.length, field.most);
      return value < 0 ? undefined : value;
    }
    case "word":
      return field.words.indexOf(written) < 0 ? undefined : written;
    case "text":
      return written === nothing ? "" : isName(written) && written.length <= field.most ? written : undefined;
    case "hex":
      return written === nothing ? new Uint8Array(0) : bytesIn(written, field.most);
  }
}

/** Letters, digits, full stops and hyphens, not a hyphen alone. */
function isName(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isLetter = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    if (!isLetter && !(code >= 0x30 && code <= 0x39) && code !== 0x2d && code !== 0x2e) return false;
  }
  return text !== nothing && text.length > 0;
}

function hexText(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    text += hexDigits.charAt(byte >>> 4) + hexDigits.charAt(byte & 15);
  }
  return text;
}

function bytesIn(text: string, most: number): Uint8Array | undefined {
  if (text.length === 0 || text.length % 2 !== 0 || text.length > 2 * most) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < text.length; i++) {
    const digit = hexDigits.indexOf(text.charAt(i));
    if (digit < 0) return undefined;
    bytes[i >>> 1] = ((bytes[i >>> 1] as number) << 4) | digit;
  }
  return bytes;
}

export function numberField(name: string, most: number, means: string): ConsoleField {
  return { name, kind: "number", most, words: [], means };
}

export function wordField(name: string, words: readonly string[], means: string): ConsoleField {
  return { name, kind: "word", most: 0, words, means };
}

export function textField(name: string, most: number, means: string): ConsoleField {
  return { name, kind: "text", most, words: [], means };
}

export function hexField(name: string, most: number, means: string): ConsoleField {
  return { name, kind: "hex", most, words: [], means };
}
