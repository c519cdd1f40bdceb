/** SIPp as a telephone: it judges each message of the whole unit's calls by its own scenarios. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type TestContext, test } from "vitest";
import { needs } from "../config/requires.ts";
import { freePort, type Running, start } from "../live-bench.ts";
import { openUnitHome } from "./unit-home.ts";

const options = { timeout: 30_000 };

/** One call, then it ends; its exit code 0 says that all went as its scenario wants it. */
function startSipp(context: TestContext, port: number, ...more: readonly string[]): Running {
  const folder = mkdtempSync(join(tmpdir(), "livlina-sipp-calls-"));
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const own = ["-i", "127.0.0.1", "-p", String(port), "-m", "1", "-nostdin", "-timeout", "20s", ...more];
  return start(context.onTestFinished, "sipp", own, { TERM: "dumb" }, folder);
}

test("SIPp takes the unit's call by its own scenario, and the unit ends it", options, async (context) => {
  needs(context, "sipp");
  const port = await freePort();
  const sipp = startSipp(context, port, "-sn", "uas");
  const order = { mre: 1, cre: 62, tnu: [`sip:service@127.0.0.1:${port}`] };
  const unit = await openUnitHome(context.onTestFinished, { order });
  await unit.press("accepted");
  await unit.tells("answered");
  await unit.home.hangUp();
  expect((await sipp.ended).code).toBe(0);
  expect(unit.story).toEqual(["dialling", "answered", "ended hung-up"]);
});

test("SIPp calls the unit by its own scenario, and ends the call", options, async (context) => {
  needs(context, "sipp");
  const port = await freePort();
  const unit = await openUnitHome(context.onTestFinished, {
    order: { mre: 1, cre: 5, tnu: undefined },
  });
  await unit.press("accepted");
  const [user, address] = unit.uri.replace("sip:", "").split("@") as [string, string];
  const sipp = startSipp(context, port, "-sn", "uac", "-s", user, "-d", "300", address);
  expect((await sipp.ended).code).toBe(0);
  await unit.tells("closed");
  expect(unit.story).toEqual(["promised", "ringing", "answered", "ended over", "closed"]);
  expect(unit.calls[1]?.number).toBe(`sip:sipp@127.0.0.1:${port}`);
});
