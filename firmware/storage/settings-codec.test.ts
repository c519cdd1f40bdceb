import fc from "fast-check";
import { expect, test } from "vitest";
import type { UnitSettings } from "../settings.ts";
import { settingsFault } from "../settings.ts";
import { anySettings } from "./arbitraries.ts";
import { decodeSettings, encodeSettings, encodeShown, settingsLimit } from "./settings-codec.ts";

const secret = "7f3a9c51e8d2b604";
const plain: UnitSettings = {
  cid: "4607110231",
  domain: "example.net",
  policy: "mobile-first",
  receivers: [
    { uri: "sip:arc@example.net", host: "192.0.2.1", port: 5060, user: "unit", password: secret, answerFrom: [] },
  ],
  localPort: 5060,
  modem: { apn: "iot", user: "", password: secret, pin: "1234" },
  staggerMs: 5_000,
  bonds: [],
  serviceKey: new Uint8Array(16).fill(0xa7),
};

function encoded(settings: UnitSettings): Uint8Array {
  const bytes = encodeSettings(settings);
  if (bytes === undefined) throw new Error("too long");
  return new Uint8Array(bytes);
}

test("settings are read as they were written", () => {
  fc.assert(
    fc.property(anySettings, (settings) => {
      expect(settingsFault(settings)).toBeUndefined();
      const bytes = encodeSettings(settings);
      if (bytes !== undefined) expect(decodeSettings(bytes)).toEqual({ ok: true, value: settings });
    }),
  );
});

test("settings that are cut short are refused or unusable, and never another unit's", () => {
  const bytes = encoded(plain);
  for (let length = 0; length < bytes.length; length++) {
    const cut = decodeSettings(bytes.subarray(0, length));
    if (cut.ok) expect({ ...plain, ...cut.value }).toEqual({ ...plain, ...trimmed(cut.value) });
  }
});

/** A cut between two fields leaves a shorter list: what is there is as it was, and what is not is the default. */
function trimmed(settings: UnitSettings): Partial<UnitSettings> {
  const empty = { apn: "", user: "", password: "", pin: "" };
  expect(settings.cid).toBe(plain.cid);
  expect([plain.receivers, []]).toContainEqual(settings.receivers);
  expect([plain.modem, empty]).toContainEqual(settings.modem);
  return { receivers: settings.receivers, modem: settings.modem, localPort: settings.localPort };
}

test("no bytes make it throw, and whatever is read is written the same", () => {
  const almost = fc.tuple(anySettings, fc.nat(), fc.nat(255)).map(([settings, at, byte]) => {
    const bytes = new Uint8Array(encodeSettings(settings) ?? new Uint8Array(1));
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), almost), (bytes) => {
      const read = decodeSettings(bytes);
      const again = read.ok ? encodeSettings(read.value) : undefined;
      if (read.ok && again !== undefined) expect(decodeSettings(again)).toEqual(read);
    }),
    { numRuns: 500 },
  );
});

test("what is shown to people holds no password, no PIN and no key", () => {
  const shown = Buffer.from(encodeShown(plain) ?? []);
  expect(shown.includes(secret)).toBe(false);
  expect(shown.includes("1234")).toBe(false);
  expect(shown.includes(Buffer.alloc(4, 0xa7))).toBe(false);
  expect(shown.includes("example.net")).toBe(true);
  const read = decodeSettings(shown);
  expect(read.ok && read.value.cid).toBe(plain.cid);
});

test("settings of an older version, which lacks fields, are read with the defaults in their places", () => {
  const old = encoded(plain).subarray(0, encoded(plain).indexOf(7, 60));
  const bytes = encoded({ ...plain, staggerMs: 777 });
  const tag = bytes.length - 5 - 19;
  expect(bytes[tag]).toBe(7);
  const read = decodeSettings(bytes.subarray(0, tag));
  expect(read).toMatchObject({ ok: true, value: { staggerMs: 5_000, cid: plain.cid } });
  expect(old.length).toBeGreaterThan(0);
});

test("settings of a later version are refused as a whole, unless the new field may be left out", () => {
  const bytes = encoded(plain);
  const later = (tag: number): Uint8Array => Uint8Array.of(...bytes, tag, 0, 2, 1, 2);
  expect(decodeSettings(later(99))).toMatchObject({
    ok: false,
    fault: { kind: "unknown-value", field: "tag", value: 99 },
  });
  expect(decodeSettings(later(129))).toEqual({ ok: true, value: plain });
  bytes[0] = 2;
  expect(decodeSettings(bytes)).toMatchObject({ ok: false, fault: { field: "format", value: 2 } });
});

test("a field that stands twice, out of order, or longer than it says is refused", () => {
  const cid = [1, 0, 2, 1, 0x31];
  expect(decodeSettings(Uint8Array.of(1, ...cid, ...cid))).toMatchObject({ ok: false, fault: { kind: "malformed" } });
  expect(decodeSettings(Uint8Array.of(1, 3, 0, 1, 0, ...cid))).toMatchObject({
    ok: false,
    fault: { kind: "malformed" },
  });
  expect(decodeSettings(Uint8Array.of(1, 1, 0, 3, 1, 0x31, 0))).toMatchObject({
    ok: false,
    fault: { kind: "malformed" },
  });
});

test("texts of 128 bytes, four receivers and four addresses each fit; one more of anything does not", () => {
  const long = "x".repeat(128);
  expect(encodeSettings({ ...plain, domain: long })).toBeDefined();
  expect(encodeSettings({ ...plain, domain: `${long}x` })).toBeUndefined();
  const [receiver] = plain.receivers;
  if (receiver === undefined) throw new Error("no receiver");
  const four = ["a", "b", "c", "d"];
  const many = { ...receiver, answerFrom: four };
  const most = encoded({ ...plain, receivers: [many, many, many, many] });
  expect(decodeSettings(most)).toMatchObject({ ok: true });
  expect(encodeSettings({ ...plain, receivers: [{ ...receiver, answerFrom: [...four, "e"] }] })).toBeUndefined();
  const fifth = encoded({ ...plain, receivers: [many, many, many, many, many] });
  expect(decodeSettings(fifth)).toMatchObject({ ok: false, fault: { kind: "malformed" } });
  const huge = { ...receiver, uri: long, host: long, user: long, password: long };
  expect(encodeSettings({ ...plain, receivers: [huge, huge, huge] })).toBeUndefined();
  expect(decodeSettings(new Uint8Array(settingsLimit + 1))).toMatchObject({ ok: false, fault: { kind: "too-long" } });
});

/** What the first version wrote: no departments, and receivers that are reached over UDP. */
const firstVersion =
  "0101000b0a3436303731313032333102000c0b6578616d706c652e6e657403000100040041137369703a617263406578616d706c652e" +
  "6e6574093139322e302e322e3113c404756e6974103766336139633531653864326236303401093139322e302e322e3905000213c406" +
  "001b03696f7400103766336139633531653864326236303404313233340700021388080010a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7";

test("the bytes of the first version are read as ever, and settings that say no more are written the same", () => {
  const bytes = new Uint8Array(Buffer.from(firstVersion, "hex"));
  const [receiver] = plain.receivers;
  const value = { ...plain, receivers: [{ ...receiver, answerFrom: ["192.0.2.9"] }] } as UnitSettings;
  expect(decodeSettings(bytes)).toEqual({ ok: true, value });
  expect(encoded(value)).toEqual(bytes);
});
