/** What the bytes of buttons and accessories stand for, value by value (radio 2.1, 3.2, 3.8 and 3.9). */
import { expect, test } from "vitest";
import { happenings, kindOf, meaningOf } from "./accessory-types.ts";
import { nobleAes } from "./arbitraries.ts";
import { keyCheck } from "./bond-frame.ts";
import { decodeEnvelope, isFromUnit } from "./envelope.ts";
import type { Message } from "./frame.ts";
import { openFrame, sealFrame } from "./frame.ts";

test("every happening of a door has its own status, and is as urgent as it is for the one who lives there", () => {
  expect(happenings.map((happening) => [happening, ...Object.values(meaningOf("door", happening))])).toEqual([
    ["alarm", 14, 76, "life-safety"],
    ["restored", 14, 21, "technical"],
    ["test", 14, 102, "test"],
    ["tamper", 14, 125, "technical"],
    ["tamper-restored", 14, 94, "technical"],
    ["battery-low", 14, 16, "technical"],
    ["battery-ok", 14, 15, "technical"],
    ["fault", 14, 67, "technical"],
    ["fault-gone", 14, 48, "technical"],
    ["alarm-low", 14, 76, "life-safety"],
    ["alarm-too-long", 14, 77, "life-safety"],
    ["activity", 14, 119, "statistics"],
  ]);
  expect(meaningOf("temperature", "alarm")).toEqual({ dty: 20, stc: 100, urgency: "technical" });
});

test("smoke and carbon monoxide check in each hour, the others each eight hours", () => {
  expect([kindOf("smoke").checkInH, kindOf("carbon-monoxide").checkInH]).toEqual([1, 1]);
  expect([kindOf("door").checkInH, kindOf("pull-cord").checkInH]).toEqual([8, 8]);
});

test("a type code from 0x80 on goes from the unit to the button", () => {
  expect([0x7f, 0x80, 0xff].map(isFromUnit)).toEqual([false, true, true]);
});

test("what is in the open is read from 17 bytes on, whatever the type", () => {
  expect(decodeEnvelope(new Uint8Array(16))).toEqual({ ok: false, fault: { kind: "truncated", at: 16 } });
  const bytes = new Uint8Array(17);
  bytes.set([0x77, 1, 2, 3, 4, 0, 0, 0, 9]);
  expect(decodeEnvelope(bytes)).toEqual({ ok: true, value: { code: 0x77, address: 0x01020304, counter: 9 } });
});

test("the check of a key is the first four bytes that AES makes of a zero and the address, and never 0", () => {
  const key = new Uint8Array(16).fill(0x44);
  const block = new Uint8Array(16);
  block.set([0, 0xc0, 0xff, 0xee, 0x01]);
  nobleAes(key)(block);
  expect(keyCheck(nobleAes(key), 0xc0ffee01)).toBe(new DataView(block.buffer).getUint32(0));
  expect(keyCheck((bytes) => bytes.fill(0), 1)).toBe(1);
});

test("both ends of a button's temperature come back", () => {
  const cipher = nobleAes(new Uint8Array(16));
  for (const temperatureC of [-128, -1, 0, 127]) {
    const message: Message = {
      type: "report",
      report: {
        kind: "check-in",
        batteryMv: 3_000,
        low: false,
        form: "wrist",
        temperatureC,
        versionMajor: 1,
        versionMinor: 0,
        pressCount: 0,
      },
    };
    expect(openFrame(cipher, sealFrame(cipher, 1, 1, message))).toMatchObject({ value: { message } });
  }
});
