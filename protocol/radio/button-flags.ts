/** The byte that every frame of a button carries: its form, its low-battery flag, and 3 bits for the message (radio 3.1). */
export type ButtonForm = "wrist" | "neck" | "wall";

export const buttonForms: readonly ButtonForm[] = ["wrist", "neck", "wall"];

/** Bits 7-4 form, bit 3 low, bits 2-0 `detail` (0-7). */
export function packFlags(form: ButtonForm, low: boolean, detail: number): number {
  return buttonForms.indexOf(form) * 16 + (low ? 8 : 0) + detail;
}

/** Undefined where a later form stands in the bits. */
export function formOf(flags: number): ButtonForm | undefined {
  return buttonForms[flags >>> 4];
}

export function lowOf(flags: number): boolean {
  return (flags & 8) !== 0;
}

export function detailOf(flags: number): number {
  return flags & 7;
}

/** One byte for 0-5,100 mV in steps of 20 mV, rounded down; what is beyond counts as 5,100. */
export function packBattery(batteryMv: number): number {
  return Math.min(255, Math.floor(batteryMv / 20));
}
