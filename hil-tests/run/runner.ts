/**
 * A run on a rig, from the first look at it to the last: refusals before anything is pressed, each case at most twice, the rig
 * looked at after each attempt, the known state at the end whatever happened. It always ends.
 */
import { attemptOnce, isRefusal } from "./attempt.ts";
import { caseId, type HilCase } from "./case.ts";
import { bringUp } from "./images.ts";
import { quarantineOf } from "./quarantine.ts";
import {
  type Attempt,
  type CaseRecord,
  type CheckRecord,
  type FlashRecord,
  type Quarantine,
  type RunRecord,
  runVerdictOf,
  verdictOf,
} from "./results.ts";
import type { Finding, Rig } from "./rig.ts";
import type { RunEvent } from "./run-events.ts";
import type { RunFolder } from "./run-folder.ts";
import { InterruptedError, LateError, messageOf, within } from "./within.ts";

/** How long the rig's own work may take. */
export interface RigPatience {
  readonly checkMs: number;
  readonly restoreMs: number;
  readonly flashMs: number;
  /** For what was told to end. */
  readonly graceMs: number;
}

export const rigPatience: RigPatience = { checkMs: 60_000, restoreMs: 300_000, flashMs: 1_200_000, graceMs: 5_000 };

export interface RunPlan<B> {
  readonly cases: readonly HilCase<B>[];
  readonly isNightly: boolean;
  /** Looks and compares, writes nothing onto a device, presses nothing. */
  readonly isDry: boolean;
  readonly retries: 0 | 1;
  readonly seed: number;
  readonly commit: string;
  readonly quarantine: readonly Quarantine[];
  readonly patience: RigPatience;
  readonly now: () => Date;
  /** The command that repeats one case. */
  readonly repeatOf: (id: string) => string;
  /** Before a board is written. Rejects with UserError (4) where that is not wanted. */
  readonly approve: (what: string) => Promise<void>;
  readonly onEvent: (event: RunEvent) => void;
}

/** Never rejects but for a mistake of ours. Aborting `signal` ends it soon, in the known state. */
export async function runCases<B>(
  rig: Rig<B>,
  plan: RunPlan<B>,
  folder: RunFolder,
  signal: AbortSignal,
): Promise<RunRecord> {
  return await new Run(rig, plan, folder, signal).whole();
}

class Run<B> {
  private readonly rig: Rig<B>;
  private readonly plan: RunPlan<B>;
  private readonly folder: RunFolder;
  private readonly signal: AbortSignal;
  private readonly startedAt: Date;
  private readonly startMs: number;
  private readonly checks: CheckRecord[];
  private readonly images: FlashRecord[];
  private readonly cases: CaseRecord[];
  /** Why nothing more can be run; "" while it can. */
  private asideFor: string;
  private ended: "refused" | "interrupted" | "whole";
  /** A case or the rig's own work goes on unseen: nothing of the rig is touched any more. */
  private isHanging: boolean;
  private ends: RunRecord["ends"];

  constructor(rig: Rig<B>, plan: RunPlan<B>, folder: RunFolder, signal: AbortSignal) {
    this.rig = rig;
    this.plan = plan;
    this.folder = folder;
    this.signal = signal;
    this.startedAt = plan.now();
    this.startMs = performance.now();
    this.checks = [];
    this.images = [];
    this.cases = [];
    this.asideFor = "";
    this.ended = "whole";
    this.isHanging = false;
    this.ends = "unknown";
  }

  async whole(): Promise<RunRecord> {
    const { rig, plan, folder } = this;
    const { commit, seed } = plan;
    this.tell({
      event: "begun",
      run: folder.run,
      rig: rig.name,
      board: rig.board,
      commit,
      seed,
      cases: plan.cases.length,
    });
    await this.guarded(() => this.prepare());
    for (const each of plan.cases) await this.one(each);
    await this.leave();
    const wallMs = Math.round(performance.now() - this.startMs);
    const record = {
      format: 1 as const,
      run: folder.run,
      rig: rig.name,
      board: rig.board,
      commit,
      isNightly: plan.isNightly,
      isDry: plan.isDry,
      seed,
      startedAt: this.startedAt.toISOString(),
      wallMs,
      checks: this.checks,
      images: this.images,
      cases: this.cases,
      ends: this.ends,
      trouble: [this.asideFor, folder.trouble].filter((each) => each !== "").join("; "),
    };
    const isSound = plan.isDry && this.ended === "whole" && record.trouble === "";
    const verdict = isSound ? "passed" : runVerdictOf({ ...record, ended: this.ended });
    this.tell({ event: "ended", verdict, ends: this.ends, wallMs });
    return { ...record, verdict };
  }

