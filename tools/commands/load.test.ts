import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadAnswers } from "../answers/load.ts";
import { startLivlina, startReceiver, until } from "../live-bench.ts";
import type { LoadResult } from "../load/load-result.ts";

const parsed = (text: string): LoadResult => {
  const value: unknown = JSON.parse(text);
  expect(loadAnswers["load"]?.safeParse(value).error?.message).toBeUndefined();
  return value as LoadResult;
};

test("a steady load tells each second on stderr, its sums on stdout, and leaves a page that needs no network", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "livlina-load-"));
  context.onTestFinished(() => rmSync(folder, { recursive: true }));
  const { port } = await startReceiver(context.onTestFinished);
  const out = join(folder, "load.html");
  const usual = ["load", "--via", `udp:127.0.0.1:${port}`, "--profile", "mixed", "--rate", "50", "--seconds", "1"];
  const { code, stdout, stderr } = await startLivlina(context.onTestFinished, [...usual, "--json", "--out", out]).ended;
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(" sent ");
  const { steps, seconds, cleanRate } = parsed(stdout);
  expect(steps).toMatchObject([{ rate: 50, sent: 50, accepted: 50, lost: 0 }]);
  expect(seconds.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(50);
  expect(cleanRate).toBe(null);
  const page = readFileSync(out, "utf8");
  expect(page).toContain("uPlot");
  expect(page).not.toMatch(/(?:src|href)="?https?:/);
}, 60_000);

test("a search tells the highest clean rate, and without a clean one it ends with 1", async (context) => {
  const { port } = await startReceiver(context.onTestFinished);
  const deaf = await startReceiver(context.onTestFinished, "--mode", "silent-after-200");
  const search = [
    "load",
    "--rate-from",
    "10",
    "--rate-to",
    "30",
    "--step",
    "10",
    "--seconds",
    "0.5",
    "--json",
    "--via",
  ];
  const patient = ["--patience", "20"];
  const well = startLivlina(context.onTestFinished, [...search, `udp:127.0.0.1:${port}`, ...patient]);
  const ill = startLivlina(context.onTestFinished, [...search, `udp:127.0.0.1:${deaf.port}`]);
  const [found, none] = await Promise.all([well.ended, ill.ended]);
  // On a machine that is busy enough something is sent again.
  const { cleanRate } = parsed(found.stdout);
  expect([0, 10, 20, 30]).toContain(cleanRate);
  expect(found.code, found.stderr).toBe(cleanRate === 0 ? 1 : 0);
  expect(none.code, none.stderr).toBe(1);
  expect(parsed(none.stdout)).toMatchObject({ cleanRate: 0, limit: "receiver" });
}, 60_000);

test("Ctrl-C ends a load with what it had by then", async (context) => {
  const { port } = await startReceiver(context.onTestFinished);
  const args = ["load", "--via", `udp:127.0.0.1:${port}`, "--rate", "20", "--seconds", "3600", "--json"];
  const running = startLivlina(context.onTestFinished, args);
  await until(() => running.stderr().includes(" sent "));
  running.child.kill("SIGINT");
  const { code, stdout } = await running.ended;
  expect(code).toBe(130);
  const result = parsed(stdout);
  expect(result.interrupted).toBe(true);
  expect(result.steps[0]?.sent).toBeGreaterThan(0);
}, 60_000);
