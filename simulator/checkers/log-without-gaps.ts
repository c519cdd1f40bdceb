/**
 * A log without gaps: events on a unit's flash bear numbers that rise by one, time does not run backwards in a life, every
 * accepted call for help is in it, and no reference is given to two things. Read from the chip itself, by the layout of
 * an event (32 bytes with their own CRC), not by asking the unit. A call that its wearer took back while the acceptance was
 * on its way, or still lay in the modem, was never accepted to the unit: it is in the log as withdrawn.
 */
import type { Flash } from "../../firmware/ports/flash.ts";
import { logSectors } from "../../firmware/storage/flash-part.ts";
import { decodeLogEntry, type LogEntry, logEntryLength } from "../../firmware/storage/log-entry.ts";
import { crc32 } from "../../protocol/bytes/crc.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import { numberFromRef } from "../../protocol/scaip/stem.ts";
import type { SipRequest } from "../../protocol/sip/message.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { AlarmSight, SeenAlarm } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";

export const logWithoutGapsCheck = "log-without-gaps";

const prefixLength = 5;
/** References whose content is still known, by unit. */
const followedLimit = 64;
/** What is written in the instant of a power cut may be torn. */
const tornMs = 2_000;
/** An acceptance may lie in the modem for so long. */
const unreadMs = 2_000;
/** A fall that is taken back at once, and a call for it that the unit had just heard, cross. */
const crossedMs = 1_000;
/** SCAIP status code (SS 91100 annex C). */
const cancelled = 19;
const stemLength = 12;
const blank = 0xff;