  /** Self-check, receivers, boards: in this order, since a sick rig says nothing true and a refusal comes before the first byte is written. */
  private async prepare(): Promise<void> {
    const { flashMs, graceMs } = this.plan.patience;
    const sick = await this.check("first");
    if (sick !== "") throw new Error(sick);
    await this.refuseForeign();
    for (const board of this.rig.boards) {
      const work = (signal: AbortSignal) => bringUp(board, this.plan.isDry, this.plan.approve, signal);
      const record = await within({ limitMs: flashMs, graceMs }, this.signal, work);
      if (record === undefined) continue;
      this.images.push(record);
      this.tell({ event: "image", ...record });
    }
  }

  private async one(each: HilCase<B>): Promise<void> {
    const id = caseId(each);
    const missing = this.missing(each);
    if (missing !== "") return this.record(each, [], "skipped", missing);
    if (this.ended === "interrupted") return this.record(each, [], "skipped", "the run was interrupted");
    if (this.asideFor !== "") return this.record(each, [], "blocked", this.asideFor);
    if (this.plan.isDry) return this.record(each, [], "skipped", "dry run");
    const attempts: Attempt[] = [];
    for (let number = 1; number <= 1 + this.plan.retries && this.asideFor === ""; number++) {
      await this.guarded(async () => {
        const attempt = await this.attempt(each, number);
        attempts.push(attempt);
        const { outcome, message, ms } = attempt;
        this.tell({ event: "attempted", id, attempt: number, outcome, message, ms });
      });
      const last = attempts.at(-1)?.outcome;
      if (last === "pass" || last === "skipped") break;
    }
    const why = attempts.find(({ message }) => message !== "")?.message ?? "";
    if (attempts.length > 0) return this.record(each, attempts, verdictOf(attempts), why);
    const isInterrupted = (this.ended as Run<B>["ended"]) === "interrupted";
    this.record(each, [], isInterrupted ? "skipped" : "blocked", this.asideFor);
  }

  private missing({ needs, isNightly }: HilCase<B>): string {
    if (isNightly === true && !this.plan.isNightly) return "only with --nightly";
    return this.rig.lacks(needs).join("; ");
  }

  /** The rig is looked at after each attempt, and what passed on a sick rig has not passed. */
  private async attempt(each: HilCase<B>, number: number): Promise<Attempt> {
    const { plan, rig, folder } = this;
    const id = caseId(each);
    this.tell({ event: "case-begun", id, attempt: number });
    await this.refuseForeign();
    const depth = plan.isNightly ? "nightly" : "quick";
    const prepare = async (signal: AbortSignal) => {
      const own = folder.openAttempt(id, number);
      return {
        bench: await rig.begin(own, signal),
        folder: own,
        seed: plan.seed,
        depth,
        onNote: (text: string) => this.tell({ event: "noted", id, text }),
        onMeasured: (measurement: object) => this.tell({ event: "measured", id, ...measurement } as RunEvent),
      } as const;
    };
    const { attempt, isHanging } = await attemptOnce(each, prepare, plan.patience.graceMs, this.signal);
    if (isHanging) {
      this.isHanging = true;
      this.setAside(`${id} did not let go of the rig`);
      return attempt;
    }
    const sick = await this.check(`after ${id}`);
    const isKnown = await this.restore();
    if (sick !== "" || !isKnown) {
      const still = await this.check(`after ${id}, restored`);
      if (still !== "") this.setAside(still);
      else if (!isKnown && !(await this.restore())) this.setAside(`no known state after ${id}`);
    }
    if (sick === "" || attempt.outcome === "skipped") return attempt;
    return {
      ...attempt,
      outcome: "blocked",
      message: [sick, attempt.message].filter((text) => text !== "").join("; "),
    };
  }

