import { createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bad, faultText } from "../result.ts";
import { deviceTypes } from "../scaip/device-types.ts";
import { statusCodes } from "../scaip/status-codes.ts";
import type { AccessoryCheckIn } from "./accessory-check-in.ts";
import { accessoryCheckInFrame } from "./accessory-check-in.ts";
import { accessoryEventFrame } from "./accessory-event.ts";
import { accessoryTypes, happenings, kindOf, meaningOf } from "./accessory-types.ts";
import {
  anyAccessoryCheckIn,
  anyAccessoryEvent,
  anyAddress,
  anyBondOrder,
  anyBondTold,
  anyCounter,
  anyFall,
  anyKey,
  nobleAes,
} from "./arbitraries.ts";
import { bondOrderFrame, bondToldFrame } from "./bond-frame.ts";
import type { FrameType } from "./envelope.ts";
import { decodeEnvelope, frameLimit, openAs, payloadWriter, sealAs, sealPayload } from "./envelope.ts";
import { fallFrame } from "./fall.ts";
import { decodeHeader, openFrame } from "./frame.ts";

interface Vector {
  readonly name: string;
  readonly key: string;
  readonly address: string;
  readonly type: string;
  readonly counter: number;
  readonly payload: string;
  readonly frame: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL("../vectors/radio/frames.json", import.meta.url), "utf8"),
);

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

const types: readonly {
  readonly name: string;
  readonly type: FrameType<unknown>;
  readonly any: fc.Arbitrary<unknown>;
}[] = [
  { name: "fall", type: fallFrame as FrameType<unknown>, any: anyFall },
  { name: "accessory event", type: accessoryEventFrame as FrameType<unknown>, any: anyAccessoryEvent },
  { name: "accessory check-in", type: accessoryCheckInFrame as FrameType<unknown>, any: anyAccessoryCheckIn },
  { name: "bond told", type: bondToldFrame as FrameType<unknown>, any: anyBondTold },
  { name: "bond order", type: bondOrderFrame as FrameType<unknown>, any: anyBondOrder },
];

test.each(types)(
  "every $name comes back from its frame of at most 24 bytes, and no beginning of it is taken",
  (row) => {
    fc.assert(
      fc.property(anyKey, anyAddress, anyCounter, row.any, (key, address, counter, value) => {
        const cipher = nobleAes(key);
        const bytes = sealAs(row.type, cipher, address, counter, value);
        expect(bytes.length).toBeLessThanOrEqual(frameLimit);
        expect(openAs(row.type, cipher, bytes)).toEqual({ ok: true, value: { address, counter, value } });
        for (let length = 0; length < bytes.length; length++)
          expect(openAs(row.type, cipher, bytes.subarray(0, length)).ok).toBe(false);
        const longer = new Uint8Array(bytes.length + 1);
        longer.set(bytes);
        expect(openAs(row.type, cipher, longer).ok).toBe(false);
      }),
    );
  },
);

test.each(types)("a $name with one changed bit, under another key or of another type is refused", (row) => {
  fc.assert(
    fc.property(
      anyKey,
      anyAddress,
      anyCounter,
      row.any,
      fc.nat(),
      fc.nat(7),
      (key, address, counter, value, at, bit) => {
        const bytes = sealAs(row.type, nobleAes(key), address, counter, value);
        const stranger = nobleAes(key.map((byte) => byte ^ 1));
        expect(openAs(row.type, stranger, bytes)).toMatchObject({ ok: false, fault: { kind: "not-authentic" } });
        for (const other of types)
          if (other.type.code !== row.type.code) expect(openAs(other.type, nobleAes(key), bytes).ok).toBe(false);
        bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ (1 << bit);
        expect(openAs(row.type, nobleAes(key), bytes).ok).toBe(false);
      },
    ),
  );
});

/** Any bytes that a payload may have, and often seven that end like the flags of a button. */
const anyPayload = fc.oneof(
  fc.uint8Array({ maxLength: 7 }),
  fc
    .tuple(fc.uint8Array({ minLength: 6, maxLength: 6 }), fc.nat(0x2f))
    .map(([head, flags]) => new Uint8Array([...head, flags])),
);

