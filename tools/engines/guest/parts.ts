/** What a played device tells of itself, as text that is the same on every engine: whole numbers, words, bytes in hexadecimal, fields in their order by name. */

/** What stands in an order to a port. */
export type Part = string | number | boolean | undefined | Uint8Array;

/** What the stage around a played device does with its orders, and how it answers where a port answers at once. */
export interface Stage {
  /** The firmware gave this order to a port. */
  told(what: string, parts: readonly Part[]): void;
  /** The firmware asked a port for a number. */
  asked(what: string): number;
  /** A machine of the firmware took a step; absent: nobody wants to know. */
  readonly stepped: ((machine: string, event: object, effects: readonly object[]) => void) | undefined;
}

const digits = "0123456789abcdef";

/** Bytes as a text of characters 0 to 255, as lists hold them. */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Any plain value; fields that are undefined are left out. */
export function textOf(value: unknown): string {
  if (value === undefined) return "-";
  if (value === null) return "null";
  if (typeof value === "string") return '"' + value + '"';
  if (typeof value !== "object") return "" + (value as number | boolean);
  if (value instanceof Uint8Array) return hexOf(value);
  if (Array.isArray(value)) return textOfArray(value as readonly unknown[]);
  return textOfFields(value as Fields);
}

interface Fields {
  readonly [field: string]: unknown;
}

function textOfArray(values: readonly unknown[]): string {
  let text = "[";
  for (let i = 0; i < values.length; i++) text += (i === 0 ? "" : " ") + textOf(values[i]);
  return text + "]";
}

function textOfFields(fields: Fields): string {
  const names = Object.keys(fields).sort();
  let text = "{";
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = fields[name];
    if (value === undefined || typeof value === "function") continue;
    text += (text.length === 1 ? "" : " ") + name + ":" + textOf(value);
  }
  return text + "}";
}

function hexOf(bytes: Uint8Array): string {
  let text = "'";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    text += digits.charAt(byte >> 4) + digits.charAt(byte & 15);
  }
  return text + "'";
}

/** JSON has no bytes: a list writes them as `{"bytes": "..."}`. Answers `value` with all of them as they were. */
export function revived(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const found: unknown[] = [];
    for (let i = 0; i < value.length; i++) found.push(revived(value[i]));
    return found;
  }
  const fields = value as Fields;
  if (typeof fields["bytes"] === "string") return bytesOf(fields["bytes"]);
  const found: { [field: string]: unknown } = {};
  const names = Object.keys(fields);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    found[name] = revived(fields[name]);
  }
  return found;
}
