import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { decodeFrame, encodeFrame } from "../protocol/console/frame.ts";
import { type ConsoleEvent, encodeEvent } from "../protocol/console/messages.ts";
import { Dut, DutError, unreadLimit } from "./dut.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const boot: ConsoleEvent = { type: "boot", unit: "Q4T8A", version: "0.1.0", lock: "locked" };
const sending: ConsoleEvent = { type: "lamp", signal: "sending" };
const accepted: ConsoleEvent = { type: "lamp", signal: "accepted" };

/** A Dut whose device is this test. */
function bench() {
  const folder = mkdtempSync(join(tmpdir(), "dut-"));
  const logPath = join(folder, "talk.log");
  const dut = new Dut(logPath);
  const inbox: Uint8Array[] = [];
  const said: string[] = [];
  dut.connect({
    read: () => inbox.shift(),
    write: (bytes) => said.push(Buffer.from(bytes).toString("latin1")),
    close: () => {},
  });
  onTestFinished(() => {
    dut.close();
    rmSync(folder, { recursive: true });
  });
  const hearBytes = (bytes: Uint8Array): void => {
    inbox.push(bytes);
    dut.drain();
  };
  const hear = (sequence: number, event: ConsoleEvent): void =>
    hearBytes(encodeFrame({ speaker: "unit", sequence, atMs: 10 * sequence, text: encodeEvent(event) }));
  return { dut, logPath, said, hear, hearBytes };
}

/** The error that it ends with once so much time has passed. */
async function errorOf(promise: Promise<unknown>, afterMs: number): Promise<DutError> {
  const error = promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await vi.advanceTimersByTimeAsync(afterMs);
  const thrown = await error;
  if (!(thrown instanceof DutError)) throw new Error(`not a DutError: ${String(thrown)}`);
  return thrown;
}

test("an event is found whether it came before or comes after it is expected", async () => {
  const { dut, hear } = bench();
  hear(0, boot);
  hear(1, sending);
  expect(await dut.expect("lamp", { signal: "sending" }, 100)).toEqual(sending);
  const later = dut.expect("lamp", {}, 100);
  await vi.advanceTimersByTimeAsync(99);
  hear(2, accepted);
  expect(await later).toEqual(accepted);
});

test("what was expected, and all before it, is read: it is not found again", async () => {
  const { dut, hear } = bench();
  hear(0, boot);
  hear(1, sending);
  hear(2, accepted);
  await dut.expect("lamp", { signal: "sending" }, 100);
  await errorOf(dut.expect("boot", {}, 100), 100);
  expect(await dut.expect("lamp", {}, 100)).toEqual(accepted);
});

test("a failure shows what was expected, the wait, the last lines, what is unread, half a line and the log file", async () => {
  const { dut, logPath, hear, hearBytes } = bench();
  dut.say({ type: "hello" });
  hear(0, boot);
  hear(1, sending);
  await dut.expect("boot", {}, 100);
  await vi.advanceTimersByTimeAsync(5);
  hearBytes(Buffer.from("noise\r\n!2 99 la"));
  const error = await errorOf(dut.expect("log", { what: "accepted", number: 65 }, 250), 250);
  const line = (event: ConsoleEvent, sequence: number): string =>
    Buffer.from(encodeFrame({ speaker: "unit", sequence, atMs: 10 * sequence, text: encodeEvent(event) }))
      .toString()
      .trimEnd();
  expect(error.verdict).toBe("failed");
  expect(error.message).toBe(
    [
      "expected log what=accepted number=65 within 250 ms; waited 250 ms",
      "  last lines:",
      "    +0 ms > ?0 0 hello *f2c8e2b8",
      `    +0 ms < ${line(boot, 0)}`,
      `    +0 ms < ${line(sending, 1)}`,
      "    +5 ms < noise (the message ends too early at byte 5)",
      "  unread (2 lines):",
      `    +0 ms < ${line(sending, 1)}`,
      "    +5 ms < noise (the message ends too early at byte 5)",
      '    half a line: "!2 99 la"',
      `  log file: ${logPath}`,
    ].join("\n"),
  );
  expect(readFileSync(logPath, "utf8").split("\n").slice(0, -1)).toEqual(
    error.message
      .split("\n")
      .slice(2, 6)
      .map((shown) => shown.trim()),
  );
});

