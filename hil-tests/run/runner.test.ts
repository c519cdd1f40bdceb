import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { hilAnswers } from "../../tools/answers/hil.ts";
import { UserError } from "../../tools/user-error.ts";
import { saidLimit } from "./attempt.ts";
import { CaseBlocked, CaseSkipped, type HilCase } from "./case.ts";
import { exitCodes, verdictOf } from "./results.ts";
import type { RunPlan } from "./runner.ts";
import { boardWith, image, planned, runScripted, ScriptedRig, sick, temporary } from "./scripted-rig.ts";

const passes = (): void => {};
const fails = (): never => {
  throw new Error("expected log what=accepted within 3000 ms\n  last lines: nothing");
};
const blocks = (): void => {
  throw new CaseBlocked("lost sight of the device");
};
const hangs = (): Promise<void> => new Promise(() => {});

async function run(
  rig: ScriptedRig,
  cases: readonly HilCase<ScriptedRig>[],
  differing: Partial<RunPlan<ScriptedRig>> = {},
  signal?: AbortSignal,
) {
  const { path, close } = temporary();
  onTestFinished(close);
  return await runScripted(rig, cases, path, differing, signal);
}

test("pass, fail, flaky, blocked and skipped are five results, and the run's exit code follows the worst", async () => {
  const skips = (): void => {
    throw new CaseSkipped("no attenuator");
  };
  const { record } = await run(new ScriptedRig(), [
    planned("passes", passes),
    planned("fails", fails),
    planned("flaky", fails, passes),
    planned("flaky-rig", blocks, passes),
    planned("blocked", blocks),
    planned("both", blocks, fails),
    planned("skipped", skips),
  ]);
  expect(record.cases.map(({ id, verdict, attempts }) => [id, verdict, attempts.length])).toEqual([
    ["press/passes", "pass", 1],
    ["press/fails", "fail", 2],
    ["press/flaky", "flaky", 2],
    ["press/flaky-rig", "flaky", 2],
    ["press/blocked", "blocked", 2],
    ["press/both", "fail", 2],
    ["press/skipped", "skipped", 1],
  ]);
  expect(record).toMatchObject({ verdict: "failed", ends: "restored", trouble: "" });
  expect(exitCodes[record.verdict]).toBe(1);
});

test("only a first attempt that passes is a pass, and a device that failed once is never blocked", () => {
  const outcome = fc.constantFrom("pass", "fail", "blocked", "skipped");
  const attempt = outcome.map((each) => ({ outcome: each, message: "", ms: 0, measurements: [], notes: [] }) as const);
  fc.assert(
    fc.property(fc.array(attempt, { maxLength: 2 }), (attempts) => {
      const verdict = verdictOf(attempts);
      if (verdict === "pass") expect(attempts.map((each) => each.outcome)).toEqual(["pass"]);
      if (attempts.at(-1)?.outcome === "fail") expect(verdict).toBe("fail");
      if (verdict === "blocked") expect(attempts.some((each) => each.outcome === "fail")).toBe(false);
    }),
  );
});

test("without retries a case is run once", async () => {
  const { record } = await run(new ScriptedRig(), [planned("flaky", fails, passes)], { retries: 0 });
  expect(record.cases[0]).toMatchObject({ verdict: "fail", attempts: [{ outcome: "fail" }] });
});

test("a foreign receiver is refused before anything is pressed or restored, and the unit is left without power", async () => {
  const rig = new ScriptedRig();
  rig.host = "203.0.113.7";
  rig.boards = [boardWith({ ...image, digest: "old" }, rig)];
  const { record } = await run(rig, [planned("passes", passes)]);
  expect(rig.done).toEqual(["check", "off", "check"]);
  expect(record).toMatchObject({ verdict: "refused", ends: "off", cases: [{ verdict: "blocked", attempts: [] }] });
  expect(record.trouble).toContain("203.0.113.7");
  expect(exitCodes[record.verdict]).toBe(4);
});

