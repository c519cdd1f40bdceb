/** An accessory by its own end of the radio protocol (radio 5.4, 6.2), and with a real unit in played homes. */
import { expect, test } from "vitest";
import type { Radio } from "../../firmware/ports/radio.ts";
import { accessoryCheckInFrame } from "../../protocol/radio/accessory-check-in.ts";
import { accessoryEventFrame } from "../../protocol/radio/accessory-event.ts";
import type { AccessoryType } from "../../protocol/radio/accessory-types.ts";
import { acknowledge } from "../../protocol/radio/acknowledge.ts";
import { bondOrderFrame, bondToldFrame } from "../../protocol/radio/bond-frame.ts";
import { decodeEnvelope, openAs, sealAs } from "../../protocol/radio/envelope.ts";
import { Air } from "../air/air.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { aesBlock } from "../node-aes.ts";
import { HomeAccessory } from "./accessory.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const answerAfterMs = 20;
const bond = {
  address: 0x0100_0000,
  person: 1,
  form: "smoke",
  key: new Uint8Array(16).fill(7),
  revoked: false,
} as const;
const cipher = aesBlock(bond.key);

interface Heard {
  readonly atMs: number;
  readonly what: string;
  readonly name: number;
  readonly ageS: number;
  readonly times: number;
  readonly low: boolean;
  readonly alarm: boolean;
}

/** An accessory, and an ear that may acknowledge what it hears. */
class Scene {
  readonly queue = new EventQueue();
  readonly heard: Heard[] = [];
  readonly shown: string[] = [];
  readonly accessory: HomeAccessory;
  answers = true;
  revokes = false;
  private readonly radio: Radio;
  private counter = 0;

  constructor(kind: AccessoryType = "smoke") {
    const { queue } = this;
    const air = new Air(queue, { seed: 1, lossPpm: 0, neighbourLossPpm: 0, observe: undefined });
    const secrets = new Stream(1, "secrets", 0);
    this.radio = air.join({ name: "ear", building: "home", home: "home" }).open({ onReadable: () => this.hear() });
    this.radio.listen(-1);
    this.accessory = new HomeAccessory({
      queue,
      air,
      name: "accessory",
      home: "home",
      kind,
      bond,
      secrets: { random: (into) => secrets.fill(into), aes: aesBlock },
      flashChance: new Stream(1, "flash", 0),
      chance: new Stream(1, "accessory", 0),
      onSignal: (signal) => this.shown.push(signal),
      observe: () => {},
      temperatureC: () => 21,
    });
  }

  pass(ms: number): void {
    this.queue.runUntil(this.queue.nowMs + ms);
  }

  said(): readonly string[] {
    return this.heard.map(({ what }) => what);
  }

  private hear(): void {
    for (let packet = this.radio.read(); packet !== undefined; packet = this.radio.read()) this.take(packet.bytes);
  }

  private take(bytes: Uint8Array): void {
    const header = decodeEnvelope(bytes);
    if (!header.ok) return;
    const { counter } = header.value;
    const atMs = this.queue.nowMs;
    const event = openAs(accessoryEventFrame, cipher, bytes);
    const checkIn = openAs(accessoryCheckInFrame, cipher, bytes);
    const told = openAs(bondToldFrame, cipher, bytes);
    let name = counter;
    if (event.ok) {
      const { happening, nameDistance, ageS, times, low, condition } = event.value.value;
      name = counter - nameDistance;
      this.heard.push({ atMs, what: happening, name, ageS, times, low, alarm: condition.alarm });
    } else if (checkIn.ok) {
      const { kind, low, condition } = checkIn.value.value;
      this.heard.push({ atMs, what: kind, name, ageS: 0, times: 0, low, alarm: condition.alarm });
    } else if (told.ok)
      this.heard.push({ atMs, what: told.value.value.phase, name, ageS: 0, times: 0, low: false, alarm: false });
    if (this.revokes)
      this.send(sealAs(bondOrderFrame, cipher, bond.address, this.next(), { answers: counter, order: "revoke" }));
    else if (this.answers)
      this.send(
        sealAs({ code: 0xa1, codec: acknowledge }, cipher, bond.address, this.next(), { name, step: "received" }),
      );
  }

  private send(bytes: Uint8Array): void {
    this.queue.after(answerAfterMs, () => this.radio.send(bytes));
  }

  private next(): number {
    this.counter++;
    return this.counter;
  }
}

test("it checks in within the first minute, then each hour, a tenth more or less", () => {
  const scene = new Scene();
  scene.pass(12 * hourMs);
  expect(scene.said()).toEqual([
    "started",
    ...scene
      .said()
      .slice(1)
      .map(() => "check-in"),
  ]);
  expect(scene.heard[0]?.atMs).toBeLessThan(61_000);
  const gaps = scene.heard.slice(1).map(({ atMs }, at) => atMs - (scene.heard[at]?.atMs ?? 0));
  expect(gaps.length).toBeGreaterThan(9);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(54 * minuteMs);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(66 * minuteMs + 200);
});

