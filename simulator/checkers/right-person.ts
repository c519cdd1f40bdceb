/**
 * The right person: a message says whose call it is and from which home, a button tells its own wearer and nobody else, and
 * whoever has pressed is shown that help is coming once a receiver has accepted it. A stranger hears of nobody's home.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type AlarmSight, isOfButton } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

export const rightPersonCheck = "right-person";

/** A press that the unit has taken over and whose wearer waits for the third step. */
interface Waiting {
  readonly pressMs: number;
  received: boolean;
}

interface Row {
  /** By button. */
  readonly waiting: Map<number, Waiting>;
  /** Buttons that have felt a fall and not yet told of it: they give their wearer time to take it back. */
  readonly fallen: Set<number>;
  /** Something happened to the unit or its radio that may keep the third step from a button. */
  troubledMs: number;
}

const beatMark = Buffer.from("<mty>PI");
const personText = /^person (\d+)/;
/** A button asks each minute for ten minutes and then each ten minutes; several of its questions may be lost. */
const toldMs = 45 * 60_000;

export class RightPerson implements Checker {
  private readonly sight: AlarmSight;
  private readonly hindrances: Hindrances;
  private readonly residents: readonly Resident[];
  /** Homes whose buttons stay with their wearers and in range, as far as the scenario says. */
  private readonly quiet: ReadonlySet<number>;
  private readonly rows: Row[];
  private readonly blamed: Set<string>;
  private readonly findings: Findings;

  constructor(
    scenario: Pick<Scenario, "timeline" | "faults">,
    residents: readonly Resident[],
    sight: AlarmSight,
    hindrances: Hindrances,
  ) {
    this.sight = sight;
    this.hindrances = hindrances;
    this.residents = residents;
    this.quiet = quietHomes(scenario, residents);
    this.rows = residents.map(() => ({ waiting: new Map(), fallen: new Set(), troubledMs: -1 }));
    this.blamed = new Set();
    this.findings = new Findings();
    sight.listen((atMs, unit, request) => this.requested(atMs, unit, request));
  }

  started(atMs: number, unit: number): void {
    this.trouble(atMs, unit);
  }

  stopped(atMs: number, unit: number): void {
    this.trouble(atMs, unit);
  }

  lifeOrdered(atMs: number, unit: number): void {
    this.trouble(atMs, unit);
  }

  /** Whoever cannot prove to be the receiver hears of a call for help that finds nobody else, and of nothing besides. */
  packet(atMs: number, receiver: number, direction: string, bytes: Uint8Array, far: Endpoint, transport: string): void {
    if (direction === "sent" || !this.hindrances.isUnproven(receiver, far, transport)) return;
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(beatMark) < 0) return;
    const text = `${instant(atMs)}: a heartbeat went to receiver ${receiver + 1}, whose certificate is a stranger's`;
    if (this.blamed.has("stranger")) return;
    this.blamed.add("stranger");
    this.findings.add(text);
  }

  wentFlat(_atMs: number, unit: number, button: number): void {
    this.rows[unit]?.waiting.delete(button);
  }

  /** What is taken back is closed without a word. */
  keyTouched(atMs: number, unit: number): void {
    this.trouble(atMs, unit);
  }

  fell(atMs: number, unit: number, button: number, taken: "felt" | "taken-back"): void {
    this.pressed(atMs, unit, button);
    if (taken === "felt") this.rows[unit]?.fallen.add(button);
    else this.trouble(atMs, unit);
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.rows[unit]?.waiting.set(button, { pressMs: atMs, received: false });
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    const row = this.rows[unit];
    const isOfPress = row?.waiting.get(button)?.pressMs === atMs;
    if (signal === "sent" && !isOfPress && row?.fallen.delete(button) === true) this.pressed(atMs, unit, button);
    if (row === undefined || (signal !== "received" && signal !== "accepted" && signal !== "given-up")) return;
    const waiting = row.waiting.get(button);
    if (waiting === undefined)
      this.blame(atMs, unit, `button ${button} showed "${signal}", and its wearer has not called for help`);
    else if (signal === "accepted") row.waiting.delete(button);
    else waiting.received = signal === "received";
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    this.rows.forEach((row, unit) => {
      for (const [button, { pressMs, received }] of row.waiting)
        if (received && this.quiet.has(unit)) this.judgeUntold(endMs, unit, row, button, pressMs);
    });
    return this.findings.verdict(
      rightPersonCheck,
      "each call names its home and its person, and its own wearer hears that it was accepted",
    );
  }

  private judgeUntold(endMs: number, unit: number, row: Row, button: number, pressMs: number): void {
    const accepted = (this.sight.alarms[unit] ?? []).find(
      (alarm) => isOfButton(alarm, button) && alarm.acceptedMs.some((atMs) => atMs >= pressMs),
    );
    const acceptedMs = accepted?.acceptedMs.find((atMs) => atMs >= pressMs);
    if (acceptedMs === undefined || endMs - Math.max(acceptedMs, row.troubledMs) < toldMs) return;
    const who = `button ${button}, pressed at ${instant(pressMs)}`;
    this.blame(acceptedMs, unit, `${who}, was accepted and never showed it`);
  }

  private requested(atMs: number, unit: number, { ref, cid, did, dte }: ScaipRequest): void {
    const resident = this.residents[unit];
    if (resident === undefined) return;
    if (cid !== resident.cid) this.blameOnce(atMs, unit, ref, `${ref} came under the account ${cid}`);
    const said = dte === undefined ? null : personText.exec(dte);
    if (said === null || did === undefined) return;
    const bond = resident.bonds.find(({ address }) => hexName(address) === did);
    if (bond !== undefined && bond.person !== Number(said[1]))
      this.blameOnce(
        atMs,
        unit,
        ref,
        `${ref} speaks of person ${said[1]}, and ${did} is worn by person ${bond.person}`,
      );
  }

  private trouble(atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row !== undefined) row.troubledMs = atMs;
  }

  private blameOnce(atMs: number, unit: number, key: string, what: string): void {
    if (this.blamed.has(key)) return;
    this.blamed.add(key);
    this.blame(atMs, unit, what);
  }

  private blame(atMs: number, unit: number, what: string): void {
    this.findings.add(`${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${what}`);
  }
}

/** Where nothing but presses and keys happens, and nothing disturbs the air. */
function quietHomes(
  { timeline, faults }: Pick<Scenario, "timeline" | "faults">,
  residents: readonly Resident[],
): ReadonlySet<number> {
  const isOnAir = (object: string): boolean => object === "building" || object === "air";
  if (faults.some(({ object }) => isOnAir(object))) return new Set();
  const busy = new Set<string>();
  for (const step of timeline) {
    if ("press" in step || "key" in step) continue;
    for (const part of Object.values(step) as readonly unknown[]) busy.add(nameIn(part));
  }
  return new Set(residents.filter(({ name }) => !busy.has(name)).map(({ index }) => index));
}

/** The unit that a part of a step speaks of; "" where it speaks of none. */
function nameIn(part: unknown): string {
  if (typeof part === "string") return part;
  const unit = typeof part === "object" && part !== null ? (part as { readonly unit?: unknown }).unit : undefined;
  return typeof unit === "string" ? unit : "";
}

function hexName(address: number): string {
  return address.toString(16).toUpperCase().padStart(8, "0");
}
