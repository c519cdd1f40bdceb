/** Settings change whole or not at all, whatever step the power goes at, and are taken back when nobody accepts under them. */
import { expect, test } from "vitest";
import { Stream } from "../../simulator/core/prng.ts";
import { NorFlash } from "../../simulator/flash.ts";
import type { UnitSettings } from "../settings.ts";
import { Configuration, type LoadedSettings, trialStartLimit } from "./configuration.ts";
import { Journal } from "./journal.ts";
import { settingsHeadKind, settingsPartKind } from "./record-kinds.ts";
import { encodeSettings } from "./settings-codec.ts";

function chip(programUnit: number): NorFlash {
  const chance = new Stream(1, "cells", programUnit);
  return new NorFlash({ sectorSize: 2048, sectorCount: 4, programUnit, below: (limit) => chance.below(limit) });
}

function settingsOf(domain: string): UnitSettings {
  return {
    cid: "4607110231",
    domain,
    policy: "mobile-only",
    receivers: [1, 2].map((i) => ({
      uri: `sip:arc${i}@${domain}`,
      host: `192.0.2.${i}`,
      port: 5060,
      user: "unit",
      password: "secret",
      answerFrom: [],
    })),
    localPort: 0,
    modem: { apn: "iot", user: "", password: "", pin: "" },
    staggerMs: 5_000,
    bonds: [],
  };
}

const one = settingsOf("one.example");
const two = settingsOf("two.example");
const factory = settingsOf("factory.example");

function bytesOf(settings: UnitSettings): Uint8Array {
  return new Uint8Array(encodeSettings(settings) ?? []);
}

function open(flash: NorFlash): Configuration {
  return new Configuration(new Journal(flash));
}

/** A unit in service under `one`. */
function inService(programUnit = 4): NorFlash {
  const flash = chip(programUnit);
  expect(open(flash).stageSettings(bytesOf(one))).toBeUndefined();
  return flash;
}

function loaded(flash: NorFlash): LoadedSettings {
  return open(flash).load(factory);
}

test("the first settings are in force at once, further ones only after their trial has begun", () => {
  const flash = chip(4);
  expect(loaded(flash)).toEqual({ settings: factory, version: 0, source: "fallback", fault: undefined });
  expect(open(flash).stageSettings(bytesOf(one))).toBeUndefined();
  expect(loaded(flash)).toEqual({ settings: one, version: 1, source: "in-force", fault: undefined });
  const configuration = open(flash);
  expect(configuration.stageSettings(bytesOf(two))).toBeUndefined();
  expect([configuration.stage, configuration.version, configuration.stagedVersion]).toEqual(["staged", 1, 2]);
  expect(loaded(flash).settings).toEqual(one);
  expect(configuration.beginTrial()).toBe(true);
  expect(loaded(flash)).toMatchObject({ settings: two, version: 2 });
  expect(open(flash).prove()).toBe(true);
  expect(open(flash)).toMatchObject({ stage: "proven", version: 2 });
});

for (const programUnit of [1, 4, 8])
  test(`a cut at any step leaves the old settings or the new ones, whole (unit ${programUnit})`, () => {
    const flash = inService(programUnit);
    let allowed: readonly UnitSettings[] = [one];
    let cuts = 0;
    flash.visitCuts(1, (torn) => {
      cuts++;
      const found = loaded(torn);
      expect(found.source).toBe("in-force");
      expect(found.fault).toBeUndefined();
      expect(allowed).toContainEqual(found.settings);
      const again = loaded(torn);
      expect(again.settings).toEqual(found.settings);
    });
    expect(open(flash).stageSettings(bytesOf(two))).toBeUndefined();
    allowed = [one, two];
    expect(open(flash).beginTrial()).toBe(true);
    allowed = [two];
    const second = open(flash);
    allowed = [one, two];
    expect(second.rollBack()).toBe(true);
    allowed = [one];
    expect(open(flash).stageSettings(bytesOf(two))).toBeUndefined();
    allowed = [one, two];
    const third = open(flash);
    third.beginTrial();
    allowed = [two];
    expect(open(flash).prove()).toBe(true);
    flash.visitCuts(0, () => {});
    expect(loaded(flash)).toMatchObject({ settings: two, version: 3 });
    expect(cuts).toBeGreaterThan(100);
  });

