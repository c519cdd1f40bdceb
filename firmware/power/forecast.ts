/** Days until a battery should be changed, for stock and visits: from two readings far apart, or from what is usual. */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { wallSeconds } from "../department.ts";
import { batteryHistoryKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { chargePermille, lithiumCoin } from "./charge.ts";

export interface BatteryForecast {
  /** Place in the table of bonds; -1: the unit's own battery. */
  readonly bond: number;
  /** 0: at once; -1: not known yet. */
  readonly days: number;
}

/** The first reading of a battery and its newest, in seconds since 1970 and permille of charge. */
export interface ChargeHistory {
  readonly firstS: number;
  readonly firstPermille: number;
  readonly lastS: number;
  readonly lastPermille: number;
}

const dayS = 86_400;
/** Readings nearer to each other say nothing about a cell that lasts for years. */
const leastDays = 14;
const leastDropPermille = 30;
/** A button's cell lasts for so long, where nothing better is known. */
const usualDays = 730;
/** The charge at which 28 days are left (EN 50134-2). */
const lowPermille = 120;
/** A rise by so much is a new cell. */
const newCellPermille = 300;
const recordSize = 12;
/** A reading is kept when the charge fell by so much, or a week has passed: flash wears out. */
const keepStepPermille = 20;
const keepStepS = 7 * dayS;

/** The history with one reading more; a new cell begins a new one. */
export function withReading(history: ChargeHistory | undefined, wallS: number, permille: number): ChargeHistory {
  const isNew = history === undefined || wallS < history.lastS || permille >= history.lastPermille + newCellPermille;
  if (isNew) return { firstS: wallS, firstPermille: permille, lastS: wallS, lastPermille: permille };
  const lastPermille = Math.min(permille, history.lastPermille);
  return { firstS: history.firstS, firstPermille: history.firstPermille, lastS: wallS, lastPermille };
}

/** Days from the newest reading on until the battery is low. */
export function daysLeft(history: ChargeHistory): number {
  const room = history.lastPermille - lowPermille;
  if (room <= 0) return 0;
  const days = Math.floor((history.lastS - history.firstS) / dayS);
  const drop = history.firstPermille - history.lastPermille;
  const usual = Math.floor((usualDays * room) / (1_000 - lowPermille));
  if (days < leastDays || drop < leastDropPermille) return usual;
  return Math.min(Math.floor((days * room) / drop), usualDays * 2);
}

export class Forecasts {
  private readonly context: UnitContext;

  constructor(context: UnitContext) {
    this.context = context;
  }

  /** Nothing is noted while the wall clock is unknown. */
  heard(bond: number, batteryMv: number): void {
    const wallS = wallSeconds(this.context);
    if (wallS < 0) return;
    const old = this.history(bond);
    const next = withReading(old, wallS, chargePermille(lithiumCoin, batteryMv));
    if (old !== undefined && next.firstS === old.firstS) {
      const near = old.lastPermille - next.lastPermille < keepStepPermille && next.lastS - old.lastS < keepStepS;
      if (near) return;
    }
    const to = new Writer(new Uint8Array(recordSize));
    to.u32(next.firstS);
    to.u16(next.firstPermille);
    to.u32(next.lastS);
    to.u16(next.lastPermille);
    this.context.records.write(batteryHistoryKind, bond, to.written());
  }

  /** A bond that is gone, or has a new button. */
  forget(bond: number): void {
    this.context.records.remove(batteryHistoryKind, bond);
  }

  /** The unit's own battery goes by its age and by what was found wrong with it; then each button that was heard. */
  all(
    own: { readonly low: boolean; readonly failed: boolean; readonly old: boolean; readonly fittedS: number },
    overAgeDays: number,
  ): readonly BatteryForecast[] {
    const wallS = wallSeconds(this.context);
    const known = wallS >= 0 && own.fittedS >= 0;
    const ageDays = known ? Math.floor((wallS - own.fittedS) / dayS) : 0;
    const ownDays = own.failed || own.old ? 0 : known ? Math.max(0, overAgeDays - ageDays) : -1;
    const forecasts: BatteryForecast[] = [{ bond: -1, days: ownDays }];
    this.context.records.each(batteryHistoryKind, (bond, bytes) => {
      const history = historyIn(bytes);
      if (history === undefined) return;
      const sinceDays = wallS < 0 ? 0 : Math.floor(Math.max(0, wallS - history.lastS) / dayS);
      forecasts.push({ bond, days: Math.max(0, daysLeft(history) - sinceDays) });
    });
    return forecasts;
  }

  private history(bond: number): ChargeHistory | undefined {
    const kept = this.context.records.read(batteryHistoryKind, bond);
    return kept === undefined ? undefined : historyIn(kept);
  }
}

function historyIn(bytes: Uint8Array): ChargeHistory | undefined {
  if (bytes.length !== recordSize) return undefined;
  const from = readerOf(bytes);
  const firstS = from.u32();
  const firstPermille = from.u16();
  const lastS = from.u32();
  return { firstS, firstPermille, lastS, lastPermille: from.u16() };
}
