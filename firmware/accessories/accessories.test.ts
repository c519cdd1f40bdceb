import { expect, test } from "vitest";
import { type AccessoryType, accessoryTypes, kindOf } from "../../protocol/radio/accessory-types.ts";
import type { Bond } from "../pairing/bonds.ts";
import { Detector, Flat } from "../pairing/flat/arbitraries.ts";
import { radioDefaults } from "../pairing/radio-department.ts";
import { doorDefaults } from "./door-machine.ts";

const hourMs = 3_600_000;

function bond(form: AccessoryType, index = 0): Bond {
  return {
    address: 0x200 + index,
    person: 1,
    form,
    key: new Uint8Array(16).fill(index + 1),
    revoked: false,
    where: "Hall",
  };
}

test.each(accessoryTypes)("an alarm of a %s is passed on with who it is, and acknowledged by its name", (form) => {
  const flat = new Flat(1, [bond(form)]);
  const detector = new Detector(flat, bond(form));
  detector.says("alarm", { alarm: true });
  expect(flat.calls()).toMatchObject([
    {
      type: "accessory-heard",
      accessory: form,
      happening: "alarm",
      did: "00000200",
      person: 1,
      where: "Hall",
      name: 1,
    },
  ]);
  expect(detector.told).toEqual([{ name: 1, step: "received" }]);
  expect(flat.raised).toEqual([]);
});

test("what a lost frame would have told is seen in the next check-in, told once, and survives a restart", () => {
  const flat = new Flat(2, [bond("smoke")]);
  const detector = new Detector(flat, bond("smoke"));
  detector.checksIn({ alarm: true, tamper: true });
  expect(flat.raised).toMatchObject([
    { kind: "fire-and-gas", dty: 23, stc: 9, did: "00000200", stt: "Hall", restores: -1 },
    { kind: "technical", dty: 23, stc: 125, restores: -1 },
  ]);
  detector.checksIn({ alarm: true, tamper: true });
  flat.restart();
  detector.checksIn({ alarm: true, tamper: true });
  expect(flat.raised).toHaveLength(2);
  detector.checksIn();
  expect(flat.raised.slice(2)).toMatchObject([
    { kind: "technical", dty: 23, stc: 94, restores: 9 },
    { kind: "technical", dty: 23, stc: 94, restores: 125 },
  ]);
});

test("the end that was told by its own frame is not told again by the check-in", () => {
  const flat = new Flat(3, [bond("water")]);
  const detector = new Detector(flat, bond("water"));
  detector.says("alarm", { alarm: true });
  detector.says("restored");
  detector.checksIn();
  expect(flat.calls().map((event) => "happening" in event && event.happening)).toEqual(["alarm", "restored"]);
  expect(flat.raised).toEqual([]);
});

test("movement is a sign of life and no report; it is acknowledged all the same", () => {
  const flat = new Flat(4, [bond("motion"), bond("bed", 1)]);
  const motion = new Detector(flat, bond("motion"));
  const bed = new Detector(flat, bond("bed", 1));
  motion.says("activity");
  bed.says("restored");
  expect(flat.activity).toEqual(["0 motion", "1 bed"]);
  expect(flat.calls()).toMatchObject([{ accessory: "bed" }]);
  expect(motion.told).toHaveLength(1);
});

test("a weak battery is told by the rules of all devices, once a day, whatever frames say it", () => {
  const flat = new Flat(5, [bond("smoke")]);
  const detector = new Detector(flat, bond("smoke"));
  detector.says("battery-low", {}, true);
  detector.says("alarm", { alarm: true }, true);
  detector.says("test", {}, true);
  expect(flat.raised).toMatchObject([{ dty: 23, stc: 16, stt: "2.40 V" }]);
  expect(flat.calls()).toHaveLength(2);
  detector.says("battery-ok");
  expect(flat.codes()).toEqual([16, 15]);
});

test.each(accessoryTypes)("a %s is missing after three of its check-ins, or of those that it promised", (form) => {
  const flat = new Flat(6, [bond(form)]);
  const detector = new Detector(flat, bond(form));
  const spanMs = 3 * kindOf(form).checkInH * hourMs;
  detector.says("test");
  flat.run(spanMs - 2_000);
  expect(flat.codes()).toEqual([]);
  flat.run(2_000);
  expect(flat.raised).toMatchObject([{ dty: kindOf(form).dty, stc: 123 }]);
  detector.checksIn({}, 4);
  flat.run(12 * hourMs);
  expect(flat.codes()).toEqual([123, 124, 123]);
});

test("a device that was revoked tells nobody anything but once a day, and is supervised no more", () => {
  const flat = new Flat(7, [bond("smoke")]);
  const detector = new Detector(flat, bond("smoke"));
  expect(flat.department.revoke(0)).toBe(undefined);
  for (let hour = 0; hour < 30; hour++) {
    detector.says("alarm", { alarm: true });
    flat.run(hourMs);
  }
  expect(flat.calls()).toEqual([]);
  expect(flat.codes()).toEqual([105, 105]);
});

test("a door with rules of its own asks the home first, then tells, by night; by day it tells only when it stands open for long", () => {
  const rule = { ...doorDefaults, address: 0x200, fromMinute: 22 * 60, toMinute: 6 * 60, preAlarmMs: 20_000 };
  const flat = new Flat(8, [bond("door")], { ...radioDefaults, doors: [rule] });
  const door = new Detector(flat, bond("door"));
  flat.minute = 23 * 60;
  door.says("alarm", { alarm: true });
  flat.run(10_000);
  door.says("restored");
  flat.run(60_000);
  expect(flat.said).toEqual(["door-open"]);
  expect(flat.raised).toEqual([]);
  door.says("alarm", { alarm: true });
  flat.run(20_000);
  expect(flat.raised).toMatchObject([{ kind: "life-safety", dty: 14, stc: 76 }]);
  flat.run(900_000);
  expect(flat.codes()).toEqual([76, 77]);
  door.says("restored");
  expect(flat.raised.at(-1)).toMatchObject({ stc: 21, restores: 76, kind: "technical" });
  flat.minute = 12 * 60;
  door.says("alarm", { alarm: true });
  flat.run(600_000);
  door.says("restored");
  expect(flat.codes()).toEqual([76, 77, 21]);
  expect(flat.calls()).toEqual([]);
  expect(door.told).toHaveLength(6);
});