test("settings that bring the unit down again and again are taken back at the fourth start", () => {
  const flash = inService();
  open(flash).stageSettings(bytesOf(two));
  open(flash).beginTrial();
  for (let start = 1; start <= trialStartLimit; start++) {
    const configuration = open(flash);
    expect([configuration.stage, configuration.starts, configuration.takenBack]).toEqual(["trial", start, 0]);
    expect(configuration.load(factory).settings).toEqual(two);
  }
  const last = open(flash);
  expect([last.stage, last.takenBack]).toEqual(["proven", 2]);
  expect(last.load(factory).settings).toEqual(one);
});

test("what cannot be read, is unusable or too long is refused, and nothing changes", () => {
  const flash = inService();
  const configuration = open(flash);
  expect(configuration.stageSettings(new Uint8Array(3))).toBe("unreadable");
  expect(configuration.stageSettings(bytesOf({ ...two, cid: "no digits" }))).toBe("unusable");
  expect(configuration.stageSettings(new Uint8Array(5_000))).toBe("too-long");
  expect([configuration.prove(), configuration.rollBack(), configuration.beginTrial()]).toEqual([false, false, false]);
  expect(loaded(flash)).toMatchObject({ settings: one, version: 1 });
  configuration.stageSettings(bytesOf(two));
  configuration.beginTrial();
  expect(configuration.stageSettings(bytesOf(one))).toBe("on-trial");
});

test("settings in force that rot away give room to the former ones, then to the factory's, with the fault in words", () => {
  const flash = inService();
  open(flash).stageSettings(bytesOf(two));
  open(flash).beginTrial();
  open(flash).prove();
  const journal = new Journal(flash);
  journal.write(settingsPartKind, 16, new Uint8Array(100));
  expect(new Configuration(journal).load(factory)).toEqual({
    settings: one,
    version: 1,
    source: "previous",
    fault: "the checksum does not fit",
  });
  const changed = new Uint8Array(journal.read(settingsPartKind, 0) ?? []);
  changed[20] = 0;
  journal.write(settingsPartKind, 0, changed);
  expect(new Configuration(journal).load(factory)).toMatchObject({ settings: factory, source: "fallback", version: 0 });
});

test("after a downgrade the settings of a later version are refused with a fault, and the former ones run", () => {
  const flash = inService();
  open(flash).stageSettings(bytesOf(two));
  open(flash).beginTrial();
  open(flash).prove();
  const journal = new Journal(flash);
  const later = Uint8Array.of(...bytesOf(two), 99, 0, 1, 1);
  const head = new Uint8Array(journal.read(settingsHeadKind, 0) ?? []);
  journal.write(settingsPartKind, 16, later.subarray(0, 192));
  if (later.length > 192) journal.write(settingsPartKind, 17, later.subarray(192));
  const place = 4 + 10;
  head[place + 4] = later.length >> 8;
  head[place + 5] = later.length & 0xff;
  head.set(crcOf(later), place + 6);
  journal.write(settingsHeadKind, 0, head);
  const found = new Configuration(journal).load(factory);
  expect(found).toMatchObject({ settings: one, source: "previous" });
  expect(found.fault).toMatch(/^tag has the unknown value 99/);
  head[0] = 2;
  journal.write(settingsHeadKind, 0, head);
  expect(new Configuration(journal).load(factory)).toMatchObject({
    settings: factory,
    source: "fallback",
    fault: "the head record is of another version",
  });
});

test("staged settings are never what a unit falls back to", () => {
  const flash = inService();
  const journal = new Journal(flash);
  new Configuration(journal).stageSettings(bytesOf(two));
  journal.write(settingsPartKind, 0, new Uint8Array(10));
  expect(new Configuration(journal).load(factory)).toMatchObject({ settings: factory, source: "fallback" });
});

test("a full journal refuses new settings and keeps the old ones in force", () => {
  const flash = inService();
  const journal = new Journal(flash);
  for (let key = 0; journal.write(200, key, new Uint8Array(200)); key++);
  const configuration = new Configuration(journal);
  expect(configuration.stageSettings(bytesOf({ ...two, domain: "x".repeat(120) }))).toBe("no-room");
  expect(loaded(flash)).toMatchObject({ settings: one, version: 1 });
});

function crcOf(bytes: Uint8Array): Uint8Array {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  const out = Buffer.alloc(4);
  out.writeUInt32BE(~crc >>> 0);
  return out;
}
