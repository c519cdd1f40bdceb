/** Watches the units one by one: their beats, and what they tell of themselves and their buttons. */
import type { EventQueue } from "../core/event-queue.ts";
import type { ReceiverEvent } from "../peers/receiver-events.ts";
import type { Phase } from "./monitor.ts";
import type { ServerWatch } from "./monitor-server.ts";
import type { MonitorSettings } from "./monitor-settings.ts";
import type { UnitState } from "./monitor-state.ts";
import type { RegistryUnit } from "./registry.ts";
import { joined, type Said, said, spoken } from "./said.ts";
import { type Loss, type LossNews, lossNews, noticedAgoMs } from "./unit-words.ts";
import { longestBeatMs, type OwnOutage, type WatchedUnit } from "./watched-unit.ts";

export interface UnitHost {
  readonly settings: MonitorSettings;
  readonly queue: EventQueue;
  readonly nextNumber: () => number;
  readonly report: (
    outage: number,
    phase: Phase,
    cause: "single-unit" | "button",
    unit: WatchedUnit,
    evidence: Said,
  ) => void;
  /** What the unit shows of things that it shares may have changed. */
  readonly changed: (unit: WatchedUnit) => void;
  /** Names of what stands between a silent unit and everybody; undefined: nothing is known. */
  readonly explains: (unit: WatchedUnit) => string | undefined;
}

const lossWords: Readonly<Record<Loss, Said>> = {
  mains: said("mains lost", "strömavbrott"),
  mobile: said("mobile network lost", "mobilnätet borta"),
  broadband: said("broadband lost", "bredbandet borta"),
  button: said("a button is not heard", "en larmknapp hörs inte"),
  air: said("its radio is disturbed", "radion störs"),
};

export class UnitWatch {
  private readonly host: UnitHost;

  constructor(host: UnitHost) {
    this.host = host;
  }

  add(record: RegistryUnit, home: ServerWatch, homeName: string): WatchedUnit {
    const { nowMs } = this.host.queue;
    const unit: WatchedUnit = {
      record,
      home,
      homeName,
      beatMs: record.beatMs,
      lastMs: undefined,
      sinceMs: nowMs,
      baseMs: nowMs,
      homeBaseMs: nowMs,
      overdue: false,
      quietMs: undefined,
      silentMs: undefined,
      losses: new Map(),
      silence: undefined,
      button: undefined,
      planned: undefined,
    };
    home.activeCount++;
    this.plan(unit);
    return unit;
  }

  remove(unit: WatchedUnit): void {
    if (unit.planned !== undefined) this.host.queue.cancel(unit.planned);
    if (unit.silentMs !== undefined) return;
    unit.home.activeCount--;
    if (unit.overdue) unit.home.overdueCount--;
  }

  heard(unit: WatchedUnit, atHome: boolean): void {
    const { nowMs } = this.host.queue;
    const wasLate = unit.silentMs !== undefined || unit.overdue || unit.quietMs !== undefined;
    if (unit.silentMs !== undefined) {
      unit.silentMs = undefined;
      unit.home.activeCount++;
      if (unit.overdue) unit.home.overdueCount++;
    }
    const quietMs = nowMs - (unit.lastMs ?? unit.sinceMs);
    unit.lastMs = nowMs;
    unit.baseMs = nowMs;
    if (atHome) {
      unit.homeBaseMs = nowMs;
      if (unit.overdue) {
        unit.overdue = false;
        unit.home.overdueCount--;
      }
    }
    if (!wasLate) return;
    const wasQuiet = unit.quietMs !== undefined;
    unit.quietMs = undefined;
    if (unit.silence !== undefined) {
      const after = spoken(quietMs);
      this.closeSilence(unit, said(`heard again after ${after}`, `hörs igen efter ${after}`));
    }
    this.plan(unit);
    if (wasQuiet) this.host.changed(unit);
  }

  /** What the unit says of itself. */
  read(unit: WatchedUnit, event: ReceiverEvent): void {
    const news = lossNews(event);
    for (const each of news) this.note(unit, each, this.host.queue.nowMs - noticedAgoMs(event));
    if (news.length > 0) this.host.changed(unit);
  }

