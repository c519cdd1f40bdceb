/**
 * The way of one alarm as a ladder: who handed it to whom, when, and how long each hop took. The page draws it, `livlina
 * trace show` writes it as text, the dashboard lets it grow.
 */
import type { Journey, JourneyTry, RunFacts, RunFault, RunPress, RunSignal } from "../record/run-result.ts";

/** In the order in which they stand beside each other. */
export const lanes = ["button", "unit", "modem", "network", "receiver", "operator"] as const;
export type Lane = (typeof lanes)[number];

/** What is handed over, or what happens at one place: catalogues say it in words (`hops` of a report's texts). */
export const hopWords = [
  "pressed",
  "stored",
  "left-out",
  "alarm",
  "update",
  "withdrawal",
  "carried",
  "refused",
  "case",
  "accepted",
  "not-accepted",
  "told-received",
  "told-accepted",
  "told-waiting",
  "told-given-up",
  "talk",
  "fault-begins",
  "fault-ends",
] as const;
export type HopWord = (typeof hopWords)[number];

export interface Hop {
  /** When it left `from`, in virtual ms. */
  readonly atMs: number;
  /** Until it was at `to`; null: it never came there, or has no way to go. */
  readonly tookMs: number | null;
  /** It may pass lanes: from the modem to the receiver it crosses the network. */
  readonly from: Lane;
  /** The same as `from`: something that happened there. */
  readonly to: Lane;
  readonly what: HopWord;
  /** Names and numbers, the same in every language: "primary, mobile", "SIP 486", "97"; of a fault "object|name|fault". `hopText` says it. */
  readonly detail: string;
  readonly fate: "arrived" | "lost" | "refused";
}

export interface Ladder {
  readonly press: RunPress;
  /** Those that have a part in it, in order. */
  readonly lanes: readonly Lane[];
  /** By instant. */
  readonly hops: readonly Hop[];
}

/** `report.json` as it is read is one. */
export type LadderFacts = Pick<RunFacts, "journeys" | "signals" | "faults" | "virtualMs">;

/** Signs that a wearer is given in the meantime and shortly after. */
const signalWords: Readonly<Record<string, HopWord>> = {
  "button received": "told-received",
  "button accepted": "told-accepted",
  "button given-up": "told-given-up",
  "lamp not-accepted": "told-waiting",
  "lamp talking": "talk",
};
const afterwardsMs = 10_000;
/** An operator who speaks with the home takes longer. */
const talkWithinMs = 600_000;
const mostSigns = 12;
const mostFaultHops = 12;
const words = { ME: "alarm", IN: "update", RE: "withdrawal" } as const;

/** Finds each ladder of many presses without looking through the whole run each time. */
export class Ladders {
  private readonly facts: LadderFacts;
  private readonly journeys: Map<string, Journey[]>;
  private readonly signals: Map<string, RunSignal[]>;

  constructor(facts: LadderFacts) {
    this.facts = facts;
    this.journeys = byUnit(facts.journeys);
    this.signals = byUnit(facts.signals);
  }

  of(press: RunPress): Ladder {
    const { pressedMs, storedMs, acceptedMs } = press;
    const untilMs = (acceptedMs ?? this.facts.virtualMs) + afterwardsMs;
    const tries = this.journeyOf(press);
    const hops: Hop[] = [
      {
        ...note(pressedMs, "button", "pressed", ""),
        to: "unit",
        tookMs: storedMs === null ? null : storedMs - pressedMs,
      },
      ...(tries === undefined ? [] : triesOf(tries, pressedMs)),
      ...this.signsOf(press, untilMs),
      ...this.facts.faults.flatMap((fault) => faultHops(fault, press, untilMs)).slice(0, mostFaultHops),
    ];
    if (storedMs === null) hops[0] = { ...(hops[0] as Hop), fate: "lost" };
    else hops.push(note(storedMs, "unit", "stored", ""));
    if (acceptedMs !== null && !hops.some(({ what, tookMs }) => what === "accepted" && tookMs !== null))
      hops.push({ ...note(acceptedMs, "receiver", "accepted", press.acceptedBy ?? ""), to: "unit", tookMs: 0 });
    hops.sort((a, b) => a.atMs - b.atMs || hopWords.indexOf(a.what) - hopWords.indexOf(b.what));
    const used = new Set(hops.flatMap(({ from, to }) => [from, to]));
    for (const each of ["button", "unit", "network", "receiver"] as const) used.add(each);
    return { press, lanes: lanes.filter((lane) => used.has(lane)), hops };
  }

  private journeyOf({ unit, stem, storedMs }: RunPress): Journey | undefined {
    const own = this.journeys.get(unit) ?? [];
    // After a restart the unit goes on with its alarm, and a second journey begins.
    if (stem !== null) return joined(own.filter((journey) => journey.stem === stem));
    return storedMs === null ? undefined : own.find((journey) => journey.stem === null && journey.beganMs >= storedMs);
  }

