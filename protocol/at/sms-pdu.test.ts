import fc from "fast-check";
import { expect, test } from "vitest";
import { anyGsmText, anyPart, anySmsAddress } from "./arbitraries.ts";
import { pduOf, smsPayload } from "./sms.ts";
import { packSeptets, septetsOf, textOfSeptets, textOfUcs2, ucs2, unpackSeptets } from "./sms-alphabet.ts";
import { minutesOf, validityOf } from "./sms-fields.ts";
import type { SmsDeliver, SmsSubmit } from "./sms-pdu.ts";
import { decodeDeliver, decodeSubmit, encodeSms, lengthForModem } from "./sms-pdu.ts";

function bytesOf(hex: string): Uint8Array {
  const bytes = pduOf(hex);
  if (!bytes.ok) throw new Error("not hexadecimal");
  return bytes.value;
}

function hexOf(bytes: Uint8Array): string {
  return String.fromCharCode(...smsPayload(bytes).subarray(0, bytes.length * 2));
}

test("the packing is the one published: hello, and eight letters in seven bytes", () => {
  expect(hexOf(packSeptets(septetsOf("hello") as Uint8Array, 0))).toBe("E8329BFD06");
  expect(hexOf(packSeptets(septetsOf("12345678") as Uint8Array, 0))).toBe("31D98C56B3DD70");
  expect(septetsOf("a[€ö")).toEqual(new Uint8Array([97, 27, 60, 27, 101, 124]));
  expect(septetsOf("ł")).toBeUndefined();
});

test("the published messages are read as their publishers do", () => {
  expect(decodeDeliver(bytesOf("07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37"))).toEqual({
    ok: true,
    value: {
      kind: "deliver",
      center: "+27381000015",
      from: "27838890001",
      sentMs: Date.UTC(1999, 2, 29, 13, 16, 59),
      text: "hellohello",
      part: undefined,
    },
  });
  expect(decodeDeliver(bytesOf("07914151551512f2040B916105551511f100006060605130308A04D4F29C0E"))).toMatchObject({
    value: { center: "+14155551212", from: "+16505551111", text: "Test", sentMs: Date.UTC(2006, 5, 6, 22, 3, 3) },
  });
  expect(decodeSubmit(bytesOf("0011000B916407281553F80000AA0AE8329BFD4697D9EC37"))).toMatchObject({
    value: { center: "", to: "+46708251358", validMinutes: 4 * 1_440, text: "hellohello", reportWanted: false },
  });
});

test("a published message is written byte for byte", () => {
  const message = {
    kind: "submit" as const,
    center: "",
    to: "+46708251358",
    reference: 0,
    validMinutes: 5_760,
    reportWanted: false,
    text: "hellohello",
    part: undefined,
  };
  const pdu = encodeSms(message);
  expect(pdu.ok && hexOf(pdu.value)).toBe("0011000B916407281553F80000AA0AE8329BFD4697D9EC37");
  expect(pdu.ok && lengthForModem(pdu.value)).toBe(23);
});

const anyText = fc.oneof(
  anyGsmText(150),
  fc.string({ maxLength: 60, unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)) }),
);
const anyCenter = fc.oneof(fc.constant(""), fc.constant("+46705008999"), fc.constant("4670500899"));
const anyDeliver: fc.Arbitrary<SmsDeliver> = fc.record({
  kind: fc.constant("deliver" as const),
  center: anyCenter,
  from: anySmsAddress,
  sentMs: fc.integer({ min: 0, max: 3_155_759_999 }).map((second) => second * 1_000),
  text: anyText,
  part: anyPart,
});
const anySubmit: fc.Arbitrary<SmsSubmit> = fc.record({
  kind: fc.constant("submit" as const),
  center: anyCenter,
  to: anySmsAddress,
  reference: fc.integer({ min: 0, max: 255 }),
  validMinutes: fc.option(fc.integer({ min: 0, max: 255 }).map(minutesOf), { nil: undefined }),
  reportWanted: fc.boolean(),
  text: anyText,
  part: anyPart,
});

test("every message that is written is read as it was, both ways", () => {
  fc.assert(
    fc.property(fc.oneof(anyDeliver, anySubmit), (message) => {
      const pdu = encodeSms(message);
      if (!pdu.ok) throw new Error(JSON.stringify(pdu.fault));
      expect(message.kind === "deliver" ? decodeDeliver(pdu.value) : decodeSubmit(pdu.value)).toEqual({
        ok: true,
        value: message,
      });
    }),
    { numRuns: 500 },
  );
});

test("every cut-off of a message is refused, and no bytes make the reading throw", () => {
  fc.assert(
    fc.property(fc.oneof(anyDeliver, anySubmit), fc.nat(), (message, cut) => {
      const pdu = encodeSms(message);
      if (!pdu.ok) throw new Error("too long");
      const part = pdu.value.subarray(0, cut % pdu.value.length);
      expect((message.kind === "deliver" ? decodeDeliver(part) : decodeSubmit(part)).ok).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodeDeliver(bytes);
      decodeSubmit(bytes);
    }),
    { numRuns: 1_000 },
  );
});

