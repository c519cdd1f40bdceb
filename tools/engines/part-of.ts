/** Reads the parts of an order back as what they are; anything else is a mistake of the double that told it. */
import type { Part } from "./guest/parts.ts";

export function numberAt(parts: readonly Part[], index: number): number {
  const part = parts[index];
  if (typeof part !== "number") throw new Error(`order: part ${index} is no number`);
  return part;
}

export function textAt(parts: readonly Part[], index: number): string {
  const part = parts[index];
  if (typeof part !== "string") throw new Error(`order: part ${index} is no text`);
  return part;
}

export function bytesAt(parts: readonly Part[], index: number): Uint8Array {
  const part = parts[index];
  if (!(part instanceof Uint8Array)) throw new Error(`order: part ${index} is no bytes`);
  return part;
}

/** As lists hold bytes: one character each. */
export function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** `value` as JSON can hold it: `revived` of the guest takes it back. */
export function withBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: latin(value) };
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withBytes(each)]));
}
