import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Writer } from "../../protocol/bytes/writer.ts";
import {
  anyAccessoryCheckIn,
  anyAccessoryEvent,
  anyAddress,
  anyAnswer,
  anyBondOrder,
  anyBondTold,
  anyCounter,
  anyFall,
  anyPress,
  anyReport,
  anyStatusRequest,
} from "../../protocol/radio/arbitraries.ts";
import { payloadWriter, sealAs, sealPayload } from "../../protocol/radio/envelope.ts";
import {
  encodePairingCancel,
  encodePairingConfirm,
  encodePairingOffer,
  encodePairingReject,
  encodePairingRequest,
  rejectReasons,
} from "../../protocol/radio/pairing.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import { reportRadio } from "./radio.ts";
import { pairingNames } from "./radio-pairing.ts";
import { sealedTypes } from "./radio-types.ts";
import { reportText } from "./report.ts";

const key = new Uint8Array(16).map((_, index) => index);
const cipher = aesBlock(key);
const other = new Uint8Array(16);

const anyOf: Readonly<Record<string, fc.Arbitrary<object>>> = {
  press: anyPress,
  report: anyReport,
  "status-request": anyStatusRequest,
  fall: anyFall,
  "accessory-event": anyAccessoryEvent,
  "accessory-check-in": anyAccessoryCheckIn,
  "bond-told": anyBondTold,
  acknowledge: anyAnswer,
  status: anyAnswer,
  "bond-order": anyBondOrder,
};
const rows = sealedTypes.map((row) => ({ ...row, any: anyOf[row.name] as fc.Arbitrary<object> }));

/** A frame whose tag is right whatever its payload says. */
function frameOf(code: number, payload: readonly number[], counter = 19): Uint8Array {
  const to = payloadWriter();
  to.put(new Uint8Array(payload));
  return sealPayload(cipher, code, 0x04a1c77e, counter, to);
}

test("every type that the protocol's own table names is shown, and no other", () => {
  const readme = readFileSync(new URL("../../protocol/radio/README.md", import.meta.url), "utf8");
  const listed = [...readme.matchAll(/^\| 0x(..) \| ([a-z -]+) \| \d+ +\| \d+ +\|/gm)];
  expect(listed.map(([, code, name]) => [parseInt(code ?? "", 16), name?.replaceAll(" ", "-")])).toEqual(
    sealedTypes.map(({ name, type }) => [type.code, name]),
  );
  for (const code of Object.keys(pairingNames)) expect(readme).toContain(`0x${Number(code).toString(16)}`);
  const known = [...sealedTypes.map(({ type }) => type.code), ...Object.keys(pairingNames).map(Number)];
  for (let code = 0; code < 256; code++)
    if (!known.includes(code))
      expect(reportRadio(frameOf(code, [0, 0, 0, 0, 0]), key)).toMatchObject({
        ok: false,
        fault: { kind: "unknown-value", field: "type", at: 0, value: code },
      });
});

test("the golden frames open under their key, and without it show what is in the open", () => {
  const path = new URL("../../protocol/vectors/radio/frames.json", import.meta.url);
  const vectors = JSON.parse(readFileSync(path, "utf8")) as Record<string, string>[];
  expect(vectors.length).toBeGreaterThan(10);
  for (const { name = "", key: pairKey = "", address = "", type, counter, payload, frame = "" } of vectors) {
    const bytes = new Uint8Array(Buffer.from(frame, "hex"));
    const open = { type: name.split(":")[0]?.replaceAll(" ", "-"), address: parseInt(address, 16), counter };
    const closed = reportRadio(bytes, undefined);
    expect(closed, name).toMatchObject({ ok: true, value: { values: { ...open, proven: false } } });
    expect(closed.ok && reportText(closed.value.lines)).toContain(`0x${type} `);
    const opened = reportRadio(bytes, new Uint8Array(Buffer.from(pairKey, "hex")));
    expect(opened, name).toMatchObject({ ok: true, value: { values: { ...open, proven: true } } });
    expect(payload?.length).toBe(2 * (bytes.length - 17));
  }
});

test.each(rows)(
  "every $name is shown as it was sealed, field by field in the order of its bytes",
  ({ type, name, any }) => {
    fc.assert(
      fc.property(anyAddress, anyCounter, any, (address, counter, message) => {
        const bytes = sealAs(type, cipher, address, counter, message);
        const report = reportRadio(bytes, key);
        expect(report).toMatchObject({
          ok: true,
          value: { values: { type: name, address, counter, proven: true, message } },
        });
        if (!report.ok) return;
        const offsets = report.value.lines.map(({ at }) => at ?? -1);
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
        expect(offsets.at(-1)).toBe(bytes.length - 8);
        expect(reportText(report.value.lines)).not.toContain("[object");
      }),
    );
  },
);

test.each(rows)(
  "a field of a $name stands where its line says: what differs in it alone differs there first",
  (row) => {
    const payloadOf = (message: object) => {
      const to = new Writer(new Uint8Array(7));
      row.type.codec.encode(message, to);
      return to.written();
    };
    const pairs = fc.sample(fc.tuple(row.any, row.any), { numRuns: 300, seed: 1 });
    for (const [field, at] of Object.entries(row.at)) {
      const first = pairs.map(([message, donor]) => {
        const before = payloadOf(message);
        const after = payloadOf({ ...message, [field]: (donor as Record<string, unknown>)[field] });
        const difference = before.findIndex((byte, index) => byte !== after[index]);
        return difference < 0 ? 99 : difference + 9;
      });
      expect(Math.min(...first), field).toBe(at);
    }
  },
);

