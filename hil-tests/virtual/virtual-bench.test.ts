import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Actuator, Bench, Moves } from "../bench/bench.ts";
import { openBench } from "../bench/open-bench.ts";
import type { Device } from "../device/device.ts";
import { verdictOf } from "../device/device-error.ts";
import { readRecording } from "../device/recording.ts";
import { foreignHost, type Misbehaviour } from "./misbehaviour.ts";

const speed = 10;
const answerMs = 3_000;

async function open(...misbehave: readonly Misbehaviour[]): Promise<{ bench: Bench; unit: Device; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-virtual-"));
  const bench = await openBench(undefined, { speed, misbehave, seed: 1 });
  onTestFinished(async () => {
    await bench.close();
    rmSync(folder, { recursive: true });
  });
  const unit = await bench.open(bench.device("unit-1"), join(folder, "unit-1.log"));
  return { bench, unit, folder };
}

function actuator(bench: Bench, moves: Moves, of: string): Actuator {
  const found = bench.actuator(moves, of);
  if (found === undefined) throw new Error(`no ${moves} of ${of}`);
  return found;
}

/** Says hello until it throws, as a case does that runs on and on. */
async function untilTrouble(unit: Device, bench: Bench): Promise<unknown> {
  try {
    await unit.resync(answerMs);
    for (let i = 0; i < 400; i++) {
      await unit.confirm(answerMs);
      await bench.sleep(100);
    }
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

test("a unit and two buttons from their boxes, two receivers, a modem, and an actuator for all that can be moved", async () => {
  const { bench, unit, folder } = await open();
  expect(bench.devices.map(({ name, role }) => `${role} ${name}`)).toEqual([
    ...["unit unit-1", "button button-1", "button button-2"],
  ]);
  expect(bench.actuators.map(({ name }) => name)).toEqual([
    ...["mains-unit-1", "battery-unit-1", "network-unit-1", "sim-unit-1", "press-unit-1"],
    ...["press-button-1", "attenuation-button-1", "battery-button-1"],
    ...["press-button-2", "attenuation-button-2", "battery-button-2"],
  ]);
  for (const part of [...bench.actuators, ...bench.receivers]) await part.check();
  await bench.modem?.check();
  expect(bench.receivers.flatMap(({ events }) => events)).toEqual([]);
  expect(await unit.resync(answerMs)).toMatchObject({ lock: "locked" });
  await unit.unlock(answerMs);
  const [state] = await unit.withLink((link) => link.list({ type: "state" }, "state"));
  expect(state?.life).toBe("stored");
  expect(() => bench.device("unit-9")).toThrow("bench virtual has no device unit-9");
  const pieces = readRecording(join(folder, "unit-1.talk.jsonl"));
  expect(pieces.map(({ way }) => way)).toContain("heard");
  expect(readFileSync(unit.logPath, "utf8")).toMatch(/^\+\d+ ms > \?0 \d+ hello \*[0-9a-f]{8}$/m);
});

test("a unit is off without mains and battery, and its start is one that was meant", async () => {
  const { bench, unit } = await open();
  await unit.resync(answerMs);
  await actuator(bench, "mains", "unit-1").set(false);
  await unit.confirm(answerMs);
  await actuator(bench, "battery", "unit-1").set(false);
  const silent = await unit.confirm(500).catch((thrown: unknown) => thrown);
  expect(silent).toMatchObject({ trouble: "silent", verdict: "unknown" });
  const boot = await unit.expectBoot(() => actuator(bench, "mains", "unit-1").set(true), answerMs);
  expect(boot).toMatchObject({ sequence: 0, life: 1 });
  await unit.confirm(answerMs);
});

test("a unit whose key is another one stays locked, and its order to restart is meant", async () => {
  const { bench, unit, folder } = await open();
  const wrong = await bench
    .open({ ...bench.device("unit-1"), serviceKey: new Uint8Array(16) }, join(folder, "wrong.log"))
    .catch((thrown: unknown) => thrown);
  // One program at a time holds a line.
  expect(wrong).toMatchObject({ trouble: "port-gone" });
  await unit.close();
  const other = await bench.open(
    { ...bench.device("unit-1"), serviceKey: new Uint8Array(16) },
    join(folder, "other.log"),
  );
  const locked = { trouble: "locked", verdict: "unknown" };
  await expect(other.withLink(async () => {})).rejects.toMatchObject(locked);
  await expect(other.unlock(answerMs)).rejects.toMatchObject(locked);
  await other.close();
  const again = await bench.open(bench.device("unit-1"), join(folder, "again.log"));
  await again.withLink(async (link) => {
    await link.order({ type: "restart" });
    await link.restarted(30_000);
  });
  expect(again.life).toBe(1);
  await again.confirm(answerMs);
});

test("what cannot be set is told, and moves nothing", async () => {
  const { bench } = await open();
  const said = { name: "RigError", part: "actuator" };
  await expect(actuator(bench, "mains", "unit-1").set(3)).rejects.toMatchObject(said);
  await expect(actuator(bench, "attenuation", "button-1").set(true)).rejects.toMatchObject(said);
  await actuator(bench, "attenuation", "button-1").set(40);
});

test("a text of the bench's modem to itself is heard, and one that does not come is told with what was heard", async () => {
  const { bench } = await open();
  const { modem } = bench;
  if (modem === undefined) throw new Error("the virtual bench has a modem");
  await modem.send(modem.number, "hej");
  const heard = await modem.expectText("hej", ({ text }) => text === "hej", 600_000);
  expect(heard.from).toBe(modem.number);
  const missing = await modem.expectText("tack", ({ text }) => text === "tack", 50).catch((thrown: unknown) => thrown);
  expect(missing).toMatchObject({ name: "ExpectError", message: expect.stringContaining(`${modem.number}: hej`) });
  expect(verdictOf(missing)).toBe("failed");
});

test("no receiver beyond this machine is permitted, a foreign one of the bench itself neither", async () => {
  const { bench } = await open({ kind: "foreign-receiver" });
  expect(bench.receivers.map(({ host }) => host)).toEqual([foreignHost, foreignHost]);
  const [first] = bench.receivers;
  expect(() => bench.permit(first?.host ?? "")).toThrow(`${foreignHost} is no receiver of bench virtual`);
  bench.permit("127.0.0.1");
});

test.each<[Misbehaviour["kind"], object, string]>([
  ["reboots", { trouble: "unexpected-reboot" }, "failed"],
  ["noise", { trouble: "lost-line" }, "unknown"],
  ["half-lines", { trouble: "lost-line" }, "unknown"],
  ["dead-hub", { trouble: "port-gone" }, "unknown"],
  ["hanging", { trouble: "silent" }, "unknown"],
  ["full-disk", { part: "disk" }, "blocked"],
])("a bench with %s is noticed, and nothing that was not seen passes", async (kind, shape, verdict) => {
  const { bench, unit } = await open({ kind, afterMs: 500 });
  const thrown = await untilTrouble(unit, bench);
  expect(thrown).toMatchObject(shape);
  expect(verdictOf(thrown)).toBe(verdict);
  if (kind === "dead-hub")
    await expect(actuator(bench, "mains", "unit-1").set(false)).rejects.toMatchObject({ part: "actuator" });
});

test("a port that comes back under another number is followed, and a device is found anew after any trouble", async () => {
  const { bench, unit } = await open({ kind: "renumbered", afterMs: 200 });
  await unit.resync(answerMs);
  const isBack = (): boolean => readFileSync(unit.logPath, "utf8").includes("ms - back at /dev/");
  for (let i = 0; i < 300 && !isBack(); i++) await bench.sleep(100);
  expect(isBack()).toBe(true);
  await unit.confirm(answerMs);
});
