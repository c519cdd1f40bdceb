/** Random radio messages, and AES from a kept library, for tests. */
import { unsafe } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import type { AccessoryCheckIn } from "./accessory-check-in.ts";
import { checkInKinds } from "./accessory-check-in.ts";
import type { AccessoryEvent } from "./accessory-event.ts";
import { accessoryTypes, happenings } from "./accessory-types.ts";
import type { BlockCipher } from "./block-cipher.ts";
import type { BondOrder, BondTold } from "./bond-frame.ts";
import { bondOrderKinds, bondPhases } from "./bond-frame.ts";
import type { ButtonPress } from "./button-press.ts";
import type { ButtonReport } from "./button-report.ts";
import type { Fall } from "./fall.ts";
import { fallPhases } from "./fall.ts";
import type { Message } from "./frame.ts";
import type { StatusRequest } from "./status.ts";

/** The block function of @noble/ciphers under this key. */
export function nobleAes(key: Uint8Array): BlockCipher {
  const expanded = unsafe.expandKeyLE(key);
  const words = new Uint32Array(4);
  const view = new Uint8Array(words.buffer);
  return (block) => {
    view.set(block);
    const out = unsafe.encrypt(
      expanded,
      words[0] as number,
      words[1] as number,
      words[2] as number,
      words[3] as number,
    );
    words.set([out.s0, out.s1, out.s2, out.s3]);
    block.set(view);
  };
}

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const batteryMv = u8.map((steps) => steps * 20);
const form = fc.constantFrom("wrist" as const, "neck" as const, "wall" as const);
const step = fc.constantFrom("received" as const, "accepted" as const, "closed" as const);

export const anyAddress = u32;
export const anyCounter = fc.integer({ min: 1, max: 0xffffffff });
export const anyKey = fc.uint8Array({ minLength: 16, maxLength: 16 });

export const anyPress: fc.Arbitrary<ButtonPress> = fc.record({
  nameDistance: u16,
  ageS: u16,
  batteryMv,
  presses: fc.integer({ min: 1, max: 255 }),
  reason: fc.constantFrom("call" as const, "cancel" as const, "fall" as const),
  low: fc.boolean(),
  form,
});

export const anyReport: fc.Arbitrary<ButtonReport> = fc.record({
  kind: fc.constantFrom("check-in" as const, "battery-low" as const, "battery-ok" as const, "started" as const),
  batteryMv,
  low: fc.boolean(),
  form,
  temperatureC: fc.integer({ min: -128, max: 127 }),
  versionMajor: u8,
  versionMinor: u8,
  pressCount: u16,
});

export const anyStatusRequest: fc.Arbitrary<StatusRequest> = fc.record({
  name: u32,
  batteryMv,
  low: fc.boolean(),
  form,
});
export const anyAnswer = fc.record({ name: u32, step });

export const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  anyPress.map((press): Message => ({ type: "press", press })),
  anyReport.map((report): Message => ({ type: "report", report })),
  anyStatusRequest.map((request): Message => ({ type: "status-request", request })),
  anyAnswer.map((acknowledge): Message => ({ type: "acknowledge", acknowledge })),
  anyAnswer.map((status): Message => ({ type: "status", status })),
);

export const anyFall: fc.Arbitrary<Fall> = fc.record({
  nameDistance: u16,
  ageS: u16,
  batteryMv,
  falls: fc.integer({ min: 1, max: 255 }),
  phase: fc.constantFrom(...fallPhases),
  low: fc.boolean(),
  form,
});

const condition = fc.record({ alarm: fc.boolean(), fault: fc.boolean(), tamper: fc.boolean() });

export const anyAccessoryEvent: fc.Arbitrary<AccessoryEvent> = fc.record({
  nameDistance: u16,
  ageS: u16,
  batteryMv,
  low: fc.boolean(),
  type: fc.constantFrom(...accessoryTypes),
  happening: fc.constantFrom(...happenings),
  condition,
  times: fc.integer({ min: 1, max: 7 }),
});

export const anyAccessoryCheckIn: fc.Arbitrary<AccessoryCheckIn> = fc.record({
  kind: fc.constantFrom(...checkInKinds),
  type: fc.constantFrom(...accessoryTypes),
  condition,
  batteryMv,
  low: fc.boolean(),
  temperatureC: fc.integer({ min: -128, max: 127 }),
  nextWithinH: fc.integer({ min: 1, max: 15 }),
  activations: u16,
  version: u8,
});

export const anyBondTold: fc.Arbitrary<BondTold> = fc.record({
  phase: fc.constantFrom(...bondPhases),
  batteryMv,
  low: fc.boolean(),
  form: fc.constantFrom(0, 1, 2, 16, 25, 47),
  holds: u32,
});

export const anyBondOrder: fc.Arbitrary<BondOrder> = fc.record({
  answers: u32,
  order: fc.constantFrom(...bondOrderKinds),
});
