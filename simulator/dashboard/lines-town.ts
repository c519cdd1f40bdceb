/**
 * A town that lives elsewhere, as far as the lines tell that `livlina unit --json` and `livlina receiver --json` print. A unit's own
 * lines do not name it, so it is called as its file; a receiver's are put to it as soon as both have named the same alarm.
 */
import {
  type Counts,
  type Mark,
  marks,
  type Note,
  type OpenedUnit,
  type StoryUnit,
  type Wait,
  type Waiting,
} from "./messages.ts";

export const mostUnits = 5_000;
const mostNotes = 40;
const mostWaiting = 100;
/** Alarms of one unit that are followed. */
const mostAlarms = 32;
/** An accepted alarm is shown so long. */
const shownMs = 30_000;
const stemLength = 12;
/** What is told of an alarm and its reports; everything else that is printed is passed over. */
const told: readonly string[] = [
  "pressed",
  "stored",
  "carried",
  "accepted",
  "refused",
  "gave-up-path",
  "held",
  "withdrawn",
  "dropped",
];
const heard: readonly string[] = ["alarm", "update", "reset", "rejected"];

/** The keys that are read of a line, whoever printed it. */
type Line = Readonly<Record<"type" | "t" | "stem" | "ref" | "cid" | "route" | "answer" | "attempt", unknown>>;

interface Followed {
  readonly pressedMs: number;
  at: Waiting["at"];
  attempts: number;
}

interface Unit {
  readonly id: string;
  readonly notes: Note[];
  /** By stem; "" until the unit has named it. */
  readonly alarms: Map<string, Followed>;
  cid: string;
  acceptedMs: number;
}

export class LinesTown {
  /** Counts up whenever another unit shows up, or two turn out to be one. */
  version: number;
  /** Waits that nobody has fetched yet. */
  waits: Wait[];
  private presses: number;
  private accepted: number;
  private readonly units: Map<string, Unit>;
  private readonly byStem: Map<string, Unit>;

  constructor() {
    this.version = 0;
    this.waits = [];
    this.presses = 0;
    this.accepted = 0;
    this.units = new Map();
    this.byStem = new Map();
  }

  /** One line of that file, read at `atMs`. What is no line of ours is passed over. */
  take(source: string, text: string, atMs: number): void {
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      return;
    }
    if (typeof line !== "object" || line === null) return;
    if (typeof line.cid === "string") this.ofReceiver(line, line.cid, atMs);
    else if (typeof line.type === "string" && told.includes(line.type)) this.ofUnit(source, line, line.type, atMs);
  }

  storyUnits(): readonly StoryUnit[] {
    const on = { cell: "", operator: "", broadband: "", receiver: "", power: "" };
    return [...this.units.values()].map(({ id }) => ({ id, group: "live", buttons: 0, on }));
  }

  marks(atMs: number): string {
    return [...this.units.values()].map((unit) => markOf(unit, atMs)).join("");
  }

  counts(): Counts {
    const open = [...this.units.values()].flatMap(({ alarms }) => [...alarms.values()]);
    const unheard = open.filter(({ at }) => at === "pressed").length;
    const { presses, accepted } = this;
    return { presses, accepted, waiting: open.length - unheard, unheard, onePathLost: 0, noPath: 0, off: 0 };
  }

  waiting(): readonly Waiting[] {
    return [...this.units.values()]
      .flatMap(({ id, alarms }) =>
        [...alarms.values()].map((alarm) => ({ ...alarm, unit: id, button: 1, told: false })),
      )
      .sort((a, b) => a.pressedMs - b.pressedMs)
      .slice(0, mostWaiting);
  }

  /** Null where no unit is called so. */
  opened(id: string, atMs: number): OpenedUnit | null {
    const unit = this.units.get(id);
    if (unit === undefined) return null;
    const unknown = { lamp: null, mains: null, batteryPermille: null, routes: [], journal: [], ladders: [] };
    return { ...unknown, id, cid: unit.cid, mark: markOf(unit, atMs), notes: [...unit.notes].reverse() };
  }

  private ofUnit(source: string, { stem, route, attempt }: Line, type: string, atMs: number): void {
    const unit = this.unitOf(source);
    if (unit === undefined) return;
    note(unit, atMs, type === "pressed" ? "person" : "alarm", type);
    if (type === "pressed") {
      this.presses++;
      unit.alarms.set("", { pressedMs: atMs, at: "pressed", attempts: 0 });
      return;
    }
    if (typeof stem !== "string") return;
    this.byStem.set(stem, unit);
    const fresh = unit.alarms.get("");
    if (type === "stored" && fresh !== undefined) {
      unit.alarms.delete("");
      if (unit.alarms.size < mostAlarms) unit.alarms.set(stem, { ...fresh, at: "stored" });
    }
    const alarm = unit.alarms.get(stem);
    if (alarm === undefined) return;
    if (typeof attempt === "number") alarm.attempts = Math.max(alarm.attempts, attempt);
    if (type === "carried") alarm.at = "carried";
    if (type !== "accepted") return;
    unit.alarms.delete(stem);
    unit.acceptedMs = atMs;
    this.accepted++;
    const over = route === "mobile" || route === "broadband" ? route : null;
    this.waits.push({ pressedMs: alarm.pressedMs, tookMs: atMs - alarm.pressedMs, route: over });
  }

  private ofReceiver({ type, ref, answer }: Line, cid: string, atMs: number): void {
    const unit = this.accountOf(cid, typeof ref === "string" ? ref.slice(0, stemLength) : "");
    if (unit === undefined || typeof type !== "string" || !heard.includes(type)) return;
    note(unit, atMs, "receiver", type);
    if (answer === "snu 0" && type === "alarm") unit.acceptedMs = atMs;
  }

  /** The unit of that account: the one that has named this alarm, or one that is called as the account. */
  private accountOf(cid: string, stem: string): Unit | undefined {
    const named = this.byStem.get(stem);
    if (named === undefined) return [...this.units.values()].find((unit) => unit.cid === cid) ?? this.unitOf(cid, cid);
    if (named.cid === cid) return named;
    named.cid = cid;
    const other = this.units.get(cid);
    if (other !== undefined && other !== named) {
      named.notes.unshift(...other.notes.slice(named.notes.length - mostNotes));
      this.units.delete(cid);
      this.version++;
    }
    return named;
  }

  private unitOf(id: string, cid = ""): Unit | undefined {
    const known = this.units.get(id);
    if (known !== undefined || this.units.size >= mostUnits) return known;
    const unit: Unit = { id, notes: [], alarms: new Map(), cid, acceptedMs: Number.NEGATIVE_INFINITY };
    this.units.set(id, unit);
    this.version++;
    return unit;
  }
}

function markOf({ alarms, acceptedMs }: Unit, atMs: number): Mark {
  if (alarms.size > 0) return marks.waiting;
  return atMs - acceptedMs < shownMs ? marks.accepted : marks.ready;
}

function note({ notes }: Unit, atMs: number, by: Note["by"], what: string): void {
  notes.push({ atMs, by, what, button: 0, text: null });
  if (notes.length > mostNotes) notes.shift();
}
