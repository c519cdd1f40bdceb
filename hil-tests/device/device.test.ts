import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { decodeFrame, encodeFrame } from "../../protocol/console/frame.ts";
import { type ConsoleEvent, decodeCommand, encodeEvent } from "../../protocol/console/messages.ts";
import { RigError } from "../bench/rig-error.ts";
import { heardLimit } from "./device.ts";
import { DeviceBench } from "./device-bench.ts";
import { DeviceError, verdictOf } from "./device-error.ts";
import { unreadLimit } from "./expecting.ts";

const boot: ConsoleEvent = { type: "boot", unit: "Q4T8A", version: "0.1.0", lock: "locked" };
const sending: ConsoleEvent = { type: "lamp", signal: "sending" };
const accepted: ConsoleEvent = { type: "lamp", signal: "accepted" };
const identity = { type: "identity", unit: "Q4T8A", version: "0.1.0", lock: "locked" } as const;

function bench(): DeviceBench {
  return new DeviceBench(onTestFinished);
}

/** It says who it is when it is asked, as a unit that lives does. */
function alive(made: DeviceBench): void {
  made.onTold = (line) => {
    const frame = decodeFrame(line);
    if (!frame.ok) return;
    const command = decodeCommand(frame.value.text);
    if (command.ok && command.value.type === "hello") made.next({ ...identity, to: frame.value.sequence });
  };
}

/** The error that it ends with once so much time has passed. */
async function errorOf(made: DeviceBench, promise: Promise<unknown>, afterMs: number): Promise<DeviceError> {
  const error = promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await made.pass(afterMs);
  const thrown = await error;
  if (!(thrown instanceof DeviceError)) throw new Error(`not a DeviceError: ${String(thrown)}`);
  return thrown;
}

test("an event is found whether it came before or comes after it is expected, with the times of unit and bench", async () => {
  const made = bench();
  made.hear(0, boot);
  made.hear(1, sending);
  const found = await made.device.expect("lamp", { signal: "sending" }, 100);
  expect(found).toEqual({ event: sending, sequence: 1, unitMs: 10, hostMs: 0, life: 1 });
  const later = made.device.expect("lamp", {}, 100);
  await made.pass(99);
  made.hear(2, accepted);
  expect(await later).toMatchObject({ event: accepted, hostMs: 99 });
});

test("what was expected, and all before it, is read: it is not found again", async () => {
  const made = bench();
  alive(made);
  made.hear(0, boot);
  made.hear(1, sending);
  made.hear(2, accepted);
  await made.device.expect("lamp", { signal: "sending" }, 100);
  expect((await errorOf(made, made.device.expect("boot", {}, 100), 100)).trouble).toBe("late");
});

test("a failure shows what was expected, the last lines, what is unread, half a line and the log file", async () => {
  const made = bench();
  made.device.say({ type: "hello" });
  made.hear(0, boot);
  made.hear(1, sending);
  await made.device.expect("boot", {}, 100);
  await made.pass(5);
  const waiting = made.device.expect("log", { what: "accepted", number: 65 }, 250);
  made.hear(2, sending);
  made.hearBytes(Buffer.from("noise\r\n!2 99 la"));
  const error = await errorOf(made, waiting, 250);
  const line = (event: ConsoleEvent, sequence: number): string =>
    Buffer.from(encodeFrame({ speaker: "unit", sequence, atMs: 10 * sequence, text: encodeEvent(event) }))
      .toString()
      .trimEnd();
  expect(error).toMatchObject({ trouble: "late", verdict: "failed" });
  expect(error.message).toBe(
    [
      "unit-1: expected log what=accepted number=65 within 250 ms",
      "  last lines:",
      "    +0 ms > ?0 0 hello *f2c8e2b8",
      `    +0 ms < ${line(boot, 0)}`,
      `    +0 ms < ${line(sending, 1)}`,
      `    +5 ms < ${line(sending, 2)}`,
      "    +5 ms < noise (the message ends too early at byte 5)",
      "  unread (3 lines):",
      `    +0 ms < ${line(sending, 1)}`,
      `    +5 ms < ${line(sending, 2)}`,
      "    +5 ms < noise (the message ends too early at byte 5)",
      '    half a line: "!2 99 la"',
      `  log file: ${made.logPath}`,
    ].join("\n"),
  );
  expect(readFileSync(made.logPath, "utf8").split("\n").slice(0, 5)).toEqual(
    error.message
      .split("\n")
      .slice(2, 7)
      .map((shown) => shown.trim()),
  );
});

