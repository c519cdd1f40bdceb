/**
 * What a unit remembers and how it starts: journal, event log, settings in force or on trial, and the guard that counts
 * starts. Made before anything else of the unit; what there is to tell waits until somebody can be told.
 */
import { BootGuard, startCauses } from "./boot/boot-guard.ts";
import type { UnitHost } from "./ports/host.ts";
import type { UnitSettings } from "./settings.ts";
import { Configuration } from "./storage/configuration.ts";
import { EventLog } from "./storage/event-log.ts";
import { partsOf } from "./storage/flash-part.ts";
import { GivingUp, givingUpRows } from "./storage/giving-up.ts";
import { Journal } from "./storage/journal.ts";
import type { LogWord } from "./storage/log-entry.ts";
import { ReportNumbers } from "./storage/report-numbers.ts";
import { SettingsTrial } from "./storage/settings-trial.ts";
import type { WallClock } from "./wall-clock.ts";

/** What receivers are told of the unit's own memory and starts; codes of SS 91100 annex C. */
export interface MemoryNews {
  readonly stc: number;
  readonly stt: string;
  /** The status code whose end this is, or -1. */
  readonly restores: number;
}

const localFault = 68;
const failed = 42;
const degraded = 67;
const normal = 48;
const memoryOnly = givingUpRows.length - 1;
/** Kinds of news that may wait at once: one for each step, one for settings, two for a boot loop. */
const newsLimit = 16;

export class UnitMemory {
  readonly journal: Journal;
  readonly numbers: ReportNumbers;
  readonly configuration: Configuration;
  readonly guard: BootGuard;
  readonly trial: SettingsTrial;
  /** Absent where the chip is too small for both. */
  readonly log: EventLog | undefined;
  /** In force: those of the journal, or what the unit was delivered with. */
  readonly settings: UnitSettings;
  private readonly news: MemoryNews[];
  private onNews: ((news: MemoryNews) => void) | undefined;

  constructor(host: UnitHost, delivered: UnitSettings, wallClock: WallClock) {
    const parts = partsOf(host.flash);
    const clock = host.clock;
    this.news = [];
    this.onNews = undefined;
    this.journal = new Journal(parts.journal);
    this.log =
      parts.log === undefined ? undefined : new EventLog(parts.log, clock, () => wallClock.seconds(clock.nowMs()));
    new GivingUp(this.journal, (_step, index, removed) => this.gaveUp(index, removed));
    this.numbers = new ReportNumbers(this.journal, host.secrets);
    this.configuration = new Configuration(this.journal);
    const loaded = this.configuration.load(delivered);
    this.settings = loaded.settings ?? delivered;
    if (loaded.fault !== undefined) {
      this.write("settings-unreadable", 0, loaded.version, 0);
      this.say({ stc: localFault, stt: "settings unreadable", restores: -1 });
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
      onNews: (what, version) => this.write(what, 0, version, 0),
    });
  }

  /** A line of the event log, where there is one; its fields as the word says. */
  write(word: LogWord, detail: number, number: number, part: number): void {
    if (this.log !== undefined) this.log.write(word, detail, number, part);
  }

  /** From now on there is somebody to be told. */
  listen(onNews: (news: MemoryNews) => void): void {
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

  private say(news: MemoryNews): void {
    if (this.news.length < newsLimit) this.news.push(news);
    this.tellWaiting();
  }

  /** Told from within a write of the journal, and a report is one: it waits for `tellWaiting`. */
  private gaveUp(index: number, removed: number): void {
    this.write("storage", index, 0, removed);
    if (this.news.length >= newsLimit) return;
    if (index === memoryOnly) this.news.push({ stc: failed, stt: "memory failed", restores: -1 });
    else this.news.push({ stc: localFault, stt: "memory full", restores: -1 });
  }

  private looped(what: "boot-loop" | "boot-loop-over", shortLives: number): void {
    this.write(what, 0, shortLives, 0);
    if (what === "boot-loop") this.say({ stc: degraded, stt: "minimal alarm mode", restores: -1 });
    else this.say({ stc: normal, stt: "all departments again", restores: degraded });
  }
}
