/**
 * Finds the shared thing behind the trouble of many: the one that explains most is taken first, what is left may have another
 * cause at the same time. Silence alone says nothing while nobody else is heard: that is the receiver.
 */
import type { EventQueue } from "../core/event-queue.ts";
import type { SharedSettings } from "./monitor-settings.ts";
import { type Said, said, spoken } from "./said.ts";
import { SharedThing, type Signs } from "./shared-outage.ts";
import { aloneOn, behind, routesOf, type SharedName, sharedBy, type WatchedUnit } from "./watched-unit.ts";

export interface SharedNews {
  readonly number: number;
  readonly name: SharedName;
  readonly phase: "suspected" | "confirmed" | "updated" | "closed";
  readonly evidence: Said;
  readonly hit: ReadonlySet<WatchedUnit>;
}

export interface SharedHost {
  readonly settings: SharedSettings;
  readonly queue: EventQueue;
  readonly nextNumber: () => number;
  readonly report: (news: SharedNews) => void;
}

/** What is kept over a restart of the monitor. */
export interface SharedState {
  readonly name: SharedName;
  readonly number: number;
  readonly suspectedMs: number;
  readonly confirmed: boolean;
  /** Account numbers. */
  readonly hit: readonly string[];
}

/** One trouble of one unit, and what may stand behind it. */
interface Item {
  readonly unit: WatchedUnit;
  readonly isSilence: boolean;
  readonly sinceMs: number;
  readonly behind: readonly SharedThing[];
}

/** How many times as large a share of a narrower thing must be hit. */
const farMore = 5;

export class SharedWatch {
  private readonly host: SharedHost;
  private readonly things: Map<string, SharedThing>;
  private readonly troubled: Set<WatchedUnit>;
  private planned: boolean;

  constructor(host: SharedHost) {
    this.host = host;
    this.things = new Map();
    this.troubled = new Set();
    this.planned = false;
  }

  add(unit: WatchedUnit): void {
    for (const name of sharedBy(unit.record)) this.thing(name).add(unit);
  }

  remove(unit: WatchedUnit): void {
    for (const name of sharedBy(unit.record)) this.thing(name).remove(unit);
    this.troubled.delete(unit);
  }

  /** The unit has become overdue or silent, or was heard again, or told of a loss or its end. */
  changed(unit: WatchedUnit): void {
    const isTroubled = unit.quietMs !== undefined || unit.losses.size > 0;
    if (!isTroubled && !this.troubled.has(unit)) return;
    if (isTroubled) this.troubled.add(unit);
    else this.troubled.delete(unit);
    this.plan();
  }

  /** A message of this unit has got through: what it does not hang on may now be blamed. */
  heard(unit: WatchedUnit, receiver: string): void {
    if (!this.planned) return;
    for (const thing of this.things.values())
      if (thing.heldMs !== undefined && !thing.members.has(unit)) thing.witnessed.add(receiver);
  }

  /** Whether open outages stand between the unit and everybody: the names of what has failed, or undefined. */
  explains(unit: WatchedUnit): readonly SharedName[] | undefined {
    const routes = routesOf(unit.record);
    const broken = routes.map((names) => names.find((name) => this.thing(name).outage !== undefined));
    const found = broken.filter((name) => name !== undefined);
    return routes.length > 0 && found.length === routes.length ? found : undefined;
  }

  kept(): readonly SharedState[] {
    const kept: SharedState[] = [];
    for (const { name, outage } of this.things.values()) {
      if (outage === undefined) continue;
      const { number, suspectedMs, confirmed, hit } = outage;
      kept.push({ name, number, suspectedMs, confirmed, hit: [...hit].map(({ record }) => record.cid) });
    }
    return kept;
  }

  /** `unitOf`: undefined for those that have gone meanwhile. */
  restore(states: readonly SharedState[], unitOf: (cid: string) => WatchedUnit | undefined): void {
    const { nowMs } = this.host.queue;
    for (const { name, number, suspectedMs, confirmed, hit } of states) {
      const units = hit.map(unitOf).filter((unit) => unit !== undefined);
      const told = { toldMs: nowMs, toldCount: units.length, calmMs: undefined };
      this.thing(name).outage = { number, suspectedMs, confirmed, hit: new Set(units), ...told };
      this.plan();
    }
  }

