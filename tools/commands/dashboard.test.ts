/** `livlina dashboard` as a process: where it listens, what it refuses, and how it ends. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { townFile } from "../../simulator/dashboard/session-bench.ts";
import { type Running, startLivlina, until } from "../live-bench.ts";

interface Started {
  readonly running: Running;
  readonly base: string;
  readonly headers: Record<string, string>;
}

async function start(...args: readonly string[]): Promise<Started> {
  const running = startLivlina(onTestFinished, ["dashboard", ...args, "--json"]);
  await until(() => running.stdout().endsWith("\n") || running.child.exitCode !== null);
  const { address } = JSON.parse(running.stdout() || `{"address":"none: ${running.stderr()}"}`) as { address: string };
  const { origin, hash } = new URL(address);
  return { running, base: origin, headers: { "x-livlina-token": hash.slice(1), "content-type": "application/json" } };
}

test("it serves its page on loopback, takes orders, saves where it is told, and ends by Ctrl-C with 0", async () => {
  const { path, leave } = townFile();
  onTestFinished(leave);
  const { running, base, headers } = await start(path, "--set", "homes=2", "--save", `${path}/no-folder/x.yaml`);
  expect(new URL(base).hostname).toBe("127.0.0.1");
  const page = await (await fetch(base)).text();
  expect(page).toContain("/page.js");
  expect((await (await fetch(`${base}/page.js`)).text()).length).toBeGreaterThan(10_000);
  expect(await (await fetch(`${base}/page.css`)).text()).toContain("--ground");
  const story = (await (await fetch(`${base}/story`, { headers })).json()) as { units: unknown[] };
  expect(story.units).toHaveLength(4);
  const saved = await fetch(`${base}/orders`, { method: "POST", headers, body: JSON.stringify({ type: "save" }) });
  expect(await saved.json()).toEqual({ ok: false, why: expect.stringContaining("cannot be written") });
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(0);
});

test("with --live it shows what units print into files, as the files grow", async () => {
  const folder = mkdtempSync(join(tmpdir(), "livlina-live-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "kitchen.jsonl");
  writeFileSync(path, "");
  const { running, base, headers } = await start("--live", path);
  const named = async (): Promise<readonly string[]> => {
    const { units } = (await (await fetch(`${base}/story`, { headers })).json()) as { units: { id: string }[] };
    return units.map(({ id }) => id);
  };
  expect(await named()).toEqual([]);
  const line = JSON.stringify({ type: "pressed", t: 10, stem: null, ref: null, route: null });
  appendFileSync(path, line.slice(0, 9));
  appendFileSync(path, `${line.slice(9)}\n`);
  let names: readonly string[] = [];
  for (let tries = 0; names.length === 0 && tries < 5_000; tries++) names = await named();
  expect(names).toEqual(["kitchen"]);
  const refused = await fetch(`${base}/orders`, { method: "POST", headers, body: JSON.stringify({ type: "play" }) });
  expect(refused.status).toBe(409);
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(0);
});

test("what cannot be shown is told with what to try", async () => {
  const run = (...args: readonly string[]): Running["ended"] =>
    startLivlina(onTestFinished, ["dashboard", ...args]).ended;
  const [gone, several, speed, live] = await Promise.all([
    run("mast-outt"),
    run("mast-out", "mobile-out"),
    run("mast-out", "--speed", "fast"),
    run("--live", "no-such.jsonl"),
  ]);
  expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "mast-out"') });
  expect(several).toMatchObject({ code: 2, stderr: expect.stringContaining("only one story") });
  expect(speed).toMatchObject({ code: 2, stderr: expect.stringContaining("--speed fast: not a whole number") });
  expect(live).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no file no-such.jsonl") });
});
