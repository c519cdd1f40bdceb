/** What the parts of a house put down about themselves, as those who watch a world are told of it. */
import type { KeyName } from "../../firmware/ports/keys.ts";
import type { Witness } from "./witness.ts";

interface Noted {
  readonly type: string;
  readonly key?: KeyName;
  readonly closed?: boolean;
  readonly present?: boolean;
}

/** Keys that somebody touched, mains that went and came, and a battery that was used up. All else stays in the digest. */
export function tellHouseActs(
  witness: Required<Witness>,
  atMs: number,
  unit: number,
  part: string,
  what: object,
): void {
  const { type, key, closed, present } = what as Noted;
  if (part === "keys" && key !== undefined && closed === true) witness.keyTouched(atMs, unit, key);
  if (part === "supply" && type === "mains") witness.mains(atMs, unit, present === true);
  if (part === "supply" && type === "battery-flat") witness.wentFlat(atMs, unit, 0);
}