test("septets come back from any packing, behind any fill, and text from septets and UCS-2", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 127 })), fc.integer({ min: 0, max: 6 }), (list, fill) => {
      const septets = new Uint8Array(list);
      expect(unpackSeptets(packSeptets(septets, fill), septets.length, fill)).toEqual(septets);
    }),
  );
  fc.assert(
    fc.property(anyGsmText(80), (text) => textOfSeptets(septetsOf(text) as Uint8Array) === text),
    {
      numRuns: 50,
    },
  );
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => textOfUcs2(ucs2(text)) === text));
});

test("a letter unknown to the extension is the alphabet's own, and an escape at the end a blank", () => {
  expect(textOfSeptets(new Uint8Array([27, 97]))).toBe("a");
  expect(textOfSeptets(new Uint8Array([27, 27]))).toBe(" ");
  expect(textOfSeptets(new Uint8Array([27]))).toBe(" ");
});

test("septets beyond the end of the bytes are zeros", () => {
  expect(unpackSeptets(new Uint8Array([0xff]), 3, 0)).toEqual(new Uint8Array([127, 1, 0]));
  expect(unpackSeptets(new Uint8Array(0), 1, 0)).toEqual(new Uint8Array([0]));
});

test("a text of the limit fits into one message, one letter more does not", () => {
  const base = {
    kind: "submit" as const,
    center: "",
    to: "112",
    reference: 0,
    validMinutes: undefined,
    reportWanted: false,
  };
  const fits = (text: string, part: SmsSubmit["part"]): boolean => encodeSms({ ...base, text, part }).ok;
  const part = { reference: 1, count: 2, index: 1 };
  expect([160, 161].map((n) => fits("a".repeat(n), undefined))).toEqual([true, false]);
  expect([153, 154].map((n) => fits("a".repeat(n), part))).toEqual([true, false]);
  expect([70, 71].map((n) => fits("ł".repeat(n), undefined))).toEqual([true, false]);
  expect([67, 68].map((n) => fits("ł".repeat(n), part))).toEqual([true, false]);
  expect(fits("€".repeat(80), undefined)).toBe(true);
  expect(encodeSms({ ...base, to: "1".repeat(21), text: "", part: undefined }).ok).toBe(false);
  for (const center of ["Telia", "1".repeat(22)])
    expect(encodeSms({ ...base, center, text: "", part: undefined })).toMatchObject({ fault: { field: "center" } });
  expect(encodeSms({ ...base, to: "", text: "", part: undefined }).ok).toBe(false);
  expect(encodeSms({ ...base, to: "Longer than it may", text: "", part: undefined }).ok).toBe(false);
});

test("a validity is never shorter than asked for, and is exact where the scale has it", () => {
  for (let octet = 0; octet < 256; octet++) expect(minutesOf(validityOf(minutesOf(octet)))).toBe(minutesOf(octet));
  fc.assert(fc.property(fc.integer({ min: 0, max: 635_040 }), (minutes) => minutesOf(validityOf(minutes)) >= minutes));
  expect(validityOf(9_999_999)).toBe(255);
});

test("compressed text and a reserved alphabet are refused by name", () => {
  for (const coding of ["20", "0C", "90"]) {
    const pdu = bytesOf(`000405811234F500${coding}9930925161958000`);
    expect(decodeDeliver(pdu)).toMatchObject({ ok: false, fault: { kind: "unknown-value", field: "data coding" } });
  }
});

test("a part with a reference of two bytes is read, and other header elements are read over", () => {
  const pdu = bytesOf("00" + "44" + "05812143F5" + "0008" + "99309251619580" + "0C" + "09700100080412340302" + "0041");
  expect(decodeDeliver(pdu)).toMatchObject({
    value: { from: "12345", text: "A", part: { reference: 0x1234, count: 3, index: 2 } },
  });
});

const header = "000405811234F500";
const stamp = "99309251619580";

test.each([
  ["00", "gsm"],
  ["04", "bytes"],
  ["08", "ucs2"],
  ["C0", "gsm"],
  ["D0", "gsm"],
  ["E0", "ucs2"],
  ["F0", "gsm"],
  ["F4", "bytes"],
])("the data coding %s of 23.038 4 is the alphabet %s", (coding, alphabet) => {
  const data = { gsm: "02C124", bytes: "024142", ucs2: "0400410142" }[alphabet];
  const text = { gsm: "AI", bytes: "AB", ucs2: "A\u0142" }[alphabet];
  expect(decodeDeliver(bytesOf(header + coding + stamp + data))).toMatchObject({ ok: true, value: { text } });
});

test("user data longer than its limit, a header longer than its data and a stamp that is no date are refused", () => {
  const refused = (rest: string): unknown => decodeDeliver(bytesOf(header + rest));
  expect(refused(`04${stamp}8D${"00".repeat(0x8d)}`)).toMatchObject({ fault: { kind: "too-long", limit: 140 } });
  expect(refused(`04${stamp}8C${"00".repeat(0x8c)}`)).toMatchObject({ ok: true });
  expect(refused(`00${stamp}A1${"00".repeat(141)}`)).toMatchObject({ fault: { kind: "too-long", limit: 160 } });
  expect(refused("009931925161958000")).toMatchObject({ fault: { kind: "malformed" } });
  const withHeader = bytesOf(`004405811234F50004${stamp}020300`);
  expect(decodeDeliver(withHeader)).toMatchObject({ fault: { what: "the header is longer than the data" } });
});