test.each(types)("no bytes make the decoder of a $name throw, and what it takes it would write the same", (row) => {
  const cipher = nobleAes(new Uint8Array(16));
  let taken = 0;
  fc.assert(
    fc.property(anyPayload, fc.uint8Array({ maxLength: 40 }), (payload, noise) => {
      expect(openAs(row.type, cipher, noise).ok).toBe(false);
      const to = payloadWriter();
      to.put(payload);
      const bytes = sealPayload(cipher, row.type.code, 1, 1, to);
      const opened = openAs(row.type, cipher, bytes);
      if (!opened.ok) return;
      taken++;
      expect(hexOf(sealAs(row.type, cipher, 1, 1, opened.value.value))).toBe(hexOf(bytes));
    }),
    { numRuns: 500 },
  );
  if (row.name === "fall") expect(taken).toBeGreaterThan(0);
});

test.each(vectors)("the golden $name opens with a kept library, and its payload is what the tables say", (vector) => {
  const frame = bytesOf(vector.frame);
  const nonce = Buffer.concat([
    Buffer.from([Number.parseInt(vector.type, 16) >= 0x80 ? 1 : 0]),
    frame.subarray(1, 9),
    Buffer.alloc(4),
  ]);
  const opener = createDecipheriv("aes-128-ccm", bytesOf(vector.key), nonce, { authTagLength: 8 });
  const text = frame.subarray(9, frame.length - 8);
  opener.setAuthTag(frame.subarray(frame.length - 8));
  opener.setAAD(frame.subarray(0, 9), { plaintextLength: text.length });
  expect(opener.update(text).toString("hex")).toBe(vector.payload);
  opener.final();
  const header = decodeEnvelope(frame);
  expect(header).toMatchObject({ ok: true, value: { address: 0xc0ffee01, counter: vector.counter } });
});

const golden: readonly (readonly [string, FrameType<unknown>, unknown])[] = [
  [
    "fall",
    types[0]?.type as FrameType<unknown>,
    { nameDistance: 2, ageS: 60, batteryMv: 3_000, falls: 1, phase: "withdrawn", low: false, form: "neck" },
  ],
  [
    "accessory event: smoke alarm",
    types[1]?.type as FrameType<unknown>,
    {
      nameDistance: 0,
      ageS: 0,
      batteryMv: 3_000,
      low: false,
      type: "smoke",
      happening: "alarm",
      condition: { alarm: true, fault: false, tamper: false },
      times: 1,
    },
  ],
  [
    "accessory event: door open too long",
    types[1]?.type as FrameType<unknown>,
    {
      nameDistance: 1,
      ageS: 300,
      batteryMv: 2_560,
      low: true,
      type: "door",
      happening: "alarm-too-long",
      condition: { alarm: true, fault: false, tamper: false },
      times: 7,
    },
  ],
  [
    "accessory check-in: temperature",
    types[2]?.type as FrameType<unknown>,
    {
      kind: "reading",
      type: "temperature",
      condition: { alarm: false, fault: false, tamper: false },
      batteryMv: 3_000,
      low: false,
      temperatureC: 21,
      nextWithinH: 8,
      activations: 1,
      version: 4,
    },
  ],
  [
    "bond told: joining",
    types[3]?.type as FrameType<unknown>,
    { phase: "joining", batteryMv: 3_000, low: false, form: 0, holds: 0 },
  ],
  [
    "bond told: door joined, battery low",
    types[3]?.type as FrameType<unknown>,
    { phase: "joined", batteryMv: 2_560, low: true, form: 21, holds: 0x01020304 },
  ],
  ["bond order: welcome", types[4]?.type as FrameType<unknown>, { answers: 11, order: "welcome" }],
  ["bond order: revoke", types[4]?.type as FrameType<unknown>, { answers: 12, order: "revoke" }],
];

test.each(golden)("the golden bytes of a %s hold", (name, type, value) => {
  const vector = vectors.find((one) => one.name === name) as Vector;
  const bytes = sealAs(type, nobleAes(bytesOf(vector.key)), 0xc0ffee01, vector.counter, value);
  expect(hexOf(bytes)).toBe(vector.frame);
});

