/** From a battery's voltage to its charge, over a table of the cell: pure, in whole numbers. */

/** Rising voltages in mV, each followed by its charge in permille: 0 is empty, 1,000 full. */
export type ChargeCurve = readonly number[];

/** One lithium-ion cell at rest. */
export const lithiumIon: ChargeCurve = [
  3_300, 0, 3_500, 50, 3_600, 120, 3_680, 230, 3_740, 380, 3_800, 520, 3_900, 680, 4_000, 820, 4_100, 930, 4_170, 1_000,
];

/** A lithium coin cell while the radio sends. */
export const lithiumCoin: ChargeCurve = [
  2_200, 0, 2_400, 40, 2_600, 120, 2_760, 300, 2_860, 600, 2_950, 900, 3_000, 1_000,
];

/** Charge in permille, between the points by straight lines. */
export function chargePermille(curve: ChargeCurve, batteryMv: number): number {
  let lowMv = curve[0] as number;
  let low = curve[1] as number;
  if (batteryMv <= lowMv) return low;
  for (let i = 2; i < curve.length; i += 2) {
    const highMv = curve[i] as number;
    const high = curve[i + 1] as number;
    if (batteryMv <= highMv) return low + Math.floor(((batteryMv - lowMv) * (high - low)) / (highMv - lowMv));
    lowMv = highMv;
    low = high;
  }
  return low;
}

/** Whether it can be used: two points at least, voltage and charge rise, charge within 0 to 1,000. */
export function isCurve(curve: ChargeCurve): boolean {
  if (curve.length < 4 || curve.length % 2 !== 0) return false;
  for (let i = 0; i < curve.length; i += 2) {
    const charge = curve[i + 1] as number;
    if (charge < 0 || charge > 1_000) return false;
    if (i > 0 && ((curve[i] as number) <= (curve[i - 2] as number) || charge < (curve[i - 1] as number))) return false;
  }
  return true;
}
