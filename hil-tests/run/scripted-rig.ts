/** A rig in memory whose every answer is planned, for the tests of the runner itself; it books what was done to it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../tools/user-error.ts";
import type { CaseContext, HilCase } from "./case.ts";
import type { RunRecord } from "./results.ts";
import type { Finding, ImageName, Rig, RigBoard } from "./rig.ts";
import type { RunEvent } from "./run-events.ts";
import { RunFolder } from "./run-folder.ts";
import { type RunPlan, runCases } from "./runner.ts";

export const image: ImageName = { board: "puck-js", hardware: "puck-2.1", version: "0.1.0", digest: "aa11" };
const well: readonly Finding[] = [{ name: "hub answers", isHeld: true, found: "" }];
export const sick: readonly Finding[] = [{ name: "hub answers", isHeld: false, found: "no hub" }];

export class ScriptedRig implements Rig<ScriptedRig> {
  readonly name = "scripted";
  readonly board = "puck-js";
  /** In order: what was done to it. */
  readonly done: string[] = [];
  boards: readonly RigBoard[] = [];
  lacking: readonly string[] = [];
  host = "127.0.0.1";
  onCheck: () => Promise<readonly Finding[]> | readonly Finding[] = () => well;
  onRestore: () => Promise<void> = async () => {};
  onSwitchOff: () => Promise<void> = async () => {};

  lacks(needs: readonly string[]): readonly string[] {
    return needs.filter((need) => this.lacking.includes(need)).map((need) => `this bench has no ${need}`);
  }

  async check(): Promise<readonly Finding[]> {
    this.done.push("check");
    return await this.onCheck();
  }

  async receivers(): Promise<readonly string[]> {
    return [this.host];
  }

  permit(host: string): void {
    if (host !== "127.0.0.1") throw new UserError(`a unit would send to ${host}`, "its settings", 4);
  }

  async begin(): Promise<ScriptedRig> {
    this.done.push("begin");
    return this;
  }

  async restore(): Promise<void> {
    this.done.push("restore");
    await this.onRestore();
  }

  async switchOff(): Promise<void> {
    this.done.push("off");
    await this.onSwitchOff();
  }

  async close(): Promise<void> {}

  press(): void {
    this.done.push("press");
  }
}

/** A board that holds `there` until it is flashed. */
export function boardWith(there: ImageName, rig: ScriptedRig): RigBoard {
  let standing = there;
  return {
    name: "button-1",
    wanted: image,
    standing: async () => standing,
    flash: async () => {
      rig.done.push("flash");
      standing = image;
    },
  };
}

/** A case that presses, then does what attempt 1, 2 … are planned to do; the last plan goes on. */
export function planned(
  name: string,
  ...plans: readonly ((context: CaseContext<ScriptedRig>) => Promise<void> | void)[]
): HilCase<ScriptedRig> {
  let attempt = 0;
  return {
    suite: "press",
    name,
    proves: `${name} holds`,
    at: { file: "hil-tests/suites/press.ts", line: 7 },
    needs: [],
    limitMs: 10_000,
    run: async (context) => {
      context.bench.press();
      await plans[Math.min(attempt++, plans.length - 1)]?.(context);
    },
  };
}

export interface Ran {
  readonly record: RunRecord;
  readonly events: readonly RunEvent[];
  readonly folder: string;
}

/** In a folder of its own under the system's, which `close` removes. */
export function temporary(): { readonly path: string; readonly close: () => void } {
  const path = mkdtempSync(join(tmpdir(), "livlina-hil-"));
  return { path, close: () => rmSync(path, { recursive: true, force: true }) };
}

export async function runScripted(
  rig: ScriptedRig,
  cases: readonly HilCase<ScriptedRig>[],
  path: string,
  differing: Partial<RunPlan<ScriptedRig>> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Ran> {
  const events: RunEvent[] = [];
  const plan: RunPlan<ScriptedRig> = {
    cases,
    isNightly: false,
    isDry: false,
    retries: 1,
    seed: 7,
    commit: "c0ffee",
    quarantine: [],
    patience: { checkMs: 10_000, restoreMs: 10_000, flashMs: 10_000, graceMs: 50 },
    now: () => new Date("2026-11-22T01:30:00Z"),
    repeatOf: (id) => `livlina hil run --case ${id} --seed 7`,
    approve: async () => {},
    onEvent: (event) => events.push(event),
    ...differing,
  };
  const record = await runCases(rig, plan, new RunFolder(path, "2026-11-22T01-30-00Z"), signal);
  return { record, events, folder: path };
}