test("a line that got lost is unknown, even when what was expected came, until the device is found anew", async () => {
  const made = bench();
  made.hear(5, boot);
  made.hear(6, sending);
  await made.device.expect("lamp", {}, 100);
  made.hear(9, accepted);
  const error = await errorOf(made, made.device.expect("lamp", {}, 100), 0);
  expect(error.message).toContain("lost line: line 9 came after line 6, 2 between were lost");
  expect(error).toMatchObject({ trouble: "lost-line", verdict: "unknown" });
  made.hear(10, accepted);
  expect((await errorOf(made, made.device.expect("lamp", {}, 100), 0)).trouble).toBe("lost-line");
  alive(made);
  await made.device.resync(300);
  made.next(accepted);
  expect((await made.device.expect("lamp", {}, 100)).event).toEqual(accepted);
});

test("a line that is lost while something is awaited ends the wait at once", async () => {
  const made = bench();
  made.hear(1, sending);
  const waiting = errorOf(made, made.device.expect("boot", {}, 60_000), 0);
  made.hear(3, accepted);
  expect((await waiting).message).toContain("1 between were lost");
});

test("a start that was meant is heard, one that nobody meant is a failure", async () => {
  const made = bench();
  made.hear(7, sending);
  const found = await made.device.expectBoot(() => made.hear(0, boot), 100);
  expect(found).toMatchObject({ event: boot, life: 1 });
  made.hear(1, accepted);
  made.hear(0, boot);
  const error = await errorOf(made, made.device.expect("lamp", {}, 100), 0);
  expect(error).toMatchObject({ trouble: "unexpected-reboot", verdict: "failed" });
});

test("a start whose first line was lost is a lost line", async () => {
  const made = bench();
  made.hear(7, sending);
  made.hear(1, accepted);
  const error = await errorOf(made, made.device.expect("lamp", {}, 100), 0);
  expect(error.message).toContain("line 1 came after line 7, it restarted and its boot was lost");
  expect(error.trouble).toBe("lost-line");
});

test("a device that says nothing is asked who it is: it is late where it answers, and unknown where it does not", async () => {
  const made = bench();
  const late = errorOf(made, made.device.expect("lamp", {}, 100), 100);
  await made.pass(0);
  made.hear(0, { ...identity, to: 0 });
  expect(await late).toMatchObject({ trouble: "late", verdict: "failed" });
  const silent = errorOf(made, made.device.expect("lamp", {}, 100), 100);
  for (let i = 0; i < 4; i++) await made.pass(4_000);
  expect(await silent).toMatchObject({ trouble: "silent", verdict: "unknown" });
});

test("a port that is gone at the deadline is unknown, and one that does not come back ends every wait", async () => {
  const made = bench();
  made.isHere = false;
  const waiting = errorOf(made, made.device.expect("lamp", {}, 100), 100);
  for (let i = 0; i < 4; i++) await made.pass(4_000);
  expect(await waiting).toMatchObject({ trouble: "port-gone", verdict: "unknown" });
  const next = errorOf(made, made.device.expect("lamp", {}, 60_000), 0);
  made.wire?.onGone();
  expect((await next).message).toContain("no port for 20000 ms");
});

test("a port that comes back under another number is harmless where nothing was said meanwhile", async () => {
  const made = bench();
  made.hear(4, sending);
  made.wire?.onLost("/dev/ttyUSB0 is gone");
  const waiting = made.device.expect("lamp", { signal: "accepted" }, 100);
  made.wire?.onBack("/dev/ttyUSB1");
  made.hear(5, accepted);
  expect((await waiting).event).toEqual(accepted);
  expect(readFileSync(made.logPath, "utf8")).toContain("- back at /dev/ttyUSB1");
});

test("an answer belongs to its command, which is said again where the line ate it", async () => {
  const made = bench();
  const answer = made.device.ask({ type: "hello" }, "identity", 100);
  made.hear(3, { ...identity, to: 7 });
  made.hear(4, { type: "error", why: "not-authentic", bad: 1 });
  await made.pass(0);
  made.hear(5, { ...identity, to: 1 });
  expect(await answer).toEqual({ ...identity, to: 1 });
  expect(made.said.map((line) => decodeFrame(line.trimEnd()))).toMatchObject([
    { ok: true, value: { speaker: "tool", sequence: 0, text: "hello" } },
    { ok: true, value: { speaker: "tool", sequence: 1, text: "hello" } },
  ]);
});

