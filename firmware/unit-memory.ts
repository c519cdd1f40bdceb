/**
 * What a unit remembers and how it starts: journal, event log, settings in force or on trial, and the guard that counts
 * starts. Made before anything else of the unit; what there is to tell waits until somebody can be told.
 */

import type { Generation } from "../protocol/at/answers.ts";
import { crc32 } from "../protocol/bytes/crc.ts";
import { utf8 } from "../protocol/text/utf8.ts";
import type { Attempt } from "./alarm/alarm-state.ts";
import type { Report } from "./alarm/report.ts";
import { BootGuard, startCauses } from "./boot/boot-guard.ts";
import type { ModemReport } from "./modem/modem-state.ts";
import type { UnitHost } from "./ports/host.ts";
import { pathByte } from "./service/service-news.ts";
import type { UnitSettings } from "./settings.ts";
import { Configuration, type LoadedSettings } from "./storage/configuration.ts";
import { EventLog } from "./storage/event-log.ts";
import { partsOf } from "./storage/flash-part.ts";
import { GivingUp, givingUpRows } from "./storage/giving-up.ts";
import { Journal } from "./storage/journal.ts";
import type { LogWord } from "./storage/log-entry.ts";
import { ReportNumbers } from "./storage/report-numbers.ts";
import { SettingsTrial } from "./storage/settings-trial.ts";
import type { RaiseOrder } from "./unit-context.ts";
import type { WallClock } from "./wall-clock.ts";

/** SCAIP device type and status codes (SS 91100 annexes A and C). */
const localUnit = 2;
const localFault = 68;
const failed = 42;
const degraded = 67;
const normal = 48;
const memoryOnly = givingUpRows.length - 1;
/** Kinds of news that may wait at once: one for each step, one for settings, two for a boot loop. */
const newsLimit = 16;

/** Generation of the network, as the log has it. */
const generations: readonly Generation[] = ["unknown", "unknown", "2g", "3g", "4g"];
const roamingDetail = 16;

export class UnitMemory {
  readonly journal: Journal;
  readonly numbers: ReportNumbers;
  readonly configuration: Configuration;
  readonly guard: BootGuard;
  readonly trial: SettingsTrial;
  /** Where the settings in force come from. */
  readonly source: LoadedSettings["source"];
  /** Absent where the chip is too small for both. */
  readonly log: EventLog | undefined;
  /** In force: those of the journal, or what the unit was delivered with. */
  readonly settings: UnitSettings;
  private readonly news: RaiseOrder[];
  /** The network that was logged last: CRC-32 of the operator's name, and the entry's detail; -1: none yet. */
  private operator: number;
  private network: number;
  private onNews: ((news: RaiseOrder) => void) | undefined;

  constructor(host: UnitHost, delivered: UnitSettings, wallClock: WallClock) {
    const parts = partsOf(host.flash);
    const clock = host.clock;
    this.news = [];
    this.operator = -1;
    this.network = -1;
    this.onNews = undefined;
    this.journal = new Journal(parts.journal);
    this.log =
      parts.log === undefined ? undefined : new EventLog(parts.log, clock, () => wallClock.seconds(clock.nowMs()));
    new GivingUp(this.journal, (_step, index, removed) => this.gaveUp(index, removed));
    this.numbers = new ReportNumbers(this.journal, host.secrets);
    this.configuration = new Configuration(this.journal);
    const loaded = this.configuration.load(delivered);
    this.settings = loaded.settings ?? delivered;
    this.source = loaded.source;
    if (loaded.fault !== undefined) {
      this.write("settings-unreadable", loaded.source === "previous" ? 1 : 2, 0, loaded.version);
      this.say(orderOf(localFault, "settings unreadable", -1));
    }
    this.guard = new BootGuard({
      clock,
      records: this.journal,
      starts: host.starts,
      observe: host.observe,
      onNews: (what, shortLives) => this.looped(what, shortLives),
    });
    this.write("started", startCauses.indexOf(this.guard.cause), 0, this.guard.starts);
    this.trial = new SettingsTrial({
      clock,
      configuration: this.configuration,
      starts: host.starts,
      observe: host.observe,
      onNews: (what, version) => this.write(what, 0, 0, version),
    });
  }

  /** A line of the event log, where there is one; its fields as the word says. */
  write(word: LogWord, detail: number, number: number, value: number): void {
    if (this.log !== undefined) this.log.write(word, detail, number, value);
  }

  /** A message of a person's alarm leaves. */
  noteSent(attempt: Attempt, report: Report): void {
    if (report.facts.kind !== "user-alarm") return;
    this.write("sent", pathByte(attempt.path.route, attempt.path.receiver + 1), report.number, attempt.part);
  }

  /** The modem has found a network: logged where it is another than before. */
  noteNetwork(report: ModemReport): void {
    if (report.at !== "ready") return;
    const name = utf8(report.operator);
    const check = crc32(name, 0, name.length, 0);
    const detail = generations.indexOf(report.generation) + (report.roaming ? roamingDetail : 0);
    if (check === this.operator && detail === this.network) return;
    this.operator = check;
    this.network = detail;
    this.write("network", detail, 0, check);
  }

  /** From now on there is somebody to be told. */
  listen(onNews: (news: RaiseOrder) => void): void {
    this.onNews = onNews;
    this.tellWaiting();
  }

  /** What could not be told from within a write of the journal. */
  tellWaiting(): void {
    const onNews = this.onNews;
    if (onNews === undefined) return;
    for (let due = this.news.shift(); due !== undefined; due = this.news.shift()) onNews(due);
  }

  /** Erases ahead what will be written to; not while somebody waits for an acknowledge. */
  tidy(): void {
    if (this.journal.needsRoom()) this.journal.compact();
    if (this.log !== undefined && this.log.needsTending()) this.log.tend();
  }

  private say(news: RaiseOrder): void {
    if (this.news.length < newsLimit) this.news.push(news);
    this.tellWaiting();
  }

  /** Told from within a write of the journal, and a report is one: it waits for `tellWaiting`. */
  private gaveUp(index: number, removed: number): void {
    this.write("storage", index, 0, removed);
    if (this.news.length >= newsLimit) return;
    if (index === memoryOnly) this.news.push(orderOf(failed, "memory failed", -1));
    else this.news.push(orderOf(localFault, "memory full", -1));
  }

  private looped(what: "boot-loop" | "boot-loop-over", shortLives: number): void {
    this.write(what, 0, 0, shortLives);
    if (what === "boot-loop") this.say(orderOf(degraded, "minimal alarm mode", -1));
    else this.say(orderOf(normal, "all departments again", degraded));
  }
}

function orderOf(stc: number, stt: string, restores: number): RaiseOrder {
  return { kind: "technical", dty: localUnit, stc, did: "", stt, bond: -1, spreadMs: 0, restores };
}
