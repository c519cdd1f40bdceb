/** Which offers a unit takes: an image for this very hardware, later than what runs, signed by whom it trusts. */
import type { ImageHeader } from "../../protocol/update/image-header.ts";
import type { KeptUpdate, Refusal, UpdatePlan } from "./update-state.ts";

/** Undefined: it is taken, once its signature is good. */
export function refusalOf(header: ImageHeader, plan: UpdatePlan, kept: KeptUpdate): Refusal | undefined {
  const own = plan.identity;
  if (header.board !== own.board) return "board";
  if (own.revision < header.leastRevision || own.revision > header.mostRevision) return "revision";
  if (header.region !== own.region) return "region";
  // Never back, and never the same again: a bad release is followed by a later one with the old code.
  if (header.version <= own.version) return "version";
  if (own.version < header.leastVersion) return "step";
  if (header.version <= kept.failed) return "failed";
  if (header.length > plan.capacity) return "size";
  return plan.keyIds.indexOf(header.keyId) < 0 ? "key" : undefined;
}

/** Whether both name the same image. */
export function isSameImage(one: ImageHeader | undefined, other: ImageHeader): boolean {
  if (one === undefined || one.version !== other.version || one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < 32; i++) difference |= (one.sha256[i] as number) ^ (other.sha256[i] as number);
  return difference === 0;
}
