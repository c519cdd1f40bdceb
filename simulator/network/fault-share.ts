/** Which units a fault hits that hits only some of those on its object: each by its own draw, so that one more unit changes no other's luck. */
import { Stream } from "../core/prng.ts";
import type { FaultShare } from "../scenario/fault.ts";

/** `unit` is its place in the fleet, from 0. Without a seed nobody knows who was drawn, and all may be meant. */
export function isHit(
  fault: { readonly share?: FaultShare | undefined },
  seed: number | undefined,
  unit: number,
): boolean {
  const { share } = fault;
  if (share === undefined || seed === undefined) return true;
  return new Stream(seed, `fault share ${share.key}`, unit).chance(share.ppm);
}
