/** The department of the range walk: takes test presses out of the way of alarms, and keeps the installation record. */

import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { narrowText } from "../../protocol/text/utf8.ts";
import { observerOf, wallSeconds } from "../department.ts";
import { Runner } from "../runner.ts";
import { rangeWalkKind } from "../storage/record-kinds.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { whereLimit } from "./bond-record.ts";
import type { RangeWalkEffect, RangeWalkEvent, RangeWalkSettings, RangeWalkState } from "./range-walk-machine.ts";
import { rangeWalkAtStart, stepRangeWalk } from "./range-walk-machine.ts";

/** Places of a home that are remembered; the same name again replaces its former figure. */
export const walkPlaceLimit = 12;

/** One place as the installation record has it. */
export interface WalkedPlace {
  readonly where: string;
  readonly bond: number;
  readonly presses: number;
  /** Of the weakest press; absent where none was heard. */
  readonly marginDb: number | undefined;
  readonly passed: boolean;
  /** Seconds since 1970 (UTC); 0 where the unit did not know. */
  readonly atS: number;
}

/** The place that a walk has come to, as far as it was heard from there. */
export interface WalkingPlace {
  readonly where: string;
  readonly bond: number;
  readonly presses: number;
  /** Above the weakest strength that the unit hears, in dB: of the newest press, and of the weakest; 0 before the first. */
  readonly lastDb: number;
  readonly marginDb: number;
}

export class RangeWalk {
  private readonly context: UnitContext;
  private readonly settings: RangeWalkSettings;
  private readonly machine: Runner<RangeWalkState, RangeWalkEvent, RangeWalkEffect>;
  private readonly wake: Wake;

  constructor(context: UnitContext, settings: RangeWalkSettings) {
    this.context = context;
    this.settings = settings;
    this.wake = new Wake(context.clock, () => this.machine.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.machine = new Runner<RangeWalkState, RangeWalkEvent, RangeWalkEffect>(
      (state, event) => stepRangeWalk(settings, state, event),
      rangeWalkAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "range-walk"),
    );
  }

  /** Presses of this bond are test presses at this place, until the next place, the end, or 5 min without one. */
  goTo(bond: number, where: string): void {
    const nowMs = this.context.clock.nowMs();
    this.machine.dispatch({ type: "at-place", bond, where: where.substring(0, whereLimit), nowMs });
  }

  end(): void {
    this.machine.dispatch({ type: "ended" });
  }

  /** Whether this press is a test press; then it is counted, and no alarm. */
  takes(bond: number, rssiDbm: number): boolean {
    const state = this.machine.state;
    if (state.at === "idle" || state.bond !== bond) return false;
    this.machine.dispatch({ type: "pressed", bond, rssiDbm, nowMs: this.context.clock.nowMs() });
    return true;
  }

  /** Undefined where nobody walks. */
  present(): WalkingPlace | undefined {
    const state = this.machine.state;
    if (state.at === "idle") return undefined;
    const least = state.presses === 0 ? 0 : this.settings.sensitivityDbm;
    return {
      where: state.where,
      bond: state.bond,
      presses: state.presses,
      lastDb: state.lastDbm - least,
      marginDb: state.worstDbm - least,
    };
  }

  /** The installation record. */
  places(): readonly WalkedPlace[] {
    const all: WalkedPlace[] = [];
    this.context.records.each(rangeWalkKind, (_key, bytes) => {
      if (bytes.length >= headLength) all.push(decodePlace(bytes));
    });
    return all;
  }

  private perform(effect: RangeWalkEffect): void {
    if (effect.type === "wake") {
      this.wake.set(effect.atMs);
      return;
    }
    const known = this.places();
    let key = known.length;
    for (let i = 0; i < known.length; i++) if ((known[i] as WalkedPlace).where === effect.where) key = i;
    // A thirteenth place takes the last number: the newest figures are the ones that count.
    key = Math.min(key, walkPlaceLimit - 1);
    const atS = Math.max(0, wallSeconds(this.context));
    this.context.records.write(rangeWalkKind, key, encodePlace(effect, atS));
  }
}

const headLength = 8;
const noMargin = 0xff;

function encodePlace(effect: Extract<RangeWalkEffect, { readonly type: "keep-place" }>, atS: number): Uint8Array {
  const bytes = new Uint8Array(headLength + whereLimit);
  const to = new Writer(bytes);
  to.u8(effect.bond);
  to.u8(effect.presses);
  to.u8(effect.marginDb === undefined ? noMargin : Math.max(0, Math.min(noMargin - 1, effect.marginDb)));
  to.u8(effect.passed ? 1 : 0);
  to.u32(atS);
  for (let i = 0; i < effect.where.length; i++) to.u8(effect.where.charCodeAt(i) & 0xff);
  return to.written();
}

function decodePlace(bytes: Uint8Array): WalkedPlace {
  const from = new Reader(bytes, 0, bytes.length);
  const bond = from.u8();
  const presses = from.u8();
  const margin = from.u8();
  const passed = from.u8() === 1;
  const atS = from.u32();
  const where = narrowText(bytes, headLength, bytes.length);
  return { where, bond, presses, marginDb: margin === noMargin ? undefined : margin, passed, atS };
}