  /** A beat moves the deadlines and plans nothing: the look that is planned finds them moved. */
  plan(unit: WatchedUnit): void {
    const { queue } = this.host;
    if (unit.planned !== undefined) queue.cancel(unit.planned);
    const dues = [
      unit.overdue ? undefined : this.overdueAtMs(unit, unit.homeBaseMs),
      unit.quietMs === undefined ? this.overdueAtMs(unit, unit.baseMs) : undefined,
      unit.silentMs === undefined ? this.silentAtMs(unit) : undefined,
      unit.silence?.confirmed === false ? this.confirmAtMs(unit) : undefined,
    ].filter((due) => due !== undefined);
    unit.planned =
      dues.length === 0 ? undefined : queue.at(Math.max(Math.min(...dues), queue.nowMs), () => this.look(unit));
  }

  /** Something wider is to blame: what was said of this unit alone is over, without its being back. */
  fold(unit: WatchedUnit): void {
    const { settings, queue } = this.host;
    // Who fell silent long before has a trouble of its own.
    if (unit.silence === undefined || queue.nowMs - unit.silence.sinceMs > settings.shared.silentWithinMs) return;
    const names = this.host.explains(unit);
    if (names !== undefined)
      this.closeSilence(unit, said(`part of the outage of ${names}`, `ingår i avbrottet ${names}`));
  }

  /** The wider outage is over: who is still silent after one more interval is in trouble of its own. */
  giveTime(unit: WatchedUnit): void {
    if (unit.silentMs === undefined || unit.silence !== undefined) return;
    const { settings, queue } = this.host;
    queue.after(longestBeatMs(unit, settings) + settings.overdueMs, () => this.suspect(unit));
  }

  kept(unit: WatchedUnit): UnitState {
    return {
      cid: unit.record.cid,
      lastMs: unit.lastMs ?? null,
      silentMs: unit.silentMs ?? null,
      losses: [...unit.losses].map(([loss, since]) => ({ loss, ...since })),
      silence: unit.silence ?? null,
      button: unit.button ?? null,
    };
  }

  restore(unit: WatchedUnit, state: UnitState): void {
    unit.lastMs = state.lastMs ?? undefined;
    for (const { loss, ...since } of state.losses) unit.losses.set(loss, since);
    unit.silence = state.silence === null ? undefined : { ...state.silence };
    unit.button = state.button === null ? undefined : { ...state.button };
    if (state.silentMs !== null && unit.silentMs === undefined) {
      unit.silentMs = state.silentMs;
      unit.quietMs ??= state.silentMs;
      unit.home.activeCount--;
      if (unit.overdue) unit.home.overdueCount--;
    }
    this.plan(unit);
    this.host.changed(unit);
  }

  private note(unit: WatchedUnit, { loss, isLost, device }: LossNews, noticedMs: number): void {
    const known = unit.losses.get(loss);
    const isOfServer =
      (loss === "mobile" || loss === "broadband") && unit.record.receivers.length < 2 && unit.home.wasOutAt(noticedMs);
    if (isLost) unit.losses.set(loss, { sinceMs: known?.sinceMs ?? noticedMs, device, isOfServer });
    // Another button of the unit proves nothing for the one that is missed.
    else if (known !== undefined && (known.device === "" || device === "" || known.device === device))
      unit.losses.delete(loss);
    if (loss === "button" || loss === "air") this.judgeButton(unit, loss);
  }

  private judgeButton(unit: WatchedUnit, loss: "button" | "air"): void {
    const { report, nextNumber, queue } = this.host;
    const found = unit.losses.get("button") ?? unit.losses.get("air");
    if (found !== undefined && unit.button === undefined) {
      unit.button = { number: nextNumber(), sinceMs: queue.nowMs, confirmed: false };
      const which = found.device === "" ? "" : ` ${found.device}`;
      const { en, sv } = lossWords[loss];
      report(
        unit.button.number,
        "suspected",
        "button",
        unit,
        said(`the unit reports: ${en}${which}`, `larmet meddelar: ${sv}${which}`),
      );
    } else if (found === undefined && unit.button !== undefined) {
      const { number, sinceMs } = unit.button;
      const after = spoken(queue.nowMs - sinceMs);
      unit.button = undefined;
      report(number, "closed", "button", unit, said(`heard again after ${after}`, `hörs igen efter ${after}`));
    }
  }