test("a value that no table lists is refused, and the fault names the field and its byte", () => {
  const cipher = nobleAes(new Uint8Array(16));
  const faultOf = (type: FrameType<unknown>, payload: readonly number[]): string => {
    const to = payloadWriter();
    to.put(new Uint8Array(payload));
    const opened = openAs(type, cipher, sealPayload(cipher, type.code, 5, 7, to));
    return opened.ok ? "none" : faultText(opened.fault);
  };
  const [fall, event, checkIn, told, order] = types.map((row) => row.type) as [
    FrameType<unknown>,
    FrameType<unknown>,
    FrameType<unknown>,
    FrameType<unknown>,
    FrameType<unknown>,
  ];
  expect(faultOf(fall, [0, 0, 0, 0, 1, 0, 0])).toBe("falls has the unknown value 0 at byte 14");
  expect(faultOf(fall, [0, 0, 0, 0, 1, 1, 2])).toBe("phase has the unknown value 2 at byte 15");
  expect(faultOf(fall, [0, 0, 0, 0, 1, 1, 0x30])).toBe("form has the unknown value 3 at byte 15");
  expect(faultOf(event, [0, 0, 0, 0, 1, 0x50, 1])).toBe("type has the unknown value 10 at byte 14");
  expect(faultOf(event, [0, 0, 0, 0, 1, 0x48, 0xc1])).toBe("happening has the unknown value 12 at byte 15");
  expect(faultOf(event, [0, 0, 0, 0, 1, 0x48, 0xb0])).toBe("times has the unknown value 0 at byte 15");
  expect(faultOf(checkIn, [0x50, 1, 1, 0x10, 0, 0, 0])).toBe("type has the unknown value 10 at byte 9");
  expect(faultOf(checkIn, [0x48, 1, 1, 0x13, 0, 0, 0])).toBe("kind has the unknown value 3 at byte 12");
  expect(faultOf(checkIn, [0x48, 1, 1, 0x02, 0, 0, 0])).toBe("nextWithinH has the unknown value 0 at byte 12");
  expect(faultOf(told, [1, 2, 0, 0, 0, 0, 0])).toBe("none");
  expect(faultOf(told, [1, 3, 0, 0, 0, 0, 0])).toBe("form has the unknown value 3 at byte 10");
  expect(faultOf(told, [1, 15, 0, 0, 0, 0, 0])).toBe("form has the unknown value 15 at byte 10");
  expect(faultOf(told, [1, 16, 0, 0, 0, 0, 0])).toBe("none");
  expect(faultOf(told, [1, 47, 0, 0, 0, 0, 0])).toBe("none");
  expect(faultOf(told, [1, 48, 0, 0, 0, 0, 0])).toBe("form has the unknown value 48 at byte 10");
  expect(faultOf(told, [1, 16, 3, 0, 0, 0, 0])).toBe("phase has the unknown value 3 at byte 11");
  expect(faultOf(told, [1, 16, 0x10, 0, 0, 0, 0])).toBe("phase has the unknown value 16 at byte 11");
  expect(faultOf(order, [0, 0, 0, 1, 2])).toBe("order has the unknown value 2 at byte 13");
  expect(faultOf(order, [0, 0, 0, 1, 0, 0])).toBe("bytes after the message at byte 14");
  for (const type of [fall, event, checkIn, told])
    expect(faultOf(type, [0, 16, 0, 0, 0, 0])).toBe("the message ends too early at byte 15");
  expect(faultOf(order, [0, 0, 0, 1])).toBe("the message ends too early at byte 13");
});

test("a frame of another type is refused before it is opened, by the code that was met", () => {
  const cipher = nobleAes(new Uint8Array(16));
  const bytes = sealAs(bondOrderFrame, cipher, 1, 1, { answers: 1, order: "welcome" });
  expect(openAs(bondToldFrame, cipher, bytes)).toEqual(
    bad({ kind: "unknown-value", at: 0, field: "type", value: 0xa4 }),
  );
});