test("a receiver that becomes foreign between two cases ends the run there", async () => {
  const rig = new ScriptedRig();
  const changes = (): void => {
    rig.host = "203.0.113.7";
  };
  const { record } = await run(rig, [planned("changes", changes), planned("next", passes)]);
  expect(record.cases.map(({ verdict }) => verdict)).toEqual(["pass", "blocked"]);
  expect(rig.done.filter((each) => each === "press")).toHaveLength(1);
  expect(record).toMatchObject({ verdict: "refused", ends: "off" });
});

test("a refusal out of a case ends the run as well", async () => {
  const refuses = (): void => {
    throw new UserError("203.0.113.7 is no receiver of this bench", "", 4);
  };
  const { record } = await run(new ScriptedRig(), [planned("refuses", refuses), planned("next", passes)]);
  expect(record.verdict).toBe("refused");
  expect(record.cases.map(({ verdict }) => verdict)).toEqual(["blocked", "blocked"]);
});

test("a board is flashed only when its image differs, and another board is refused before the first byte", async () => {
  const same = new ScriptedRig();
  same.boards = [boardWith(image, same)];
  expect((await run(same, [planned("passes", passes)])).record.images).toMatchObject([{ isWritten: false }]);
  expect(same.done).not.toContain("flash");
  const old = new ScriptedRig();
  old.boards = [boardWith({ ...image, digest: "" }, old)];
  expect((await run(old, [planned("passes", passes)])).record.images).toMatchObject([{ isWritten: true }]);
  expect(old.done.filter((each) => each === "flash")).toHaveLength(1);
  const wrong = new ScriptedRig();
  wrong.boards = [boardWith({ ...image, board: "esp32", digest: "" }, wrong)];
  const { record } = await run(wrong, [planned("passes", passes)]);
  expect(wrong.done).not.toContain("flash");
  expect(wrong.done).not.toContain("press");
  expect(record).toMatchObject({
    verdict: "refused",
    trouble: expect.stringContaining("a esp32 (puck-2.1) stands there"),
  });
});

test("an image that is not there after flashing blocks the run", async () => {
  const rig = new ScriptedRig();
  const board = boardWith({ ...image, digest: "old" }, rig);
  rig.boards = [{ ...board, flash: async () => {} }];
  const { record } = await run(rig, [planned("passes", passes)]);
  expect(record).toMatchObject({ verdict: "blocked", cases: [{ verdict: "blocked" }] });
});

test("a rig that is sick at first runs nothing, and says what is wrong with it", async () => {
  const rig = new ScriptedRig();
  rig.onCheck = () => sick;
  const { record } = await run(rig, [planned("passes", passes)]);
  expect(rig.done).not.toContain("press");
  expect(record).toMatchObject({ verdict: "blocked", trouble: 'the rig: not "hub answers": no hub' });
});

test("what passed on a rig that is sick right after has not passed, and the rig is set aside", async () => {
  const rig = new ScriptedRig();
  const breaks = (): void => {
    rig.onCheck = () => sick;
  };
  const { record } = await run(rig, [planned("first", passes), planned("breaks", breaks), planned("next", passes)]);
  expect(record.cases.map(({ verdict, attempts }) => [verdict, attempts.length])).toEqual([
    ["pass", 1],
    ["blocked", 1],
    ["blocked", 0],
  ]);
  expect(record.verdict).toBe("blocked");
});

test("a rig that gets well again is used again, and the case is flaky", async () => {
  const rig = new ScriptedRig();
  let looks = 0;
  rig.onCheck = () => (++looks === 2 ? sick : [{ name: "hub answers", isHeld: true, found: "" }]);
  const { record } = await run(rig, [planned("passes", passes)]);
  expect(record.cases[0]).toMatchObject({ verdict: "flaky", attempts: [{ outcome: "blocked" }, { outcome: "pass" }] });
});

test("a self-check that looks at nothing, throws or never ends is a sick rig", async () => {
  for (const onCheck of [() => [], () => Promise.reject(new Error("usb")), () => new Promise<never>(() => {})]) {
    const rig = new ScriptedRig();
    rig.onCheck = onCheck;
    const patience = { checkMs: 20, restoreMs: 10_000, flashMs: 10_000, graceMs: 20 };
    const { record } = await run(rig, [planned("passes", passes)], { patience });
    expect(record.verdict).toBe("blocked");
    expect(rig.done).not.toContain("press");
  }
});

