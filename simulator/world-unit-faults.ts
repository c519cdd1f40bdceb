/** What goes wrong inside units, put on the queue: each unit has a chance of its own, so that one more unit changes no other's luck. */
import type { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import type { Home } from "./home.ts";
import type { UnitScenarioFault } from "./scenario/unit-fault.ts";

export interface UnitFaultSurroundings {
  readonly queue: EventQueue;
  readonly seed: number;
  readonly durationMs: number;
  /** Undefined where no unit has this name, or it is not switched on yet. */
  readonly home: (unit: string) => Home | undefined;
  /** Place of the unit in the fleet. */
  readonly indexOf: (unit: string) => number;
}

/** Anything happens from the first of them on, and not at the second any more. */
interface Times {
  readonly fromMs: number;
  readonly untilMs: number;
}

const dayMs = 86_400_000;
const million = 1_000_000;
/**
 * A cut comes in the place of one of the next acts of the unit, or while its flash is busy: a record takes some thirty times what
 * a word takes, an erased sector 1,500 times, so that every order of magnitude is as likely.
 */
const mostActsBefore = 12;
const busyBefore = { leastBits: 2, mostBits: 13 };

export function planUnitFault(around: UnitFaultSurroundings, fault: UnitScenarioFault): void {
  for (const unit of fault.units) planOne(around, fault, unit);
}

function planOne(around: UnitFaultSurroundings, fault: UnitScenarioFault, unit: string): void {
  const { fromMs, toMs } = fault;
  const begin = (act: (home: Home) => void): void => plan(around, { fromMs, untilMs: toMs }, unit, act);
  const end = (act: (home: Home) => void): void => {
    if (toMs < around.durationMs) plan(around, { fromMs: toMs, untilMs: around.durationMs }, unit, act);
  };
  switch (fault.fault) {
    case "dead":
      begin((home) => home.die());
      return;
    case "power-cuts":
      planCuts(around, fault, unit);
      return;
    case "clock-drift":
      begin((home) => home.ailments.drift(fault.ppm));
      end((home) => home.ailments.drift(0));
      return;
    case "worn-flash":
      planWear(around, fault, unit);
      return;
    case "frozen-modem":
      begin((home) => home.ailments.freezeModem(true));
      end((home) => home.ailments.freezeModem(false));
      return;
    case "bad-release":
      begin((home) => home.update(true));
      end((home) => home.update(false));
      return;
  }
}

/**
 * A unit that is not switched on yet at that instant is hit as it is: a home is there within the first minute of a run. One that
 * is not there by `untilMs` is not hit at all: its fault would otherwise begin after its own end.
 */
function plan(
  around: UnitFaultSurroundings,
  { fromMs, untilMs }: Times,
  unit: string,
  act: (home: Home) => void,
): void {
  const { queue, home } = around;
  const reach = (): void => {
    if (queue.nowMs >= untilMs) return;
    const there = home(unit);
    if (there !== undefined) act(there);
    else queue.after(1_000, reach);
  };
  queue.at(fromMs, reach);
}

/** So many a day, each at an instant of its own; what a unit is about to do is cut between any two of its acts, or in the middle of a write. */
function planCuts(around: UnitFaultSurroundings, fault: UnitScenarioFault, unit: string): void {
  const { queue, seed, durationMs, indexOf } = around;
  const chance = new Stream(seed, `power-cuts ${fault.fromMs}`, indexOf(unit));
  const { fromMs, toMs, perDay, offFor, tornPpm } = fault;
  const due = (toMs - fromMs) * perDay;
  const count = Math.floor(due / dayMs) + (chance.below(dayMs) < due % dayMs ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const atMs = fromMs + chance.below(toMs - fromMs);
    const acts = chance.below(mostActsBefore);
    const offMs = chance.between(offFor.leastMs, offFor.mostMs);
    const busy = tornPpm > 0 && chance.chance(tornPpm) ? busyOf(chance) : undefined;
    plan(around, { fromMs: atMs, untilMs: toMs }, unit, (home) => {
      const isOver = (): void => {
        queue.after(Math.max(1, offMs), () => home.restorePower());
      };
      if (busy === undefined) home.cutPowerAfter(acts, isOver);
      else home.cutFlashAfter(busy, isOver);
    });
  }
  const end = { fromMs: toMs, untilMs: durationMs };
  if (toMs < durationMs)
    plan(around, end, unit, (home) => {
      home.cutPowerAfter(Number.POSITIVE_INFINITY, () => {});
      home.cutFlashAfter(Number.POSITIVE_INFINITY, () => {});
    });
}

function busyOf(chance: Stream): number {
  return chance.below(2 ** chance.between(busyBefore.leastBits, busyBefore.mostBits));
}

/** Sectors that fail, each once, at instants spread over the window. */
function planWear(around: UnitFaultSurroundings, fault: UnitScenarioFault, unit: string): void {
  const { seed, indexOf } = around;
  const { fromMs, toMs, wornPpm, isSilent } = fault;
  const chance = new Stream(seed, `worn flash ${fromMs}`, indexOf(unit));
  plan(around, { fromMs, untilMs: toMs }, unit, ({ flash }) => {
    const left = Array.from({ length: flash.sectorCount }, (_, sector) => sector);
    const count = Math.max(1, Math.floor((flash.sectorCount * wornPpm) / million));
    for (let i = 0; i < count; i++) {
      const [sector] = left.splice(chance.below(left.length), 1);
      const atMs = around.queue.nowMs + chance.below(Math.max(1, toMs - around.queue.nowMs));
      around.queue.at(atMs, () => flash.fail(sector as number, isSilent));
    }
  });
}
