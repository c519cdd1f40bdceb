import { expect, test } from "vitest";
import type { PowerSupply } from "../../firmware/ports/power.ts";
import { EventQueue } from "../core/event-queue.ts";
import { PowerArea } from "./power-area.ts";
import { PowerPart } from "./power-part.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A unit that opens its supply whenever it has power, and puts down what it hears. */
class Scene {
  readonly queue: EventQueue;
  readonly part: PowerPart;
  readonly heard: string[] = [];
  readonly lives: number[] = [];
  supply: PowerSupply | undefined;

  constructor(queue: EventQueue, area: PowerArea | undefined) {
    this.queue = queue;
    this.part = new PowerPart({
      queue,
      area,
      note: () => {},
      onPower: (on) => (on ? this.start() : this.stop()),
    });
    this.start();
  }

  hear(what: string): void {
    this.heard.push(`${this.queue.nowMs} ${what}`);
  }

  private start(): void {
    this.lives.push(this.queue.nowMs);
    this.part.begin(true);
    this.supply = this.part.open({
      onMains: (present) => this.hear(`mains ${present}`),
      onBattery: (connected) => this.hear(`battery ${connected}`),
    });
  }

  private stop(): void {
    this.hear("off");
    this.supply?.close();
    this.supply = undefined;
    this.part.end();
  }
}

function sceneIn(cuts: readonly (readonly [number, number | undefined])[] = []): Scene {
  const queue = new EventQueue();
  const area = new PowerArea(queue, "town");
  for (const [fromMs, toMs] of cuts) area.cut(fromMs, toMs);
  return new Scene(queue, area);
}

test("one cut darkens all who hang on an area, each hears both edges, and nobody else does", () => {
  const queue = new EventQueue();
  const area = new PowerArea(queue, "town");
  const units = [new Scene(queue, area), new Scene(queue, area), new Scene(queue, undefined)];
  area.cut(1_000, 5_000);
  queue.runUntil(10_000);
  expect(units.map(({ heard }) => heard)).toEqual([
    ["1000 mains false", "5000 mains true"],
    ["1000 mains false", "5000 mains true"],
    [],
  ]);
});

test("on battery the unit lives for three days, ends at one instant, and begins anew cold when the mains is back", () => {
  const scene = sceneIn([[hourMs, 90 * hourMs]]);
  scene.queue.runUntil(hourMs + 10);
  expect(scene.supply?.batteryMv()).toBe(4_169 - 4);
  const before = scene.queue.ran;
  scene.queue.runUntil(80 * hourMs);
  expect(scene.queue.ran - before).toBe(1);
  expect(scene.heard).toHaveLength(2);
  expect(scene.heard[1]).toMatch(/ off$/);
  const offMs = Number.parseInt(scene.heard[1] as string, 10);
  expect(Math.floor((offMs - hourMs) / hourMs)).toBe(72);
  expect(scene.part.isPowered).toBe(false);
  scene.queue.runUntil(91 * hourMs);
  expect(scene.lives).toEqual([0, 90 * hourMs]);
  expect(scene.supply).toMatchObject({ coldStart: true, mainsAtStart: true, batteryAtStart: true });
});

test("the mains that comes back in time charges the battery, 500 mA until it is full", () => {
  const scene = sceneIn([[hourMs, 37 * hourMs]]);
  scene.queue.runUntil(37 * hourMs);
  expect(scene.part.batteryPermille).toBe(501);
  scene.queue.runUntil(38 * hourMs);
  expect(scene.part.batteryPermille).toBe(501 + 192);
  scene.queue.runUntil(48 * hourMs);
  expect(scene.part.batteryPermille).toBe(1_000);
  expect(scene.supply?.batteryMv()).toBe(4_170);
  expect(scene.lives).toEqual([0]);
});