test("a case past its limit fails; one that does not let go ends the use of the rig, which is switched off", async () => {
  const late: HilCase<ScriptedRig> = {
    ...planned(
      "late",
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("told to end")))),
    ),
    limitMs: 30,
  };
  const rig = new ScriptedRig();
  const { record } = await run(rig, [late, { ...planned("hangs", hangs), limitMs: 30 }, planned("next", passes)]);
  expect(record.cases.map(({ verdict, attempts }) => [verdict, attempts.length])).toEqual([
    ["fail", 2],
    ["fail", 1],
    ["blocked", 0],
  ]);
  expect(record.cases[0]?.why).toBe("did not end within 30 ms: told to end");
  expect(record).toMatchObject({ ends: "off", trouble: "press/hangs did not let go of the rig" });
  expect(rig.done.at(-2)).toBe("off");
});

test("what swallows the abort and returns after its limit is late and no pass", async () => {
  const late: HilCase<ScriptedRig> = {
    ...planned("late", ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve()))),
    limitMs: 30,
  };
  expect((await run(new ScriptedRig(), [late])).record.cases[0]?.verdict).toBe("fail");
});

test("no known state sets the rig aside, and the unit is switched off; where not even that goes the run says so", async () => {
  const rig = new ScriptedRig();
  rig.onRestore = () => Promise.reject(new Error("no boot"));
  const { record } = await run(rig, [planned("passes", passes), planned("next", passes)]);
  expect(record).toMatchObject({ ends: "off", verdict: "blocked", trouble: "no known state after press/passes" });
  rig.onSwitchOff = () => Promise.reject(new Error("no relay"));
  expect((await run(rig, [planned("passes", passes)])).record).toMatchObject({ ends: "unknown", verdict: "blocked" });
});

test("an interrupted run ends soon, restored, and what was not run is skipped", async () => {
  const rig = new ScriptedRig();
  const stop = new AbortController();
  const interrupts = async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
    stop.abort();
    await new Promise<void>((resolve) =>
      signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve()),
    );
  };
  const { record } = await run(rig, [planned("first", interrupts), planned("next", passes)], {}, stop.signal);
  expect(record.cases.map(({ verdict }) => verdict)).toEqual(["skipped", "skipped"]);
  expect(record).toMatchObject({ verdict: "interrupted", ends: "restored" });
  expect(exitCodes[record.verdict]).toBe(130);
});

test("a figure outside its limits fails the case, with figure, limit and unit", async () => {
  const measured = (value: number) =>
    planned("measured", ({ measure }) =>
      measure({ name: "press to accepted", value, unit: "ms", least: 1, most: 12_000 }),
    );
  const whyOf = async (value: number) => (await run(new ScriptedRig(), [measured(value)])).record.cases[0]?.why;
  expect(await whyOf(12_000)).toBe("");
  expect(await whyOf(12_001)).toBe("press to accepted 12001 ms, more than 12000 ms");
  expect(await whyOf(0)).toBe("press to accepted 0 ms, less than 1 ms");
  expect(await whyOf(Number.NaN)).toBe("press to accepted NaN ms: no figure");
});

test("a quarantined case is run and shown, and does not fail the run while its entry lasts", async () => {
  const entry = { case: "press/fails", owner: "anna", reason: "issue 12: late ack", until: "2026-11-22" };
  const cases = () => [planned("passes", passes), planned("fails", fails)];
  const rig = new ScriptedRig();
  const { record } = await run(rig, cases(), { quarantine: [entry] });
  expect(record.cases[1]).toMatchObject({ verdict: "fail", quarantine: { owner: "anna" } });
  expect(record.verdict).toBe("passed");
  expect(rig.done.filter((each) => each === "press")).toHaveLength(3);
  const over = await run(new ScriptedRig(), cases(), { quarantine: [{ ...entry, until: "2026-11-21" }] });
  expect(over.record.verdict).toBe("failed");
});

