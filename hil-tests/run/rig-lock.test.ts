import { existsSync, utimesSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { lockPath, lockRig } from "./rig-lock.ts";

const never = new AbortController().signal;

function rig() {
  return { name: "cellar", key: `test ${process.pid} ${Math.random()}` };
}

test("a second run on a locked rig is refused, and told who holds it", async () => {
  const shared = rig();
  const held = await lockRig(shared, "2026-11-22T01:30:00Z", 0, never);
  onTestFinished(() => held.release());
  await expect(lockRig(shared, "second", 0, never)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(
      new RegExp(
        `cellar is locked: run 2026-11-22T01:30:00Z of .* \\(process ${process.pid}\\) has it since .*, 0 min`,
      ),
    ),
  });
  const other = await lockRig(rig(), "other", 0, never);
  await other.release();
});

test("who waits has the rig once it is free, and Ctrl-C ends the waiting", async () => {
  const shared = rig();
  const first = await lockRig(shared, "first", 0, never);
  const waiting = lockRig(shared, "second", 60_000, never);
  await first.release();
  const second = await waiting;
  const stopped = new AbortController();
  stopped.abort();
  await expect(lockRig(shared, "third", 60_000, stopped.signal)).rejects.toMatchObject({ exitCode: 3 });
  await second.release();
});

test("the lock of a run that died is nobody's after a while", async () => {
  const shared = rig();
  const dead = await lockRig(shared, "dead", 0, never);
  onTestFinished(() => dead.release());
  const folder = `${lockPath(shared.key)}.lock`;
  expect(existsSync(folder)).toBe(true);
  const long = new Date(Date.now() - 120_000);
  utimesSync(folder, long, long);
  const next = await lockRig(shared, "next", 0, never);
  await next.release();
});
