/**
 * A battery in whole numbers: charge in nanocoulombs (1 nC is 1 µA for 1 ms), worked out when somebody asks and never by a
 * tick. Its voltage follows the very table by which the firmware reads charge from voltage.
 */
import { type ChargeCurve, chargePermille, lithiumCoin, lithiumIon } from "../../firmware/power/charge.ts";

export interface BatteryMake {
  readonly capacityMah: number;
  readonly curve: ChargeCurve;
  /** Inner resistance when new: what the voltage falls by under load. */
  readonly resistanceMohm: number;
}

/** What age and use have made of a battery. */
export interface Wear {
  /** What it still holds, of its capacity when new. */
  readonly capacityPermille: number;
  /** Added to its inner resistance. */
  readonly resistanceMohm: number;
}

/** What a unit lives on in a power cut. */
export const backupBattery: BatteryMake = { capacityMah: 2_600, curve: lithiumIon, resistanceMohm: 120 };
/** What a button lives on; its curve is that of a cell under load, so that nothing is taken off it. */
export const coinCell: BatteryMake = { capacityMah: 220, curve: lithiumCoin, resistanceMohm: 0 };

const ncPerMah = 3_600_000_000;

export class Battery {
  private readonly nowMs: () => number;
  private readonly make: BatteryMake;
  private permilleNc: number;
  private resistanceMohm: number;
  private chargeNc: number;
  private settledAtMs: number;
  private drawUa: number;

  /** New and full. */
  constructor(nowMs: () => number, make: BatteryMake) {
    this.nowMs = nowMs;
    this.make = make;
    this.permilleNc = 0;
    this.resistanceMohm = 0;
    this.chargeNc = 0;
    this.settledAtMs = nowMs();
    this.drawUa = 0;
    this.wear({ capacityPermille: 1_000, resistanceMohm: 0 });
    this.setCharge(1_000);
  }

  /** From now on this current is drawn; below 0 it charges, until the battery is full. */
  draw(ua: number): void {
    this.settle();
    this.drawUa = ua;
  }

  /** This much is drawn at once: what takes no longer than a moment. */
  spend(nc: number): void {
    this.settle();
    this.chargeNc = Math.max(0, this.chargeNc - nc);
  }

  /** Age or a bad cell: it holds less and its voltage falls deeper. Replaces what was said before. */
  wear({ capacityPermille, resistanceMohm }: Wear): void {
    this.settle();
    this.permilleNc = Math.floor((this.make.capacityMah * ncPerMah * capacityPermille) / 1_000_000);
    this.resistanceMohm = this.make.resistanceMohm + resistanceMohm;
    this.chargeNc = Math.min(this.chargeNc, this.permilleNc * 1_000);
  }

  /** Permille of what it can hold now. */
  setCharge(permille: number): void {
    this.settle();
    this.chargeNc = permille * this.permilleNc;
  }

  permille(): number {
    this.settle();
    return this.permilleNc === 0 ? 0 : Math.floor(this.chargeNc / this.permilleNc);
  }

  /** The voltage in mV while `loadUa` is drawn. */
  millivolts(loadUa: number): number {
    return Math.max(0, voltageOf(this.make.curve, this.permille()) - this.dropMv(loadUa));
  }

  /** Whether it cannot carry that load: its voltage would fall to where its guard cuts it off. */
  isFlat(loadUa: number): boolean {
    this.settle();
    return this.chargeNc <= this.flatNc(loadUa);
  }

  /** Ms until the guard cuts it off, 0 where that is now; undefined while nothing is drawn. */
  flatInMs(): number | undefined {
    if (this.drawUa <= 0) return undefined;
    this.settle();
    const left = this.chargeNc - this.flatNc(this.drawUa);
    return left <= 0 ? 0 : Math.ceil(left / this.drawUa);
  }

  private dropMv(loadUa: number): number {
    return Math.floor((loadUa * this.resistanceMohm) / 1_000_000);
  }

  private flatNc(loadUa: number): number {
    const emptyMv = this.make.curve[0] as number;
    return chargePermille(this.make.curve, emptyMv + this.dropMv(loadUa)) * this.permilleNc;
  }

  private settle(): void {
    const nowMs = this.nowMs();
    const drawn = (nowMs - this.settledAtMs) * this.drawUa;
    this.settledAtMs = nowMs;
    this.chargeNc = Math.max(0, Math.min(this.permilleNc * 1_000, this.chargeNc - drawn));
  }
}

/** The voltage in mV at rest that `chargePermille` reads as this charge, as near as whole millivolts come. */
export function voltageOf(curve: ChargeCurve, permille: number): number {
  let lowMv = curve[0] as number;
  let low = curve[1] as number;
  if (permille <= low) return lowMv;
  for (let i = 2; i < curve.length; i += 2) {
    const highMv = curve[i] as number;
    const high = curve[i + 1] as number;
    if (permille <= high) return lowMv + Math.floor(((permille - low) * (highMv - lowMv)) / (high - low));
    lowMv = highMv;
    low = high;
  }
  return lowMv;
}