test("an order that is refused is a failure that says why", async () => {
  const made = bench();
  const order = made.device.order({ type: "restart" }, 100);
  made.hear(3, { type: "refused", to: 0, why: "alarm" });
  const error = await errorOf(made, order, 0);
  expect(error).toMatchObject({ trouble: "refused", verdict: "failed" });
  expect(error.message).toContain("restart brought refused to=0 why=alarm");
});

test("what shall not come is waited for, and a device that cannot be seen meanwhile has not kept quiet", async () => {
  const made = bench();
  alive(made);
  const quiet = made.device.expectNone("log", {}, 100);
  await made.pass(100);
  await quiet;
  made.next({ type: "lamp", signal: "fault" });
  const broken = errorOf(made, made.device.expectNone("lamp", { signal: "fault" }, 100), 0);
  expect(await broken).toMatchObject({ trouble: "unwanted", verdict: "failed" });
  made.onTold = () => {};
  const blind = errorOf(made, made.device.expectNone("log", {}, 100), 100);
  for (let i = 0; i < 4; i++) await made.pass(4_000);
  expect((await blind).verdict).toBe("unknown");
});

test("any line can be expected by a pattern, such as the banner of a loader", async () => {
  const made = bench();
  made.hearBytes(Buffer.from("rst:0x1 (POWERON),boot:0x13\r\n"));
  expect(await made.device.expectText(/boot:0x1[0-9a-f]/, 100)).toBe("rst:0x1 (POWERON),boot:0x13");
});

test("what we say ourselves and a terminal sends back is not the device's", async () => {
  const made = bench();
  made.hear(0, boot);
  made.device.say({ type: "hello" });
  made.hearBytes(Buffer.from(made.said[0] ?? ""));
  made.hear(1, sending);
  expect((await made.device.expect("lamp", {}, 100)).event).toEqual(sending);
});

test("more lines than are kept for an expect are unknown, one less is not", async () => {
  const made = bench();
  for (let i = 0; i < unreadLimit; i++) made.hear(i, sending);
  await made.device.expect("lamp", {}, 100);
  made.hear(unreadLimit, sending);
  await made.device.expect("lamp", {}, 100);
  for (let i = 1; i <= 3; i++) made.hear(unreadLimit + i, sending);
  const error = await errorOf(made, made.device.expect("boot", {}, 100), 0);
  expect(error).toMatchObject({ trouble: "flooded", verdict: "unknown" });
});

test("of more events than are kept with their stamps the oldest go", () => {
  const made = bench();
  for (let i = 0; i <= heardLimit; i++) made.hear(i, sending);
  expect([made.device.heard.length, made.device.heard[0]?.sequence]).toEqual([heardLimit, 1]);
});

test("a log that cannot be written any more is the rig's fault, and nothing is expected without a log", async () => {
  const made = bench();
  made.hear(0, boot);
  made.disk.fill();
  made.hear(1, sending);
  const thrown = await made.device.expect("lamp", {}, 100).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(RigError);
  expect(thrown).toMatchObject({ part: "disk", message: expect.stringContaining("ENOSPC") });
  expect(verdictOf(thrown)).toBe("blocked");
});

test("who gives up what it waits for, and finds the device anew or starts it, waits for nothing else any more", async () => {
  const made = bench();
  made.hear(3, sending);
  const expected = errorOf(made, made.device.expect("log", {}, 60_000), 0);
  const linked = made.device
    .withLink((link) => link.list({ type: "state" }, "state"))
    .catch((thrown: unknown) => thrown);
  await made.device.expectBoot(() => made.hear(0, boot), 100);
  expect(await expected).toMatchObject({ trouble: "closed", verdict: "unknown" });
  expect(await linked).toMatchObject({ message: "given up for what comes next" });
  made.hear(1, accepted);
  made.hear(0, boot);
  expect((await errorOf(made, made.device.expect("lamp", {}, 100), 0)).trouble).toBe("unexpected-reboot");
});

test("two expects at a time are a mistake of the test", async () => {
  const made = bench();
  const first = made.device.expect("boot", {}, 100);
  await expect(made.device.expect("lamp", {}, 100)).rejects.toThrow("one expect at a time");
  made.hear(0, boot);
  await first;
});