test("a run in which nothing passed has proven nothing", async () => {
  const rig = new ScriptedRig();
  rig.lacking = ["attenuation"];
  const { record } = await run(rig, [
    { ...planned("far", passes), needs: ["attenuation"] },
    { ...planned("soak", passes), isNightly: true },
  ]);
  expect(record.cases.map(({ verdict, why }) => [verdict, why])).toEqual([
    ["skipped", "this bench has no attenuation"],
    ["skipped", "only with --nightly"],
  ]);
  expect(record.verdict).toBe("blocked");
  expect((await run(rig, [], { quarantine: [] })).record.verdict).toBe("blocked");
});

test("a dry run looks and compares, and writes, presses and restores nothing", async () => {
  const rig = new ScriptedRig();
  rig.boards = [boardWith({ ...image, digest: "old" }, rig)];
  const { record } = await run(rig, [planned("passes", passes)], { isDry: true });
  expect(rig.done).toEqual(["check"]);
  expect(record).toMatchObject({ verdict: "passed", images: [{ isWritten: false }], cases: [{ verdict: "skipped" }] });
});

test("logs of what did not pass are kept with the command that repeats it, and logs of a pass are not", async () => {
  const writes = (then: () => void) => (context: { readonly folder: string }) => {
    writeFileSync(join(context.folder, "unit-1.log"), "+3 ms < boot\n");
    then();
  };
  const { record, folder } = await run(new ScriptedRig(), [
    planned("passes", writes(passes)),
    planned("flaky", writes(fails), writes(passes)),
  ]);
  expect(record.cases.map(({ artefacts }) => artefacts)).toEqual([
    undefined,
    "failures/2026-11-22T01-30-00Z/press-flaky",
  ]);
  const kept = join(folder, "failures/2026-11-22T01-30-00Z/press-flaky");
  expect(readdirSync(kept).sort()).toEqual(["attempt-1", "attempt-2", "case.json", "repeat.sh"]);
  expect(readFileSync(join(kept, "attempt-1/unit-1.log"), "utf8")).toContain("boot");
  expect(readFileSync(join(kept, "repeat.sh"), "utf8")).toContain("\nlivlina hil run --case press/flaky --seed 7\n");
  expect(existsSync(join(folder, "attempts"))).toBe(false);
});

test("the log tells the whole run, a line of JSON each", async () => {
  const { folder, events } = await run(new ScriptedRig(), [
    planned("passes", ({ note, measure }) => {
      note("unit 7 is online");
      measure({ name: "boot", value: 3, unit: "ms" });
    }),
  ]);
  const lines = readFileSync(join(folder, "events.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(events.map(({ event }) => event));
  expect(events.map(({ event }) => event)).toEqual([
    ...[
      "begun",
      "checked",
      "case-begun",
      "noted",
      "measured",
      "checked",
      "attempted",
      "case-ended",
      "checked",
      "ended",
    ],
  ]);
});

test("a case that talks without end is cut off, and is judged by its last figure all the same", async () => {
  const talks = planned("talks", ({ note, measure }) => {
    for (let i = 0; i < saidLimit + 50; i++) {
      note(`line ${i}`);
      measure({ name: "figure", value: i, unit: "ms", most: saidLimit + 48 });
    }
  });
  const { record } = await run(new ScriptedRig(), [talks]);
  const [attempt] = record.cases[0]?.attempts ?? [];
  expect([attempt?.notes.length, attempt?.measurements.length]).toEqual([saidLimit, saidLimit]);
  const why = `figure ${saidLimit + 49} ms, more than ${saidLimit + 48} ms`;
  expect(record.cases[0]).toMatchObject({ verdict: "fail", why });
});

test("every event of a run is as the command's schema has it", async () => {
  const rig = new ScriptedRig();
  rig.boards = [boardWith({ ...image, digest: "old" }, rig)];
  rig.onSwitchOff = () => Promise.reject(new Error("no relay"));
  const talks = planned("talks", ({ note, measure }) => {
    note("unit 7 is online");
    measure({ name: "boot", value: 3, unit: "ms", least: 1, most: 9 });
    measure({ name: "nothing", value: Number.NaN, unit: "ms" });
    rig.onRestore = fails;
  });
  const { events } = await run(rig, [talks, planned("next", passes)]);
  for (const event of events) hilAnswers["hil run"].parse(JSON.parse(JSON.stringify(event)));
  expect(new Set(events.map(({ event }) => event)).size).toBe(hilAnswers["hil run"].options.length);
});