test.each([
  ["another key", frameOf(0xa4, [0, 0, 0, 1, 0]), other, { kind: "not-authentic", at: 14 }],
  ["a frame that was cut", frameOf(0x21, [0, 0, 0, 0, 145, 1, 0]).subarray(0, 10), key, { kind: "truncated", at: 10 }],
  ["a frame too long", new Uint8Array(25).fill(0x21), key, { kind: "too-long", at: 24 }],
  ["no press at all", frameOf(0x21, [0, 0, 0, 0, 145, 0, 0]), key, { field: "presses", at: 14 }],
  ["no fall at all", frameOf(0x24, [0, 0, 0, 0, 145, 0, 0]), key, { field: "falls", at: 14 }],
  ["a later phase of a fall", frameOf(0x24, [0, 0, 0, 0, 145, 1, 2]), key, { field: "phase", at: 15, value: 2 }],
  ["a later accessory", frameOf(0x25, [0, 0, 0, 0, 145, 80, 1]), key, { field: "type", at: 14, value: 10 }],
  ["a later happening", frameOf(0x25, [0, 0, 0, 0, 145, 0, 0xc1]), key, { field: "happening", at: 15, value: 12 }],
  ["a check-in with no next", frameOf(0x26, [0, 0, 0, 0, 0, 0, 0]), key, { field: "nextWithinH", at: 12 }],
  ["a later phase of a bond", frameOf(0x27, [0, 0, 3, 0, 0, 0, 0]), key, { field: "phase", at: 11, value: 3 }],
  ["a later form of a device", frameOf(0x27, [0, 3, 0, 0, 0, 0, 0]), key, { field: "form", at: 10, value: 3 }],
  ["a later order", frameOf(0xa4, [0, 0, 0, 1, 2]), key, { field: "order", at: 13, value: 2 }],
  ["a payload too short", frameOf(0x27, [0, 0, 0, 0]), key, { kind: "truncated", at: 13 }],
  ["a payload too long", frameOf(0xa4, [0, 0, 0, 1, 0, 0]), key, { kind: "malformed", at: 14 }],
])("faults name their byte of the frame: %s", (_what, bytes, under, fault) => {
  expect(reportRadio(bytes, under)).toMatchObject({ ok: false, fault });
});

const talk = {
  address: 7,
  buttonRandom: new Uint8Array(8).fill(1),
  unitRandom: new Uint8Array(8).fill(2),
  person: 3,
};

test("of pairing frames the request can be proven alone; the others show what is in the open", () => {
  const request = encodePairingRequest(cipher, 7, talk.buttonRandom);
  expect(reportRadio(request, key)).toMatchObject({
    ok: true,
    value: { values: { type: "pairing-request", address: 7, random: "0101010101010101", proven: true } },
  });
  expect(reportRadio(request, undefined)).toMatchObject({ ok: true, value: { values: { proven: false } } });
  expect(reportRadio(request, other)).toMatchObject({ ok: false, fault: { kind: "not-authentic", at: 13 } });
  expect(reportRadio(encodePairingOffer(cipher, talk), key)).toMatchObject({
    ok: true,
    value: {
      values: { type: "pairing-offer", direction: "unit-to-device", random: "0202020202020202", person: 3 },
      lines: [{ at: 0 }, { at: 1 }, { at: 5 }, { at: 13 }, { at: 14, label: "proof" }],
    },
  });
  for (const [encode, type] of [
    [encodePairingConfirm, "pairing-confirm"],
    [encodePairingCancel, "pairing-cancel"],
  ] as const)
    expect(reportRadio(encode(cipher, talk), key)).toMatchObject({
      ok: true,
      value: { values: { type, direction: "device-to-unit", proven: false }, lines: [{ at: 0 }, { at: 1 }, { at: 5 }] },
    });
  for (const reason of rejectReasons)
    expect(reportRadio(encodePairingReject(cipher, 7, talk.buttonRandom, reason), undefined)).toMatchObject({
      ok: true,
      value: { values: { type: "pairing-reject", direction: "unit-to-device", reason }, lines: { length: 4 } },
    });
});

test("a pairing frame of another length, for nobody, or with a reason of a later version is refused at its byte", () => {
  const reject = encodePairingReject(cipher, 7, talk.buttonRandom, "stopped");
  reject[5] = rejectReasons.length;
  expect(reportRadio(reject, undefined)).toMatchObject({ ok: false, fault: { field: "reason", at: 5, value: 3 } });
  const offer = encodePairingOffer(cipher, { ...talk, person: 0 });
  expect(reportRadio(offer, undefined)).toMatchObject({ ok: false, fault: { field: "person", at: 13 } });
  const cancel = encodePairingCancel(cipher, talk);
  expect(reportRadio(cancel.subarray(0, 12), key)).toMatchObject({ ok: false, fault: { kind: "truncated", at: 12 } });
  const longer = new Uint8Array([...cancel, 0]);
  expect(reportRadio(longer, key)).toMatchObject({ ok: false, fault: { kind: "too-long", at: 13 } });
});

test("no bytes make it throw", () => {
  const codes = [...sealedTypes.map(({ type }) => type.code), 0x31, 0xb1, 0x32, 0xb2, 0x33, 0x99];
  const anyFrame = fc
    .tuple(fc.constantFrom(...codes), fc.uint8Array({ maxLength: 30 }))
    .map(([code, rest]) => new Uint8Array([code, ...rest]));
  const anySealed = fc
    .tuple(fc.constantFrom(...codes), fc.array(fc.nat(255), { maxLength: 7 }))
    .map(([code, payload]) => frameOf(code, payload));
  fc.assert(
    fc.property(fc.oneof(anyFrame, anySealed, fc.uint8Array({ maxLength: 30 })), fc.boolean(), (bytes, withKey) => {
      const report = reportRadio(bytes, withKey ? key : undefined);
      if (!report.ok) expect(report.fault.at).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
