/** `livlina trace`: which alarm is meant, and how it is shown. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { playSmall } from "../../simulator/play-bench.ts";
import type { RunResult } from "../../simulator/record/run-result.ts";
import { main } from "../cli.ts";
import { newestRun } from "../run-read.ts";

const place = mkdtempSync(join(tmpdir(), "livlina-trace-"));
let run: RunResult;
beforeAll(async () => {
  run = await playSmall({
    count: 2,
    receivers: ["primary", "secondary"],
    faults: ["receiver: primary, fault: silent-after-200, from: 3m, to: 6m"],
    presses: ["at: 4m, press: u-001", "at: 10m, press: u-001"],
  });
  writeFileSync(join(place, "report.json"), JSON.stringify(run));
});
afterAll(() => rmSync(place, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

async function trace(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
  const code = await main(["trace", ...args, "--run", place]);
  vi.restoreAllMocks();
  return { code, out: out.join(""), err: err.join("") };
}

test("a ladder shows the whole way in 100 columns: over the silent receiver, then over the other", async () => {
  const { code, out } = await trace("show", run.presses[0]?.stem ?? "");
  expect(code).toBe(0);
  const [head, , names, ...hops] = out.split("\n");
  expect(head).toMatch(
    /^alarm \w{12}: u-001, button 1, pressed 06:04:00, accepted after \d+(\.\d)? s \(secondary, \w+\)$/,
  );
  expect(names?.trim().split(/ +/)).toEqual(["button", "unit", "modem", "network", "receiver", "operator"]);
  for (const line of out.split("\n").slice(1)) expect(line.length).toBeLessThanOrEqual(100);
  const order = [
    "fault begins",
    "├────────────▶│ pressed",
    "stored",
    "alarm, primary",
    "taken, SIP 200",
    "alarm, secondary",
    "snu 0",
    "accepted",
  ];
  const text = hops.join("\n");
  let at = 0;
  for (const words of order) {
    expect(text.indexOf(words, at), words).toBeGreaterThanOrEqual(at);
    at = text.indexOf(words, at);
  }
});

test("an alarm is named by its stem in any case, or by its unit and the time of its press; a unit alone must have pressed once", async () => {
  const stem = run.presses[1]?.stem ?? "";
  const shown = await trace("show", stem.toLowerCase());
  expect(shown.out).toContain(`alarm ${stem}`);
  expect(await trace("show", "u-001@06:10")).toEqual(shown);
  expect(await trace("show", "u-001")).toMatchObject({
    code: 2,
    err: "u-001 pressed 2 times\n  try: one of u-001@06:04:00, u-001@06:10:00\n",
  });
  expect((await trace("show", "u-002")).err).toContain("nobody pressed at u-002");
  expect((await trace("show", "u-001@07:00")).err).toContain("u-001 pressed 2 times, and not then");
  expect((await trace("show", "u-0011")).err).toContain('did you mean "u-001"?');
});

test("the list has a line for each press in 80 columns, and the late ones alone when asked", async () => {
  const { out, err } = await trace("list");
  expect(out.split("\n")).toHaveLength(3);
  expect(out).toMatch(/^06:04:00 {2}\w{12} {2}u-001 .* s {2}secondary, (mobile|broadband)\n/);
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(err).toContain("2 presses");
  expect(await trace("list", "--late")).toMatchObject({ out: "", err: expect.stringContaining("0 late alarms") });
});

test("as Mermaid and as JSON it holds the same hops", async () => {
  const hops = (JSON.parse((await trace("show", "u-001@06:04", "--json")).out) as { hops: object[] }).hops;
  const lines = (await trace("show", "u-001@06:04", "--mermaid")).out.split("\n");
  expect(lines[0]).toBe("sequenceDiagram");
  expect(lines.filter((line) => /^ {2}(Note over|\w+ (->>|-x))/.test(line))).toHaveLength(hops.length);
});

test("without a folder the run that ended last is taken", () => {
  for (const [name, atS] of [
    ["old", 1_000],
    ["new", 2_000],
  ] as const) {
    mkdirSync(join(place, "out", name), { recursive: true });
    writeFileSync(join(place, "out", name, "replay"), "{}");
    utimesSync(join(place, "out", name, "replay"), atS, atS);
  }
  mkdirSync(join(place, "out", "images"));
  expect(newestRun(join(place, "out"))).toBe(join(place, "out", "new"));
});
