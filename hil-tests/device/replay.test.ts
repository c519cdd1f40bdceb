import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { BenchClock } from "../bench/bench.ts";
import { RealDisk } from "../bench/disk.ts";
import { openBench } from "../bench/open-bench.ts";
import type { Device } from "./device.ts";
import { openDevice } from "./open-device.ts";
import { type Piece, readRecording } from "./recording.ts";
import { openReplay } from "./replay.ts";

const answerMs = 3_000;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "livlina-replay-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** What a rig says, in order. */
async function talk(unit: Device): Promise<string[]> {
  const { unit: name } = await unit.resync(answerMs);
  await unit.unlock(answerMs);
  const { lamp } = await unit.ask({ type: "status" }, "answer", answerMs);
  const states = await unit.withLink((link) => link.list({ type: "state" }, "state"));
  return [name, lamp, ...states.map(({ life }) => life)];
}

/** A talk with a virtual unit, and the key that it was opened with. */
async function recorded(): Promise<{ pieces: readonly Piece[]; said: string[]; serviceKey: Uint8Array | undefined }> {
  const logPath = join(folder(), "unit-1.log");
  const bench = await openBench(undefined, { speed: 10 });
  onTestFinished(() => bench.close());
  const device = bench.device("unit-1");
  const unit = await bench.open(device, logPath);
  const said = await talk(unit);
  await unit.close();
  return { pieces: readRecording(logPath.replace(".log", ".talk.jsonl")), said, serviceKey: device.serviceKey };
}

function realClock(): BenchClock {
  return {
    nowMs: () => performance.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return { cancel: () => clearTimeout(timer) };
    },
    graceMs: 0,
  };
}

function openAt(path: string, serviceKey: Uint8Array | undefined): Promise<Device> {
  return openDevice({
    name: "unit-1",
    clock: realClock(),
    disk: new RealDisk(),
    logPath: join(folder(), "replay.log"),
    serviceKey,
    locate: async () => path,
  });
}

test("a talk that was recorded is played back, word for word, to whoever says the same", async () => {
  const { pieces, said, serviceKey } = await recorded();
  const replay = openReplay(pieces);
  onTestFinished(() => replay.close());
  const unit = await openAt(replay.path, serviceKey);
  onTestFinished(() => unit.close());
  expect(await talk(unit)).toEqual(said);
  expect(replay).toMatchObject({ differs: undefined, left: 0 });
});

test("whoever says something else than was recorded meets a silent device, and is told where", async () => {
  const { pieces, serviceKey } = await recorded();
  const replay = openReplay(pieces);
  onTestFinished(() => replay.close());
  const unit = await openAt(replay.path, serviceKey);
  onTestFinished(() => unit.close());
  await unit.resync(answerMs);
  const error = await unit.ask({ type: "status" }, "answer", 200).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ trouble: "silent", verdict: "unknown" });
  expect(replay.differs).toMatch(/^told status, and was told hello when it was recorded \(piece \d+\)$/);
});

test("a file that is no recording is told with its line", () => {
  const path = join(folder(), "talk.jsonl");
  writeFileSync(path, '{"atMs":0,"way":"said","text":"?0 0 hello"}\n{"atMs":1}\n');
  expect(() => readRecording(path)).toThrow(`${path}:2: no piece of a serial talk`);
  expect(() => readRecording("/nowhere/talk.jsonl")).toThrow("cannot be read: ENOENT");
});
