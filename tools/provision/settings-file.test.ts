import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { departmentDefaults, type UnitSettings } from "../../firmware/settings.ts";
import { decodeSettings, encodeSettings, encodeShown } from "../../firmware/storage/settings-codec.ts";
import {
  comparable,
  differences,
  fileOf,
  readSettingsFile,
  settingsOf,
  settingsSchema,
  withoutSecrets,
} from "./settings-file.ts";

const key = new Uint8Array(16).fill(7);
const least = {
  format: 1,
  larmkod: "4600100012",
  domain: "larm.example",
  policy: "mobile-first",
  receivers: [{ uri: "sip:larm@larm.example", host: "192.0.2.1" }],
};
const opened = (file: object, secrets: Record<string, string> = {}): UnitSettings =>
  settingsOf(settingsSchema.parse(file), "s.json", key, secrets);

const anyFile = fc.record(
  {
    format: fc.constant(1),
    larmkod: fc.stringMatching(/^\d{1,16}$/),
    domain: fc.constantFrom("a.example", "b.example"),
    policy: fc.constantFrom("mobile-first", "broadband-first", "mobile-only", "broadband-only"),
    receivers: fc.array(
      fc.record(
        {
          uri: fc.constantFrom("sip:a@x", "sip:b@x"),
          host: fc.constantFrom("192.0.2.1", "x.example"),
          port: fc.nat(65_535),
          transport: fc.constantFrom("udp", "tcp", "tls"),
          password: fc.constantFrom("", "hemligt"),
          register: fc.boolean(),
        },
        { requiredKeys: ["uri", "host"] },
      ),
      { minLength: 1, maxLength: 4 },
    ),
    staggerMs: fc.integer({ min: 1, max: 20_000 }),
    provenWithinS: fc.integer({ min: 180, max: 90_000 }),
    departments: fc.record(
      {
        alarm: fc.record({ preAlarmS: fc.integer({ min: 0, max: 30 }) }, { requiredKeys: [] }),
        supervision: fc.record({ autolarm: fc.constantFrom(null, { fromS: 3_600, toS: 7_200 }) }, { requiredKeys: [] }),
        feedback: fc.record({ language: fc.constantFrom("sv", "en") }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    ),
    voice: fc.record({ fallbackNumber: fc.constantFrom("", "+46701234567") }, { requiredKeys: [] }),
    sms: fc.constant({ number: "+46701234567", key: "0f".repeat(16) }),
  },
  { requiredKeys: ["format", "larmkod", "domain", "policy", "receivers"] },
);

test("what a file says is what the unit gets, and what the unit shows is the same file again", () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      const settings = opened(file);
      const sent = decodeSettings(encodeSettings(settings) ?? new Uint8Array(0));
      expect(sent).toEqual({ ok: true, value: settings });
      const shown = decodeSettings(encodeShown(settings) ?? new Uint8Array(0));
      if (!shown.ok) throw new Error("not shown");
      expect(differences(comparable(shown.value), comparable(settings))).toEqual([]);
      const again = opened({ ...fileOf(withoutSecrets(settings)), sms: undefined });
      expect(differences(comparable(again), { ...comparable(settings), sms: undefined })).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("nothing secret is in what is shown or compared", () => {
  const settings = opened({
    ...least,
    receivers: [{ ...least.receivers[0], user: "u", password: "hemligt" }],
    modem: { password: "hemligt", pin: "4711" },
    sms: { number: "+46701234567", key: "0f".repeat(16) },
  });
  for (const shown of [comparable(settings), fileOf(withoutSecrets(settings))]) {
    const text = JSON.stringify(shown);
    for (const secret of ["hemligt", "4711", "0f0f", "07070"]) expect(text).not.toContain(secret);
  }
});

test("every field of the firmware's departments may be set by itself, and all others stay as they are", () => {
  const settings = opened({
    ...least,
    departments: { household: { inactivity: { mode: "rolling" } }, supervision: { dailyCheck: null } },
  });
  expect(settings.departments).toEqual({
    ...departmentDefaults,
    household: {
      ...departmentDefaults.household,
      inactivity: { ...departmentDefaults.household.inactivity, mode: "rolling" },
    },
    supervision: { ...departmentDefaults.supervision, dailyCheck: undefined },
  });
});

test.each([
  [{ ...least, larmkod: "46 00" }, "larmkod"],
  [{ ...least, reciever: [] }, "reciever"],
  [{ ...least, departments: { alarm: { preAlarm: 1 } } }, "preAlarm"],
  [{ ...least, departments: { alarm: { preAlarmS: null } } }, "preAlarmS"],
  [{ ...least, receivers: [] }, "receivers"],
] as const)("a file with a wrong field is refused by the field's name: %#", (file, name) => {
  const path = join(mkdtempSync(join(tmpdir(), "settings-")), "s.json");
  onTestFinished(() => rmSync(join(path, ".."), { recursive: true }));
  writeFileSync(path, JSON.stringify(file));
  expect(() => readSettingsFile(path)).toThrow(name);
});

test("what the unit would refuse is refused here, in its own words, and a secret must be known", () => {
  expect(() => opened({ ...least, departments: { alarm: { preAlarmS: 31 } } })).toThrow(
    "s.json: the pre-alarm delay must be 0 to 30 s",
  );
  const receivers = [{ ...least.receivers[0], user: "u", password: "secret:receiver-1" }];
  expect(() => opened({ ...least, receivers })).toThrow("secret:receiver-1 is not in the keys' file");
  expect(opened({ ...least, receivers }, { "receiver-1": "hemligt" }).receivers[0]?.password).toBe("hemligt");
  expect(() =>
    opened({
      ...least,
      receivers: Array(4).fill({
        ...least.receivers[0],
        host: "x".repeat(128),
        uri: "u".repeat(128),
        user: "y".repeat(128),
        address: "z".repeat(128),
      }),
    }),
  ).toThrow("longer than 1536 bytes");
});

test("a plan is taken for the settings in it", () => {
  const path = join(mkdtempSync(join(tmpdir(), "settings-")), "plan.json");
  onTestFinished(() => rmSync(join(path, ".."), { recursive: true }));
  writeFileSync(path, JSON.stringify({ format: 1, unit: "U-1", client: "K-1", settings: least }));
  expect(readSettingsFile(path).larmkod).toBe("4600100012");
});