test("speech and sending shorten a life on battery, a Wi-Fi that rests lengthens it, and on mains nothing costs", () => {
  const offAfter = (live: (scene: Scene) => void): number => {
    const scene = sceneIn([[hourMs, undefined]]);
    live(scene);
    scene.queue.runUntil(200 * hourMs);
    return Number.parseInt(scene.heard.find((what) => what.endsWith("off")) as string, 10);
  };
  const plain = offAfter(() => {});
  const onBattery = (act: (scene: Scene) => void) => (scene: Scene) => {
    scene.queue.at(2 * hourMs, () => act(scene));
  };
  const oneSending = onBattery(({ part }) => part.sent("mobile"));
  expect(plain - offAfter(oneSending)).toBe(Math.floor((300_000 * 2_000) / 36_000));
  expect(plain - offAfter(onBattery(({ part }) => part.sent("broadband")))).toBe(138);
  expect(offAfter((scene) => scene.queue.at(minuteMs, () => scene.part.sent("mobile")))).toBe(plain);
  expect(offAfter(onBattery(({ part }) => part.speak(true)))).toBeLessThan(plain / 5);
  expect(offAfter(onBattery(({ part }) => part.restWifi(true)))).toBeGreaterThan(plain + 30 * hourMs);
});

test("the test load draws on the battery though the mains is there, and ends when the mains goes or the battery is flat", () => {
  const scene = sceneIn([[2 * hourMs, 3 * hourMs]]);
  scene.queue.runUntil(hourMs);
  expect(scene.supply?.batteryMv()).toBe(4_170);
  scene.supply?.load(true);
  expect(scene.supply?.batteryMv()).toBe(4_170 - 40);
  scene.queue.runUntil(2 * hourMs);
  expect(scene.part.batteryPermille).toBe(870);
  scene.queue.runUntil(4 * hourMs);
  expect(scene.part.batteryPermille).toBe(1_000);
  scene.supply?.load(true);
  scene.queue.runUntil(24 * hourMs);
  expect(scene.lives).toEqual([0]);
  expect(scene.part.batteryPermille).toBeGreaterThan(900);
});

test("a battery that was pulled out is told of, reads 0 mV, and leaves the unit to the mains alone", () => {
  const scene = sceneIn([[2 * hourMs, 3 * hourMs]]);
  scene.queue.runUntil(hourMs);
  scene.part.connectBattery(false);
  scene.part.connectBattery(false);
  expect(scene.heard).toEqual([`${hourMs} battery false`]);
  expect(scene.supply?.batteryMv()).toBe(0);
  scene.queue.runUntil(2 * hourMs);
  expect(scene.heard[1]).toBe(`${2 * hourMs} off`);
  scene.part.connectBattery(true);
  expect(scene.lives).toEqual([0, 2 * hourMs]);
  expect(scene.supply).toMatchObject({ mainsAtStart: false, batteryAtStart: true });
});

test("a battery that was cut off does not bring the unit back by itself or when it is pushed in again, another one does", () => {
  const scene = sceneIn([[hourMs, undefined]]);
  scene.part.setCharge(20);
  scene.queue.runUntil(hourMs);
  scene.part.setCharge(20);
  scene.queue.runUntil(10 * hourMs);
  expect(scene.part.isPowered).toBe(false);
  scene.part.connectBattery(false);
  scene.part.connectBattery(true);
  expect(scene.lives).toEqual([0]);
  scene.part.replaceBattery(500);
  expect(scene.lives).toEqual([0, 10 * hourMs]);
  expect(scene.part.batteryPermille).toBe(500);
});

test("a failing battery is seen by its voltage under load, and lets the unit fall sooner", () => {
  const scene = sceneIn([[hourMs, undefined]]);
  scene.part.wear({ capacityPermille: 300, resistanceMohm: 3_000 });
  scene.supply?.load(true);
  expect(scene.supply?.batteryMv()).toBeLessThan(3_450);
  scene.supply?.load(false);
  scene.queue.runUntil(30 * hourMs);
  expect(scene.heard.at(-1)).toMatch(/ off$/);
});

test("the plug of one unit is its own, and its lamp is what the firmware made it", () => {
  const scene = sceneIn();
  expect(scene.part.lamp).toBeUndefined();
  scene.supply?.showMains(true);
  expect(scene.part.lamp).toBe("mains");
  scene.part.plug(false);
  scene.part.plug(false);
  expect(scene.heard).toEqual(["0 mains false"]);
  scene.supply?.showMains(false);
  expect(scene.part.lamp).toBe("no-mains");
});

test("after close() no edge is told, and a second opening in one life is a mistake", () => {
  const scene = sceneIn([[1_000, 2_000]]);
  expect(() => scene.part.open({ onMains: () => {}, onBattery: () => {} })).toThrow("opened twice");
  scene.supply?.close();
  scene.queue.runUntil(3_000);
  scene.part.connectBattery(false);
  expect(scene.heard).toEqual([]);
});
