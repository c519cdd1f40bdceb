/** A unit that hangs on a radio network which is being closed down says so, each week anew: a standing warning, until it has found another. */
import { callsVoice } from "../../protocol/at/voice-dialects.ts";
import { linkMonitor, raise, sharedSpreadMs, technical } from "../department.ts";
import type { ModemReport } from "../modem/modem-state.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";

const weekMs = 604_800_000;
/** SS 91100 annex C: trouble. */
const trouble = 105;

export class OldNetwork {
  private readonly context: UnitContext;
  private readonly wake: Wake;
  /** What the modem last said while it had a network; undefined before. */
  private report: ModemReport | undefined;
  /** When it was told last, or -1. */
  private toldMs: number;

  constructor(context: UnitContext) {
    this.context = context;
    this.report = undefined;
    this.toldMs = -1;
    this.wake = new Wake(context.clock, () => this.judge());
  }

  /** What is known of the modem has changed. */
  modemIs(report: ModemReport): void {
    if (report.at !== "ready") return;
    this.report = report;
    this.judge();
  }

  private judge(): void {
    const report = this.report;
    if (report === undefined || (report.generation !== "2g" && report.generation !== "3g")) return;
    const nowMs = this.context.clock.nowMs();
    if (this.toldMs >= 0 && nowMs < this.toldMs + weekMs) return;
    this.toldMs = nowMs;
    this.wake.set(nowMs + weekMs);
    const voice = callsVoice(report.model) === false ? ", no voice" : "";
    const text = "mobile network " + report.generation.toUpperCase() + voice;
    raise(this.context, technical(linkMonitor, trouble, text, -1, sharedSpreadMs));
  }
}
