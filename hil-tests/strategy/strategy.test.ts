/** The strategy on the virtual bench: from every state to every other, each transition with an error of its own, and nothing towards strangers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { UserError } from "../../tools/user-error.ts";
import { openBench } from "../bench/open-bench.ts";
import type { Misbehaviour } from "../virtual/misbehaviour.ts";
import { lacksOf } from "./needs.ts";
import { standingOf } from "./standing.ts";
import type { UnitState } from "./strategy.ts";
import { StrategyError } from "./strategy-error.ts";
import { openSubject, type Subject } from "./subject.ts";

const speed = 8;

async function open(...misbehave: readonly Misbehaviour[]): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-strategy-"));
  const bench = await openBench(undefined, { speed, misbehave, seed: 1 });
  onTestFinished(async () => {
    await bench.close();
    rmSync(folder, { recursive: true });
  });
  return await openSubject(bench, folder);
}

/** As the unit itself says it. */
async function stateOf({ unit, strategy }: Subject): Promise<UnitState> {
  if (!strategy.isPowered) return "off";
  const { isFactory, devices, life } = await unit.withLink(standingOf);
  if (isFactory) return "booted";
  if (devices.length === 0) return "provisioned";
  return life === "in-service" ? "online" : "paired";
}

test("a unit comes from any state to any other, and is then where it was to be", { timeout: 60_000 }, async () => {
  const subject = await open();
  const states: UnitState[] = [];
  const way: readonly UnitState[] = [
    "off",
    "booted",
    "provisioned",
    "paired",
    "online",
    "off",
    "online",
    "provisioned",
    "off",
    "booted",
  ];
  for (const state of way) {
    await subject.strategy.to(state);
    states.push(await stateOf(subject));
  }
  expect(states).toEqual(way);
});

test("whatever a case leaves moved is at rest again when the next one begins", { timeout: 60_000 }, async () => {
  const subject = await open();
  const { bench, strategy, unit } = subject;
  await strategy.to("online");
  await subject.receiver(1).setMode("silent-after-200");
  await subject.receiver(2).setMode("refuse-connect");
  const pressedMs = await subject.press();
  await unit.expect("log", { what: "stored" }, 10_000);
  await subject.of("network").set(false);
  await subject.ofButton("attenuation").set(120);
  const beforeMs = bench.nowMs();
  await strategy.restore();
  const { pending } = await unit.ask({ type: "status" }, "answer", 5_000);
  expect(pending).toBe(0);
  const isTaken = (one: ReceiverEvent): boolean => one.type === "heartbeat" && one.answer === "snu 0";
  await bench.receivers[0]?.expect("a beat that it takes", isTaken, 60_000, beforeMs);
  expect(subject.isFresh).toBe(true);
  expect(pressedMs).toBeLessThan(bench.nowMs());
});

test("settings that are wanted are in force, and a unit that has them already keeps them untouched", {
  timeout: 60_000,
}, async () => {
  const subject = await open();
  const { strategy, unit } = subject;
  await strategy.to("provisioned", { settings: { receivers: 1 } });
  const first = await unit.withLink((link) => link.ask({ type: "settings-state" }, "settings"));
  await strategy.to("provisioned", { settings: { receivers: 1 } });
  const same = await unit.withLink((link) => link.ask({ type: "settings-state" }, "settings"));
  expect(same.version).toBe(first.version);
  expect(await strategy.receiverHosts()).toEqual(["127.0.0.1"]);
});

test("a bench that would send to a stranger is refused before anything is pressed or set up", {
  timeout: 60_000,
}, async () => {
  const subject = await open({ kind: "foreign-receiver" });
  const refused = await subject.strategy.to("online").catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(UserError);
  expect(refused).toMatchObject({ exitCode: 4, message: expect.stringContaining("would send to") });
  expect(subject.bench.receivers.flatMap(({ events }) => events)).toEqual([]);
});

test("what stands in the way is told with the transition, and a rig at fault is no fault of the unit", {
  timeout: 60_000,
}, async () => {
  const dead = await open({ kind: "dead-hub", afterMs: 0 });
  await dead.bench.sleep(500);
  const blocked = await dead.strategy.to("online").catch((thrown: unknown) => thrown);
  expect(blocked).toBeInstanceOf(StrategyError);
  expect(blocked).toMatchObject({ transition: "rest", verdict: "blocked" });

  const hung = await open({ kind: "hanging", afterMs: 0 });
  await hung.bench.sleep(500);
  const silent = await hung.strategy.to("online").catch((thrown: unknown) => thrown);
  expect(silent).toMatchObject({ name: "StrategyError", verdict: expect.stringMatching(/^(unknown|failed)$/) });
});

test("what a bench lacks is said in words, and a need that nobody knows is never met", async () => {
  const { bench } = await open();
  expect(
    lacksOf(bench, [
      "unit",
      "press",
      "mains",
      "network",
      "sim",
      "attenuation",
      "second-receiver",
      "modem",
      "lamp",
      "voice",
    ]),
  ).toEqual([]);
  expect(lacksOf(bench, ["flash", "supply"])).toEqual([
    "bench virtual has no unit with an image of its own to be flashed",
    "bench virtual has nothing that is called supply",
  ]);
  const bare = { ...bench, devices: [], receivers: [], sensors: [], modem: undefined, actuator: () => undefined };
  expect(lacksOf(bare, ["unit", "button", "second-button", "receiver", "mains", "press", "voice"])).toHaveLength(7);
});