  private plan(): void {
    if (this.planned) return;
    this.planned = true;
    this.host.queue.after(this.host.settings.lookMs, () => this.look());
  }

  private look(): void {
    this.planned = false;
    const explained = this.explain();
    let goesOn = false;
    for (const thing of this.things.values()) {
      const signs = explained.get(thing);
      if (thing.outage !== undefined) this.follow(thing, signs);
      else if (signs !== undefined) this.hold(thing, signs);
      else {
        thing.heldMs = undefined;
        thing.witnessed.clear();
      }
      goesOn ||= thing.outage !== undefined || thing.heldMs !== undefined;
    }
    if (goesOn) this.plan();
  }

  /** What stands behind the present troubles, and by which signs; the one that explains most first. */
  private explain(): ReadonlyMap<SharedThing, Signs> {
    let items = this.items();
    const explained = new Map<SharedThing, Signs>();
    while (items.length > 0) {
      const signs = this.signsOf(items);
      let best: SharedThing | undefined;
      for (const [thing, shown] of signs) {
        const counts = thing.outage !== undefined || thing.areEnough(shown, this.host.settings);
        if (counts && (best === undefined || isBetter(thing, shown, best, signs.get(best) as Signs))) best = thing;
      }
      if (best === undefined) break;
      const taken = best;
      explained.set(taken, signs.get(taken) as Signs);
      items = items.filter((item) => !item.behind.includes(taken));
    }
    return explained;
  }

  private items(): readonly Item[] {
    const items: Item[] = [];
    for (const unit of this.troubled) {
      if (unit.quietMs !== undefined && !unit.home.isSilent)
        items.push(this.item(unit, true, unit.quietMs, aloneOn(unit.record)));
      for (const [loss, { sinceMs }] of unit.losses) items.push(this.item(unit, false, sinceMs, behind(unit, loss)));
    }
    return items.filter((item) => item.behind.length > 0);
  }

  /** Old trouble belongs to an outage that is open, or to nothing that is shared. */
  private item(unit: WatchedUnit, isSilence: boolean, sinceMs: number, names: readonly SharedName[]): Item {
    const { silentWithinMs, reportsWithinMs } = this.host.settings;
    const isFresh = this.host.queue.nowMs - sinceMs <= (isSilence ? silentWithinMs : reportsWithinMs);
    const things = names.map((name) => this.thing(name));
    return {
      unit,
      isSilence,
      sinceMs,
      behind: isFresh ? things : things.filter(({ outage }) => outage?.hit.has(unit)),
    };
  }

  private signsOf(items: readonly Item[]): ReadonlyMap<SharedThing, Signs> {
    const signs = new Map<SharedThing, { overdue: number; silent: number; told: number; hit: Set<WatchedUnit> }>();
    for (const { unit, isSilence, behind: things } of items)
      for (const thing of things) {
        const known = signs.get(thing) ?? { overdue: 0, silent: 0, told: 0, hit: new Set() };
        signs.set(thing, known);
        if (isSilence) known.overdue++;
        if (isSilence && unit.silentMs !== undefined) known.silent++;
        // One unit may tell of mains and broadband.
        if (!isSilence && !known.hit.has(unit)) known.told++;
        known.hit.add(unit);
      }
    return signs;
  }

  private hold(thing: SharedThing, signs: Signs): void {
    const { settings, queue, nextNumber, report } = this.host;
    if (thing.heldMs === undefined) {
      thing.heldMs = queue.nowMs;
      thing.witnessed.clear();
    }
    if (queue.nowMs < thing.heldMs + settings.holdMs) return;
    if (!thing.isWitnessed(signs) && !thing.isToldOf(signs, settings)) return;
    const hit = new Set(signs.hit);
    const toldCount = hit.size;
    const opened = { number: nextNumber(), suspectedMs: queue.nowMs, confirmed: false, hit };
    thing.outage = { ...opened, toldMs: queue.nowMs, toldCount, calmMs: undefined };
    thing.heldMs = undefined;
    report({ number: opened.number, name: thing.name, phase: "suspected", evidence: thing.evidence(signs), hit });
  }