  /** "" where the rig is well; otherwise the first finding that is not. */
  private async check(when: string): Promise<string> {
    const { checkMs, graceMs } = this.plan.patience;
    const findings = await within({ limitMs: checkMs, graceMs }, undefined, (signal) => this.rig.check(signal)).catch(
      (thrown: unknown): readonly Finding[] => {
        this.isHanging ||= thrown instanceof LateError && thrown.isHanging;
        return [{ name: "self-check ends", isHeld: false, found: messageOf(thrown) }];
      },
    );
    const looked =
      findings.length > 0 ? findings : [{ name: "self-check looks at something", isHeld: false, found: "" }];
    this.checks.push({ when, findings: looked });
    this.tell({ event: "checked", when, findings: looked });
    const bad = looked.find(({ isHeld }) => !isHeld);
    return bad === undefined ? "" : `the rig: not "${bad.name}"${bad.found === "" ? "" : `: ${bad.found}`}`;
  }

  /** Whether the known state was reached. */
  private async restore(): Promise<boolean> {
    const { restoreMs, graceMs } = this.plan.patience;
    try {
      await within({ limitMs: restoreMs, graceMs }, undefined, (signal) => this.rig.restore(signal));
      this.ends = "restored";
      return true;
    } catch (thrown) {
      if (isRefusal(thrown)) throw thrown;
      this.ends = "unknown";
      this.isHanging ||= thrown instanceof LateError && thrown.isHanging;
      this.tell({ event: "troubled", why: `no known state: ${messageOf(thrown)}` });
      return false;
    }
  }

  private async refuseForeign(): Promise<void> {
    const { checkMs, graceMs } = this.plan.patience;
    const hosts = await within({ limitMs: checkMs, graceMs }, this.signal, (signal) => this.rig.receivers(signal));
    for (const host of hosts) this.rig.permit(host);
  }

  /** What ends the run or its use of the rig is written down here, and nowhere else. */
  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (thrown instanceof InterruptedError) this.ended = "interrupted";
      else if (isRefusal(thrown)) this.ended = "refused";
      if (thrown instanceof LateError) this.isHanging ||= thrown.isHanging;
      this.setAside(messageOf(thrown));
    }
  }

  /** The known state and the last look, also after Ctrl-C. What was refused, hangs or cannot be restored is switched off. */
  private async leave(): Promise<void> {
    this.folder.clear();
    if (this.plan.isDry) return;
    const { restoreMs, graceMs } = this.plan.patience;
    let isKnown = false;
    if (this.ended !== "refused" && !this.isHanging)
      await this.guarded(async () => {
        isKnown = await this.restore();
      });
    if (!isKnown)
      await within({ limitMs: restoreMs, graceMs }, undefined, (signal) => this.rig.switchOff(signal)).then(
        () => {
          this.ends = "off";
        },
        (thrown: unknown) => this.setAside(`left as it was: ${messageOf(thrown)}`),
      );
    const sick = await this.check("last");
    if (sick !== "") this.setAside(sick);
  }

  private setAside(why: string): void {
    if (this.asideFor !== "") return;
    this.asideFor = why;
    this.tell({ event: "troubled", why });
  }

  private record(each: HilCase<B>, attempts: readonly Attempt[], verdict: CaseRecord["verdict"], why: string): void {
    const id = caseId(each);
    const today = this.startedAt.toISOString().slice(0, 10);
    const record: CaseRecord = {
      id,
      proves: each.proves,
      at: each.at,
      verdict,
      attempts,
      why,
      ms: attempts.reduce((sum, { ms }) => sum + ms, 0),
      quarantine: quarantineOf(this.plan.quarantine, id, today),
      repeat: this.plan.repeatOf(id),
      artefacts: undefined,
    };
    const isKept = attempts.length > 0 && verdict !== "pass" && verdict !== "skipped";
    this.cases.push(isKept ? { ...record, artefacts: this.folder.keep(record) } : record);
    this.tell({ event: "case-ended", id, verdict, why });
  }

  private tell(event: RunEvent): void {
    this.folder.log(event, this.plan.now());
    this.plan.onEvent(event);
  }
}
