/**
 * The floor under the codecs: the same arrays, every byte written once and read once, and nothing understood. What no code in
 * this language can be quicker than.
 */
import { newPiece } from "../../protocol/bytes/sheet.ts";
import type { Contender } from "./measure.ts";

/** Writes and reads arrays of these very bytes. */
export function bareContender(templates: readonly Uint8Array[]): Contender {
  const run = (times: number): number => {
    let sum = 0;
    for (let i = 0; i < times; i++) for (const template of templates) sum += readAll(writtenLike(template));
    return sum;
  };
  return { name: "bytes alone", run };
}

function writtenLike(template: Uint8Array): Uint8Array {
  const bytes = newPiece(template.length);
  for (let i = 0; i < template.length; i++) bytes[i] = template[i] ?? 0;
  return bytes;
}

function readAll(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum = (sum + (bytes[i] ?? 0)) | 0;
  return sum;
}