test("that it has started is told until a unit has heard it, three times in each span", () => {
  const scene = new Scene();
  scene.answers = false;
  scene.pass(150 * minuteMs);
  expect(new Set(scene.said())).toEqual(new Set(["started"]));
  expect(scene.heard.length % 3).toBe(0);
  scene.answers = true;
  scene.pass(3 * hourMs);
  expect(scene.said().at(-1)).toBe("check-in");
});

test("an alarm is told once where it is acknowledged, and bears the condition until it is over", () => {
  const scene = new Scene("door");
  scene.pass(2 * minuteMs);
  scene.accessory.happen("alarm");
  scene.pass(9 * hourMs);
  scene.accessory.happen("restored");
  scene.pass(9 * hourMs);
  expect(scene.said().filter((what) => what === "alarm")).toHaveLength(1);
  expect(scene.said().filter((what) => what === "restored")).toHaveLength(1);
  expect(scene.heard.filter(({ what }) => what === "check-in").map(({ alarm }) => alarm)).toEqual([true, false]);
});

test("an alarm that nobody hears is told under one name for ten minutes, then each ten minutes, without end", () => {
  const scene = new Scene();
  scene.answers = false;
  scene.pass(5 * minuteMs);
  scene.accessory.happen("alarm");
  const from = scene.queue.nowMs;
  scene.pass(3 * hourMs);
  const alarms = scene.heard.filter(({ what }) => what === "alarm");
  expect(new Set(alarms.map(({ name }) => name)).size).toBe(1);
  const after = (least: number, most: number): number =>
    alarms.filter(({ atMs }) => atMs - from >= least && atMs - from < most).length;
  expect(after(0, minuteMs)).toBe(8);
  expect(after(minuteMs, 10 * minuteMs + 1_000)).toBeGreaterThanOrEqual(10);
  expect(after(11 * minuteMs, 3 * hourMs)).toBeGreaterThanOrEqual(14);
  expect(after(11 * minuteMs, 3 * hourMs)).toBeLessThanOrEqual(19);
  expect(alarms.at(-1)?.ageS).toBeGreaterThan(9_000);
  scene.answers = true;
  scene.pass(15 * minuteMs);
  const heard = scene.heard.length;
  scene.pass(20 * minuteMs);
  expect(scene.said().slice(heard)).not.toContain("alarm");
});

test("what happens again before anybody heard of it is counted, under a new name, with the age of the first", () => {
  const scene = new Scene();
  scene.answers = false;
  scene.pass(5 * minuteMs);
  scene.accessory.happen("alarm");
  scene.pass(20_000);
  scene.accessory.happen("alarm");
  scene.pass(5_000);
  const alarms = scene.heard.filter(({ what }) => what === "alarm");
  expect(alarms[0]).toMatchObject({ times: 1, ageS: 0 });
  expect(alarms.at(-1)).toMatchObject({ times: 2 });
  expect(alarms.at(-1)?.ageS).toBeGreaterThanOrEqual(20);
  expect(alarms.at(-1)?.name).toBeGreaterThan(alarms[0]?.name ?? 0);
});

test("what is no alarm is tried three times, movement once and twice an hour, a test once where it is heard", () => {
  const scene = new Scene("motion");
  scene.answers = false;
  scene.pass(5 * minuteMs);
  scene.heard.length = 0;
  scene.accessory.happen("tamper");
  scene.pass(2 * minuteMs);
  expect(scene.said()).toEqual(["tamper", "tamper", "tamper"]);
  for (let i = 0; i < 5; i++) {
    scene.accessory.happen("activity");
    scene.pass(10_000);
  }
  expect(scene.said().filter((what) => what === "activity")).toHaveLength(2);
  scene.answers = true;
  scene.accessory.happen("test");
  scene.pass(minuteMs);
  expect(scene.said().filter((what) => what === "test")).toHaveLength(1);
});

test("a weak cell is told in each frame, a dead one tells nothing, and a new one begins anew and sees what is there", () => {
  const scene = new Scene();
  scene.pass(2 * minuteMs);
  expect(scene.heard.at(-1)?.low).toBe(false);
  scene.accessory.setCharge(110);
  scene.pass(2 * hourMs);
  expect(scene.heard.at(-1)?.low).toBe(true);
  scene.accessory.setCharge(0);
  scene.pass(hourMs * 2);
  const before = scene.heard.length;
  expect(scene.accessory.isDead).toBe(true);
  scene.accessory.happen("alarm");
  scene.pass(hourMs);
  expect(scene.heard).toHaveLength(before);
  scene.accessory.changeBattery();
  scene.pass(2 * minuteMs);
  expect(scene.heard.slice(before)).toMatchObject([{ what: "started", alarm: true, low: false }]);
});

test("one that is revoked says its last word, shows that it is of no use, and is silent from then on, over a new battery too", () => {
  const scene = new Scene();
  scene.revokes = true;
  scene.pass(2 * minuteMs);
  expect(scene.said()).toEqual(["started", "leaving"]);
  expect(scene.shown).toEqual(["of-no-use"]);
  scene.accessory.happen("alarm");
  scene.accessory.changeBattery();
  scene.pass(3 * hourMs);
  expect(scene.said()).toEqual(["started", "leaving"]);
});