  private follow(thing: SharedThing, signs: Signs | undefined): void {
    const { outage } = thing;
    if (outage === undefined) return;
    const { settings, queue } = this.host;
    for (const unit of signs?.hit ?? []) outage.hit.add(unit);
    const left = [...outage.hit].filter((unit) => thing.isLeft(unit)).length;
    const isOver = left * 100 <= outage.hit.size * settings.leftPercent;
    const better = signs === undefined && !isOver ? this.absorbing(thing) : [];
    if (better.length > 0) {
      const names = better.map(({ name }) => name.subject).join(", ");
      this.close(thing, said(`explained by ${names}`, `förklaras av ${names}`));
      return;
    }
    if (isOver) outage.calmMs ??= queue.nowMs;
    else outage.calmMs = undefined;
    if (outage.calmMs !== undefined) {
      if (queue.nowMs >= outage.calmMs + settings.calmMs)
        this.close(thing, this.recovered(outage.hit.size, left, thing));
      return;
    }
    if (signs !== undefined) this.goOn(thing, signs);
  }

  private goOn(thing: SharedThing, signs: Signs): void {
    const { outage } = thing;
    if (outage === undefined) return;
    const { settings, queue, report } = this.host;
    const tell = (phase: "confirmed" | "updated"): void => {
      outage.toldMs = queue.nowMs;
      outage.toldCount = outage.hit.size;
      report({ number: outage.number, name: thing.name, phase, evidence: thing.evidence(signs), hit: outage.hit });
    };
    const isDue = queue.nowMs >= outage.suspectedMs + settings.confirmAfterMs;
    if (!outage.confirmed && isDue && thing.share(signs) >= settings.confirmPercent) {
      outage.confirmed = true;
      tell("confirmed");
      return;
    }
    const hasGrown = outage.hit.size * 100 >= outage.toldCount * (100 + settings.updatePercent);
    if (hasGrown && queue.nowMs >= outage.toldMs + settings.updateAfterMs) tell("updated");
  }

  private close(thing: SharedThing, evidence: Said): void {
    const { outage, name } = thing;
    if (outage === undefined) return;
    thing.outage = undefined;
    this.host.report({ number: outage.number, name, phase: "closed", evidence, hit: outage.hit });
  }

  private recovered(all: number, left: number, { outage }: SharedThing): Said {
    const lasted = spoken(this.host.queue.nowMs - (outage?.suspectedMs ?? 0));
    return said(
      `${all - left} of ${all} units are back; suspected for ${lasted}`,
      `${all - left} av ${all} larm är tillbaka; misstänkt i ${lasted}`,
    );
  }

  /** Open outages that explain the same troubles better. */
  private absorbing(thing: SharedThing): readonly SharedThing[] {
    return [...this.things.values()].filter(
      (other) =>
        other !== thing && other.outage !== undefined && [...other.outage.hit].some((unit) => thing.isLeft(unit)),
    );
  }

  private thing(name: SharedName): SharedThing {
    const key = `${name.cause} ${name.subject}`;
    const known = this.things.get(key);
    if (known !== undefined) return known;
    const thing = new SharedThing(name);
    this.things.set(key, thing);
    return thing;
  }
}

/** The one that explains more, unless the other stands out of it. Of equals the narrower, then the one of which more is seen, then the registry's first. */
function isBetter(one: SharedThing, signs: Signs, other: SharedThing, others: Signs): boolean {
  const more = signs.hit.size - others.hit.size;
  if (more === 0) return one.total === other.total ? one.share(signs) > other.share(others) : one.total < other.total;
  return more > 0 ? !standsOut(other, others, one, signs) : standsOut(one, signs, other, others);
}

/** Whether far more of the narrower one is hit than of the rest of the wider one. */
function standsOut(narrow: SharedThing, its: Signs, wide: SharedThing, theirs: Signs): boolean {
  const rest = wide.total - narrow.total;
  if (rest <= 0) return false;
  return (theirs.hit.size - its.hit.size) * narrow.total * farMore <= its.hit.size * rest;
}