test("a fall is no press: no decoder of presses takes it, and a press frame with another type is not authentic", () => {
  const cipher = nobleAes(new Uint8Array(16));
  fc.assert(
    fc.property(anyFall, anyCounter, (fall, counter) => {
      const bytes = sealAs(fallFrame, cipher, 1, counter, fall);
      expect(decodeHeader(bytes)).toMatchObject({ ok: false, fault: { field: "type", value: 0x24 } });
      bytes[0] = 0x21;
      expect(openFrame(cipher, bytes)).toMatchObject({ ok: false, fault: { kind: "not-authentic" } });
    }),
  );
});

test("a message longer than its 7 bytes, or a counter beyond its bounds, is a mistake of ours and throws", () => {
  const long: FrameType<number> = {
    code: 0x24,
    codec: {
      encode: (value, to) => to.put(new Uint8Array(value)),
      decode: () => {
        throw new Error("never read");
      },
    },
  };
  const cipher = nobleAes(new Uint8Array(16));
  expect(sealAs(long, cipher, 1, 1, 7).length).toBe(frameLimit);
  expect(() => sealAs(long, cipher, 1, 1, 8)).toThrow("beyond its bounds");
  expect(() => sealAs(long, cipher, 1, 0, 7)).toThrow("beyond its bounds");
  expect(() => sealAs(long, cipher, 1, 0x100000000, 7)).toThrow("beyond its bounds");
});

test("every event of every accessory has a device type and a status code that SS 91100 lists", () => {
  for (const type of accessoryTypes) {
    expect(kindOf(type).checkInH).toBeGreaterThanOrEqual(1);
    for (const happening of happenings) {
      const meaning = meaningOf(type, happening);
      expect(deviceTypes.some((row) => row.code === meaning.dty)).toBe(true);
      expect(statusCodes.some((row) => row.code === meaning.stc)).toBe(true);
      if (happening.startsWith("alarm")) expect(meaning.urgency).toBe(kindOf(type).urgency);
    }
  }
  expect(meaningOf("smoke", "alarm")).toEqual({ dty: 23, stc: 9, urgency: "fire-and-gas" });
  expect(meaningOf("pull-cord", "alarm")).toEqual({ dty: 4, stc: 10, urgency: "user-alarm" });
  expect(meaningOf("door", "alarm-too-long")).toEqual({ dty: 14, stc: 77, urgency: "life-safety" });
  expect(meaningOf("temperature", "alarm-low")).toEqual({ dty: 20, stc: 101, urgency: "technical" });
  expect(meaningOf("bed", "tamper")).toEqual({ dty: 12, stc: 125, urgency: "technical" });
});

test("0x80 is a temperature that was not measured, and both ends of the scale come back", () => {
  const cipher = nobleAes(new Uint8Array(16));
  for (const temperatureC of [-128, -127, -1, 0, 127]) {
    const value: AccessoryCheckIn = {
      kind: "check-in",
      type: "temperature",
      condition: { alarm: false, fault: false, tamper: false },
      batteryMv: 3_000,
      low: false,
      temperatureC,
      nextWithinH: 8,
      activations: 0,
      version: 1,
    };
    expect(openAs(accessoryCheckInFrame, cipher, sealAs(accessoryCheckInFrame, cipher, 1, 1, value))).toMatchObject({
      ok: true,
      value: { value: { temperatureC } },
    });
  }
});

test("a fault names its byte of the frame, wherever it stands: tag, payload, end of the payload", () => {
  const cipher = nobleAes(new Uint8Array(16));
  const sealed = (payload: readonly number[], counter = 9) => {
    const to = payloadWriter();
    to.put(new Uint8Array(payload));
    return sealPayload(cipher, 0xa4, 7, counter, to);
  };
  const order = sealed([0, 0, 0, 1, 1]);
  expect(openAs(bondOrderFrame, nobleAes(new Uint8Array(16).fill(1)), order)).toMatchObject({ fault: { at: 14 } });
  expect(openAs(bondOrderFrame, cipher, sealed([0, 0, 0, 1, 2]))).toMatchObject({ fault: { field: "order", at: 13 } });
  expect(openAs(bondOrderFrame, cipher, sealed([0, 0, 0, 1]))).toMatchObject({ fault: { kind: "truncated", at: 13 } });
  expect(openAs(bondOrderFrame, cipher, sealed([0, 0, 0, 1, 1, 0]))).toMatchObject({ fault: { at: 14 } });
});