  private signsOf({ unit, button, pressedMs }: RunPress, untilMs: number): readonly Hop[] {
    const hops: Hop[] = [];
    for (const sign of this.signals.get(unit) ?? []) {
      const what = signalWords[`${sign.by} ${sign.what}`];
      if (what === undefined || sign.atMs < pressedMs) continue;
      if (sign.atMs > untilMs + (what === "talk" ? talkWithinMs : 0)) continue;
      if (sign.by === "button" && sign.button !== button) continue;
      const at = note(sign.atMs, sign.by === "button" ? "button" : "unit", what, "");
      const hop: Hop = what === "talk" ? { ...at, from: "operator", tookMs: 0 } : at;
      if (hops.length < mostSigns) hops.push(hop);
      else hops[mostSigns - 1] = hop;
    }
    return hops;
  }
}

function joined([first, ...later]: readonly Journey[]): Journey | undefined {
  if (first === undefined || later.length === 0) return first;
  const all = [first, ...later];
  const leftOut = all.reduce((sum, each) => sum + each.leftOut, 0);
  return { ...first, tries: all.flatMap(({ tries }) => tries), leftOut };
}

/** The ladder of one press; for many use `Ladders`. */
export function ladderOf(facts: LadderFacts, press: RunPress): Ladder {
  return new Ladders(facts).of(press);
}

function byUnit<T extends { readonly unit: string }>(rows: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const known = found.get(row.unit);
    if (known === undefined) found.set(row.unit, [row]);
    else known.push(row);
  }
  return found;
}

function note(atMs: number, at: Lane, what: HopWord, detail: string): Hop {
  return { atMs, tookMs: null, from: at, to: at, what, detail, fate: "arrived" };
}

/** Tries before the press belong to presses before it that share its alarm. */
function triesOf({ tries, leftOut }: Journey, pressedMs: number): readonly Hop[] {
  const own = tries.filter(({ startedMs, answeredMs }) => startedMs >= pressedMs || (answeredMs ?? 0) >= pressedMs);
  const cases = new Set<string>();
  // What is accepted again under one case opens no other.
  const hops = own
    .flatMap(hopsOf)
    .filter(({ what, detail }) => what !== "case" || (!cases.has(detail) && cases.add(detail)));
  const later = tries.length > 3 ? tries.at(-3) : undefined;
  if (leftOut > 0 && later !== undefined) hops.push(note(later.startedMs, "unit", "left-out", String(leftOut)));
  return hops;
}

function hopsOf(one: JourneyTry): readonly Hop[] {
  const { route, receiver, startedMs, sentMs, heardMs, carriedMs, status, repliedMs, snu, answeredMs, packets } = one;
  const hops: Hop[] = [];
  const way = `${receiver}, ${route}${packets > 1 ? ` ×${packets}` : ""}`;
  const what = words[one.what];
  const out: Lane = route === "mobile" ? "modem" : "unit";
  const add = (from: Lane, to: Lane, atMs: number, untilMs: number | null, word: HopWord, detail: string): void => {
    const fate = untilMs === null ? "lost" : word === "refused" || word === "not-accepted" ? "refused" : "arrived";
    hops.push({ atMs, tookMs: untilMs === null ? null : untilMs - atMs, from, to, what: word, detail, fate });
  };
  if (route === "mobile") add("unit", "modem", startedMs, sentMs, what, way);
  else if (sentMs === null) add("unit", "network", startedMs, null, what, way);
  if (sentMs !== null) add(out, heardMs === null ? "network" : "receiver", sentMs, heardMs, what, way);
  if (carriedMs !== null && status !== null)
    add("receiver", "unit", heardMs ?? carriedMs, carriedMs, status < 300 ? "carried" : "refused", `SIP ${status}`);
  if (repliedMs !== null && snu !== null) {
    if (snu === 0 && one.what === "ME")
      hops.push({ ...note(repliedMs, "receiver", "case", receiver), to: "operator", tookMs: 0 });
    add(
      "receiver",
      answeredMs === null ? "network" : "unit",
      repliedMs,
      answeredMs,
      snu === 0 ? "accepted" : "not-accepted",
      `snu ${snu}`,
    );
  }
  return hops;
}

/** Faults of receivers and ways that begin or end while it waits, or that it met. */
function faultHops(fault: RunFault, { unit, pressedMs }: RunPress, untilMs: number): readonly Hop[] {
  if (fault.units !== null && !fault.units.includes(unit)) return [];
  const lane: Lane = fault.object === "receiver" ? "receiver" : fault.object === "unit" ? "unit" : "network";
  const detail = `${fault.object}|${fault.name}|${fault.fault}`;
  if (fault.toMs < pressedMs || fault.fromMs > untilMs) return [];
  const begins = note(fault.fromMs, lane, "fault-begins", detail);
  return fault.toMs > untilMs ? [begins] : [begins, note(fault.toMs, lane, "fault-ends", detail)];
}