  private look(unit: WatchedUnit): void {
    const { nowMs } = this.host.queue;
    unit.planned = undefined;
    if (!unit.overdue && nowMs >= this.overdueAtMs(unit, unit.homeBaseMs)) {
      unit.overdue = true;
      if (unit.silentMs === undefined) {
        unit.home.overdueCount++;
        unit.home.beatMissed(unit.beatMs);
      }
    }
    const wasQuiet = unit.quietMs !== undefined;
    if (!wasQuiet && nowMs >= this.overdueAtMs(unit, unit.baseMs)) unit.quietMs = nowMs;
    const wasSilent = unit.silentMs !== undefined;
    if (!wasSilent && nowMs >= this.silentAtMs(unit)) {
      unit.silentMs = nowMs;
      unit.home.activeCount--;
      if (unit.overdue) unit.home.overdueCount--;
      this.suspect(unit);
    }
    if (unit.silence?.confirmed === false && nowMs >= this.confirmAtMs(unit)) {
      unit.silence.confirmed = true;
      this.report(unit, unit.silence, "confirmed", this.silence(unit));
    }
    this.plan(unit);
    if (wasQuiet !== (unit.quietMs !== undefined) || wasSilent !== (unit.silentMs !== undefined))
      this.host.changed(unit);
  }

  private suspect(unit: WatchedUnit): void {
    const { nextNumber, queue, explains } = this.host;
    if (unit.silentMs === undefined || unit.silence !== undefined || explains(unit) !== undefined) return;
    unit.silence = { number: nextNumber(), sinceMs: queue.nowMs, confirmed: false };
    this.report(unit, unit.silence, "suspected", this.silence(unit));
    this.plan(unit);
  }

  private closeSilence(unit: WatchedUnit, evidence: Said): void {
    const { silence } = unit;
    if (silence === undefined) return;
    unit.silence = undefined;
    this.report(unit, silence, "closed", evidence);
  }

  private report(unit: WatchedUnit, { number }: OwnOutage, phase: Phase, evidence: Said): void {
    this.host.report(number, phase, "single-unit", unit, evidence);
  }

  private silentAtMs(unit: WatchedUnit): number {
    const { missedBeats, graceMs } = this.host.settings;
    return unit.baseMs + missedBeats * longestBeatMs(unit, this.host.settings) + graceMs;
  }

  private confirmAtMs(unit: WatchedUnit): number {
    const { missedBeats, confirmBeats } = this.host.settings;
    return (unit.silence?.sinceMs ?? 0) + (confirmBeats - missedBeats) * longestBeatMs(unit, this.host.settings);
  }

  private overdueAtMs(unit: WatchedUnit, baseMs: number): number {
    return baseMs + longestBeatMs(unit, this.host.settings) + this.host.settings.overdueMs;
  }

  private silence(unit: WatchedUnit): Said {
    const { queue, settings } = this.host;
    const quiet = spoken(queue.nowMs - (unit.lastMs ?? unit.sinceMs));
    const beats = `${settings.missedBeats} × ${spoken(unit.beatMs)}`;
    const parts: Said[] = [
      unit.lastMs === undefined
        ? said(`never heard in the ${quiet} it is known (${beats})`, `aldrig hört under ${quiet} (${beats})`)
        : said(`not heard for ${quiet} (${beats})`, `inte hört på ${quiet} (${beats})`),
    ];
    for (const [loss, { sinceMs }] of unit.losses) {
      const { en, sv } = lossWords[loss];
      const ago = spoken(queue.nowMs - sinceMs);
      parts.push(said(`it had told: ${en}, ${ago} ago`, `det hade meddelat: ${sv}, för ${ago} sedan`));
    }
    if (unit.home.state !== "healthy")
      parts.push(
        said(`receiver ${unit.homeName} is ${unit.home.state} too`, `även larmmottagare ${unit.homeName} är i fel`),
      );
    return joined(parts, "; ");
  }
}