export class LogWithoutGaps implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  /** Units whose chip dies by the scenario: what it drops says nothing of the log. */
  private readonly worn: ReadonlySet<string>;
  /** Receivers by name whose certificate no unit takes: their word is no acceptance. */
  private readonly unbelieved: ReadonlySet<string>;
  /** By unit: CRC-32 of what was told under a reference. */
  private readonly contents: Map<string, number>[];
  /** By unit: instants at which it lost power. */
  private readonly cuts: number[][];
  /** By unit: calls that were withdrawn as cancelled, and instants at which somebody took one back. */
  private readonly cancelled: Set<string>[];
  private readonly takenBack: number[][];
  private readonly findings: Findings;

  constructor(
    { faults, world }: Pick<Scenario, "faults" | "world">,
    residents: readonly Resident[],
    sight: AlarmSight,
  ) {
    this.sight = sight;
    this.residents = residents;
    this.worn = new Set(faults.flatMap((fault) => wornUnits(fault)));
    const unbelieved = world.receivers.filter((one) => one.transport === "tls" && one.certificate === "foreign");
    this.unbelieved = new Set(unbelieved.map(({ name }) => name));
    this.contents = residents.map(() => new Map<string, number>());
    this.cuts = residents.map(() => []);
    this.cancelled = residents.map(() => new Set<string>());
    this.takenBack = residents.map(() => []);
    this.findings = new Findings();
    sight.listen((atMs, unit, request, sip) => this.requested(atMs, unit, request, sip));
  }

  stopped(atMs: number, unit: number): void {
    this.cuts[unit]?.push(atMs);
  }

  fell(atMs: number, unit: number, _button: number, taken: "felt" | "taken-back"): void {
    if (taken === "taken-back") this.takenBack[unit]?.push(atMs);
  }

  keyTouched(atMs: number, unit: number, key: string): void {
    if (key === "cancel") this.takenBack[unit]?.push(atMs);
  }

  verdict({ flashOf }: RunEnd): CheckerVerdict {
    for (const resident of this.residents) {
      const flash = flashOf?.(resident.name);
      if (flash !== undefined && !this.worn.has(resident.name)) this.judge(resident, entriesOf(flash));
    }
    return this.findings.verdict(
      logWithoutGapsCheck,
      "each unit's log is without a gap, holds every accepted call, and no reference stands for two things",
    );
  }

  /** A retry, a poll and a restart all tell the same (SS 91100 table 1, `ref`). */
  private requested(atMs: number, unit: number, { mty, ref, stc }: ScaipRequest, { body }: SipRequest): void {
    const contents = this.contents[unit];
    if (mty === "RE" && stc === cancelled) this.cancelled[unit]?.add(ref.slice(0, stemLength));
    if (mty === "IN" || mty === "RE" || contents === undefined) return;
    const content = crc32(body, 0, body.length, 0);
    const before = contents.get(ref);
    if (before !== undefined && before !== content)
      this.blame(this.residents[unit], `${instant(atMs)}: ${ref} was told before with another content`);
    contents.set(ref, content);
    if (contents.size > followedLimit) contents.delete(contents.keys().next().value as string);
  }

  private judge(resident: Resident, entries: readonly LogEntry[]): void {
    for (let i = 1; i < entries.length; i++) {
      const before = entries[i - 1] as LogEntry;
      const entry = entries[i] as LogEntry;
      // The event that a power cut tore has had its number.
      const torn = entry.start !== before.start && this.cuts[resident.index]?.length !== 0 ? 1 : 0;
      if (entry.sequence <= before.sequence || entry.sequence > before.sequence + 1 + torn)
        this.blame(resident, `the log goes from event ${before.sequence} to ${entry.sequence} (${entry.what})`);
      else if (entry.start === before.start && entry.uptimeMs < before.uptimeMs)
        this.blame(resident, `event ${entry.sequence} (${entry.what}) is older than the one before it`);
    }
    if (resident.group.receivers.some((name) => this.unbelieved.has(name))) return;
    if (entries[0]?.sequence === 1 && !entries.some(({ what }) => what === "suppressed"))
      this.judgeCalls(resident, entries);
  }

  /** While the ring has not turned and its allowance was not used up, everything is in it. */
  private judgeCalls(resident: Resident, entries: readonly LogEntry[]): void {
    const accepted = new Set<number>();
    for (const { what, number } of entries) if (what === "accepted") accepted.add(number);
    const alarms = this.sight.alarms[resident.index] ?? [];
    const prefix = alarms.at(-1)?.stem.slice(0, prefixLength) ?? "";
    for (const alarm of alarms) {
      const { stem, acceptedMs } = alarm;
      const atMs = acceptedMs[0];
      if (
        atMs === undefined ||
        isToldTwice(alarms, alarm) ||
        !stem.startsWith(prefix) ||
        this.isTorn(resident.index, atMs) ||
        this.isCrossed(resident.index, alarm, atMs)
      )
        continue;
      if (!accepted.has(numberFromRef(prefix, `${stem}000`)))
        this.blame(resident, `${stem}, accepted at ${instant(atMs)}, is not in the log as accepted`);
    }
  }

  private isTorn(unit: number, atMs: number): boolean {
    return this.cuts[unit]?.some((cutMs) => cutMs >= atMs && cutMs - atMs <= tornMs) ?? false;
  }

  private isCrossed(unit: number, { stem, firstSentMs }: SeenAlarm, acceptedMs: number): boolean {
    if (this.cancelled[unit]?.has(stem) !== true) return false;
    return (
      this.takenBack[unit]?.some((atMs) => atMs >= firstSentMs - crossedMs && atMs <= acceptedMs + unreadMs) ?? false
    );
  }

  private blame(resident: Resident | undefined, what: string): void {
    this.findings.add(`${resident?.name ?? ""}: ${what}`);
  }
}

/** Which of two names of one press the unit goes by is for others to ask. */
function isToldTwice(alarms: readonly SeenAlarm[], { stem, source, pressedMs }: SeenAlarm): boolean {
  if (pressedMs === undefined) return false;
  return alarms.some((one) => one.stem !== stem && one.source === source && one.pressedMs === pressedMs);
}

function wornUnits(fault: { readonly fault: string; readonly units?: readonly string[] }): readonly string[] {
  return fault.fault === "worn-flash" ? (fault.units ?? []) : [];
}

/** Every whole event on the chip, by its number. */
export function entriesOf(flash: Flash): readonly LogEntry[] {
  const entries: LogEntry[] = [];
  const bytes = new Uint8Array(logEntryLength);
  const slots = Math.floor(flash.sectorSize / logEntryLength);
  for (let sector = flash.sectorCount - logSectors; sector < flash.sectorCount; sector++) {
    for (let slot = 1; slot < slots; slot++) {
      flash.read(sector * flash.sectorSize + slot * logEntryLength, bytes);
      if (bytes[0] === blank && slot > 1) break;
      const entry = decodeLogEntry(bytes);
      if (entry.ok) entries.push(entry.value);
    }
  }
  return entries.sort((a, b) => a.sequence - b.sequence);
}
