import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { NorFlash } from "./flash.ts";
import { Home } from "./home.ts";
import { playSmall, redOf } from "./play-bench.ts";
import { RunLog } from "./report/run-log.ts";

afterEach(() => vi.restoreAllMocks());

/** All that was shown in one small run, by button and unit, whose flash takes nothing more from the press on when `dies`. */
async function shown(dies: boolean): Promise<{ readonly signals: readonly string[]; readonly red: readonly string[] }> {
  let dead = false;
  const { program, erase } = NorFlash.prototype;
  vi.spyOn(NorFlash.prototype, "program").mockImplementation(function (this: NorFlash, address, bytes) {
    return !dead && program.call(this, address, bytes);
  });
  vi.spyOn(NorFlash.prototype, "erase").mockImplementation(function (this: NorFlash, sector) {
    return !dead && erase.call(this, sector);
  });
  const { press } = Home.prototype;
  vi.spyOn(Home.prototype, "press").mockImplementation(function (this: Home, button) {
    dead = dies;
    press.call(this, button);
  });
  const folder = mkdtempSync(join(tmpdir(), "livlina-flash-"));
  const log = new RunLog(join(folder, "events.jsonl"));
  const result = await playSmall({ duration: "10m" }, 1, log);
  log.close();
  const lines = readFileSync(join(folder, "events.jsonl"), "utf8").trim().split("\n");
  rmSync(folder, { recursive: true });
  const events = lines.map((line) => JSON.parse(line) as { readonly type: string; readonly signal?: string });
  const signals = events.filter(({ type }) => type.endsWith("-showed")).map(({ type, signal }) => `${type} ${signal}`);
  return { signals, red: redOf(result) };
}

test("an alarm that flash does not take is sent and accepted, but never called received", async () => {
  const { signals, red } = await shown(true);
  expect(signals).toContain("button-showed sent");
  expect(signals).toContain("unit-showed fault");
  expect(signals).toContain("button-showed accepted");
  expect(signals).not.toContain("button-showed received");
  // Nothing can be written on it, and the log says so by what it lacks.
  expect(red).toEqual(["log-without-gaps"]);
});

test("with sound flash the same press is called received before it is accepted", async () => {
  const { signals } = await shown(false);
  expect(signals.indexOf("button-showed received")).toBeGreaterThanOrEqual(0);
  expect(signals.indexOf("button-showed accepted")).toBeGreaterThan(signals.indexOf("button-showed received"));
  expect(signals).not.toContain("unit-showed fault");
});
