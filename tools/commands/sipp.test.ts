/** The live unit against a foreign SIP program: SIPp with receiver scenarios of our own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type TestContext, test } from "vitest";
import { needs } from "../config/requires.ts";
import { freePort, type Running, runUnit, start, startReceiver, typesOfPresses } from "../live-bench.ts";

/** SIPp as a receiver on a free port. It writes files where it runs: a folder of its own takes them. */
async function startSipp(context: TestContext, scenario: string, calls: number): Promise<Running & { port: number }> {
  const path = fileURLToPath(new URL(`./sipp/${scenario}.xml`, import.meta.url));
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "livlina-sipp-"));
  context.onTestFinished(() => rmSync(folder, { recursive: true }));
  const args = ["-sf", path, "-i", "127.0.0.1", "-p", String(port), "-m", String(calls), "-nostdin", "-timeout", "30s"];
  const running = start(context.onTestFinished, "sipp", args, { TERM: "dumb" }, folder);
  return { ...running, port };
}

test.concurrent("SIPp answers 200 and sends the mrs in a MESSAGE of its own: accepted, and the unit answers SIPp", async (context) => {
  needs(context, "sipp");
  const sipp = await startSipp(context, "answers-and-accepts", 1);
  const flags = ["--press-after", "0.1", "--exit-after-accept", "0.2", "--give-up-after", "20"];
  const unit = await runUnit(context.onTestFinished, sipp.port, flags);
  expect(typesOfPresses(unit.events)).toEqual(["pressed", "stored", "carried", "accepted"]);
  expect(unit.code, unit.stderr).toBe(0);
  expect((await sipp.ended).code).toBe(0);
});

test.concurrent("SIPp answers only 200: not accepted, and the second receiver gets the alarm", async (context) => {
  needs(context, "sipp");
  const sipp = await startSipp(context, "answers-only", 100);
  const receiver = await startReceiver(context.onTestFinished);
  const second = ["--second-via", `udp:127.0.0.1:${receiver.port}`];
  const flags = ["--press-after", "0.1", "--exit-after-accept", "0.2", "--give-up-after", "30", ...second];
  const unit = await runUnit(context.onTestFinished, sipp.port, flags);
  expect(typesOfPresses(unit.events)).toEqual(["pressed", "stored", "carried", "carried", "accepted"]);
  expect(unit.events.find(({ type }) => type === "carried")).toMatchObject({ receiver: 1, attempt: 1 });
  expect(unit.events.find(({ type }) => type === "accepted")).toMatchObject({ receiver: 2, attempt: 2 });
  expect(unit.code, unit.stderr).toBe(0);
});

test.concurrent("SIPp answers only 200 and there is nobody else: the unit ends with 1 and says what is missing", async (context) => {
  needs(context, "sipp");
  const sipp = await startSipp(context, "answers-only", 100);
  const unit = await runUnit(context.onTestFinished, sipp.port, ["--press-after", "0.1", "--give-up-after", "2"]);
  expect(typesOfPresses(unit.events)).toEqual(["pressed", "stored", "carried"]);
  expect(unit.code, unit.stderr).toBe(1);
  expect(unit.stderr).toContain("the receiver must also send an mrs");
});