test("a line that got lost is an error, even when what was expected came", async () => {
  const { dut, hear } = bench();
  hear(5, boot);
  hear(6, sending);
  await dut.expect("lamp", {}, 100);
  hear(9, accepted);
  const error = await errorOf(dut.expect("lamp", {}, 100), 0);
  expect(error.message).toContain("lost line: line 9 came after line 6, 2 between were lost, while lamp was expected");
  expect(error.verdict).toBe("failed");
  hear(10, accepted);
  expect((await errorOf(dut.expect("lamp", {}, 100), 0)).message).toContain("lost line");
});

test("a line that is lost while something is awaited ends the wait at once", async () => {
  const { dut, hear } = bench();
  hear(1, sending);
  const waiting = errorOf(dut.expect("boot", {}, 60_000), 0);
  hear(3, accepted);
  expect((await waiting).message).toContain("1 between were lost");
});

test("a restart whose boot was heard is no loss, one whose boot was lost is", async () => {
  const { dut, hear } = bench();
  hear(7, sending);
  hear(0, boot);
  hear(1, accepted);
  expect(await dut.expect("lamp", { signal: "accepted" }, 100)).toEqual(accepted);
  hear(1, accepted);
  const error = await errorOf(dut.expect("lamp", {}, 100), 0);
  expect(error.message).toContain("line 1 came after line 1, it restarted and its boot was lost");
});

test("losing sight of the device is unknown, neither passed nor failed", async () => {
  const { dut, hear } = bench();
  const waiting = errorOf(dut.expect("boot", {}, 60_000), 0);
  dut.lose("unplugged");
  expect(await waiting).toMatchObject({
    verdict: "unknown",
    message: expect.stringContaining("lost sight of the device: unplugged, while boot was expected"),
  });
  hear(0, boot);
  expect((await errorOf(dut.expect("boot", {}, 100), 0)).verdict).toBe("unknown");
});

test("an answer belongs to its command, and every command has a number of its own", async () => {
  const { dut, said, hear } = bench();
  const answer = dut.ask({ type: "hello" }, "identity", 100);
  const next = dut.say({ type: "status" });
  expect(next).toBe(1);
  expect(said.map((line) => decodeFrame(line.trimEnd()))).toMatchObject([
    { ok: true, value: { speaker: "tool", sequence: 0, text: "hello" } },
    { ok: true, value: { speaker: "tool", sequence: 1, text: "status" } },
  ]);
  const identity = { type: "identity", unit: "Q4T8A", version: "0.1.0", lock: "locked" } as const;
  hear(3, { ...identity, to: 7 });
  hear(4, { ...identity, to: 0 });
  expect(await answer).toEqual({ ...identity, to: 0 });
});

test("what we say ourselves and a terminal sends back is not the device's", async () => {
  const { dut, said, hear, hearBytes } = bench();
  hear(0, boot);
  dut.say({ type: "hello" });
  hearBytes(Buffer.from(said[0] ?? ""));
  hear(1, sending);
  expect(await dut.expect("lamp", {}, 100)).toEqual(sending);
});

test("more lines than are kept for an expect are an error, one less is not", async () => {
  const { dut, hear } = bench();
  for (let i = 0; i < unreadLimit; i++) hear(i, sending);
  await dut.expect("lamp", {}, 100);
  hear(unreadLimit, sending);
  await dut.expect("lamp", {}, 100);
  for (let i = 1; i <= 3; i++) hear(unreadLimit + i, sending);
  const error = await errorOf(dut.expect("boot", {}, 100), 0);
  expect(error.message).toContain(`more than ${unreadLimit} lines came that nobody expected`);
});

test("two expects at a time are a mistake of the test", async () => {
  const { dut, hear } = bench();
  const first = dut.expect("boot", {}, 100);
  expect(() => dut.expect("lamp", {}, 100)).toThrow("one expect at a time");
  hear(0, boot);
  await first;
});
