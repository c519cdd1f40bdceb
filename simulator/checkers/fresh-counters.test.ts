import { expect, test } from "vitest";
import type { Bond } from "../../firmware/pairing/bonds.ts";
import { sentPress } from "../../protocol/radio/button-press.ts";
import { sealAs } from "../../protocol/radio/envelope.ts";
import { requestCode } from "../../protocol/radio/pairing.ts";
import { seal } from "../../protocol/radio/sealing.ts";
import { aesBlock } from "../node-aes.ts";
import { FreshCounters } from "./fresh-counters.ts";

const pressCode = 0x21;
const bond: Bond = {
  address: 0x8d3f21a0,
  person: 1,
  form: "wrist",
  key: new Uint8Array(16).fill(9),
  revoked: false,
};

/** Sealed as the radio's text has it, with the nonce of that direction. */
function sealed(direction: 0 | 1, counter = 7, headLength = 9): Uint8Array {
  const bytes = frame(0, counter, 0xa1);
  const nonce = new Uint8Array(13);
  nonce[0] = direction;
  nonce.set(bytes.subarray(1, 9), 1);
  bytes.set(seal(aesBlock(bond.key), nonce, bytes.subarray(0, headLength), new Uint8Array(7), 8), 9);
  return bytes;
}

/** Type, address and counter in the open, and 15 bytes of whatever was sealed. */
function frame(content: number, counter = 7, code = pressCode, address = 0x8d3f21a0): Uint8Array {
  const bytes = new Uint8Array(24).fill(content);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, code);
  view.setUint32(1, address);
  view.setUint32(5, counter);
  return bytes;
}

function foundIn(...sent: readonly (readonly [sender: string, bytes: Uint8Array])[]): readonly string[] {
  const checker = new FreshCounters([{ name: "u", bonds: [bond] }]);
  for (const [sender, bytes] of sent) checker.radioed(65_000, sender, bytes);
  return checker.verdict().found;
}

test("two contents under one counter are a fault, the same frame once more is none", () => {
  expect(foundIn(["u", frame(1)], ["u", frame(1)], ["u", frame(2, 8)])).toEqual([]);
  expect(foundIn(["u", frame(1)], ["u", frame(2)])).toEqual(["u, 00:01:05: counter 7 sealed a second content"]);
  expect(foundIn(["u", frame(1)], ["u", frame(1, 7, 0x22)])).toHaveLength(1);
});

test("each side, each device and each bond counts for itself", () => {
  expect(foundIn(["u", frame(1)], ["button", frame(2)], ["u", frame(3, 7, pressCode, 5)])).toEqual([]);
  // A stranger plays back what both sides have sealed.
  expect(foundIn(["stranger", frame(1)], ["stranger", frame(2, 7, 0xa1)])).toEqual([]);
});

test("a unit seals under nonces of its own, not under its device's", () => {
  expect(foundIn(["unit u", sealed(1)])).toEqual([]);
  expect(foundIn(["unit u", sealed(0)])).toEqual(["unit u, 00:01:05: counter 7 is sealed under its device's nonce"]);
  expect(foundIn(["unit u", frame(1, 7, 0xa1, 5)], ["stranger", sealed(0)])).toEqual([]);
});

test("what a unit seals opens for another library, its head with it, as long as the device has its first key", () => {
  const open = "unit u, 00:01:05: counter 7 does not open, with its head, for another library";
  expect(foundIn(["unit u", sealed(1, 7, 0)])).toEqual([open]);
  expect(foundIn(["unit u", sealed(1, 7, 0)], ["unit u", frame(1, 7, requestCode)])).toEqual([open]);
  expect(foundIn(["unit u", frame(1, 7, requestCode)], ["unit u", sealed(1, 7, 0)])).toEqual([]);
});

test("pairing has keys of its own, and what is no frame says nothing", () => {
  expect(foundIn(["u", frame(1, 7, requestCode)], ["u", frame(2, 7, requestCode)])).toEqual([]);
  expect(foundIn(["u", new Uint8Array(3)], ["u", new Uint8Array(40)])).toEqual([]);
});

test("a call is answered for ten minutes and all else once; a restart or another key makes it new", () => {
  const minutes = (count: number): number => 65_000 + count * 60_000;
  const foundWith = (between: (checker: FreshCounters) => void, again: number, code = pressCode): readonly string[] => {
    const checker = new FreshCounters([{ name: "u", bonds: [bond] }]);
    checker.radioed(minutes(0), "button", frame(1, 7, code));
    checker.radioed(minutes(0) + 30, "unit u", sealed(1, 1));
    between(checker);
    checker.radioed(again, "stranger", frame(1, 7, code));
    checker.radioed(again + 30, "unit u", sealed(1, 2));
    return checker.verdict().found;
  };
  expect(foundWith(() => {}, minutes(9))).toEqual([]);
  expect(foundWith(() => {}, minutes(11))).toEqual(["unit u, 00:12:05: counter 7 is answered once more"]);
  expect(foundWith(() => {}, minutes(9), 0x22)).toHaveLength(1);
  expect(foundWith((checker) => checker.started(minutes(5), 0), minutes(11))).toEqual([]);
  expect(foundWith((checker) => checker.radioed(minutes(5), "unit u", frame(1, 1, requestCode)), minutes(11))).toEqual(
    [],
  );
  // The device itself has something new to say in the same moment.
  expect(foundWith((checker) => checker.radioed(minutes(11) - 20, "button", frame(3, 8)), minutes(11))).toEqual([]);
});

test("after a restart too nothing is answered that came before a press which was answered", () => {
  const press = (counter: number): Uint8Array =>
    sealAs(sentPress, aesBlock(bond.key), bond.address, counter, {
      nameDistance: 0,
      ageS: 0,
      batteryMv: 3_000,
      presses: 1,
      reason: "call",
      low: false,
      form: "wrist",
    });
  const foundAt = (replayed: number, between: Uint8Array = press(9)): readonly string[] => {
    const checker = new FreshCounters([{ name: "u", bonds: [bond] }]);
    const asks = (atMs: number, sender: string, bytes: Uint8Array, count: number): void => {
      checker.radioed(atMs, sender, bytes);
      checker.radioed(atMs + 30, "unit u", sealed(1, count));
    };
    asks(65_000, "button", press(7), 1);
    asks(75_000, "button", press(8), 2);
    checker.radioed(80_000, "unit u", between);
    checker.started(90_000, 0);
    asks(99_000, "stranger", press(replayed), 3);
    return checker.verdict().found;
  };
  expect(foundAt(7)).toEqual(["unit u, 00:01:39: counter 7 is answered once more"]);
  expect(foundAt(8)).toEqual([]);
  expect(foundAt(7, frame(1, 1, requestCode))).toEqual([]);
});

test("of each device 256 counters are remembered", () => {
  const others = Array.from({ length: 255 }, (_, index) => ["u", frame(1, 100 + index)] as const);
  expect(foundIn(["u", frame(1)], ...others, ["u", frame(2)])).toHaveLength(1);
  expect(foundIn(["u", frame(1)], ...others, ["u", frame(1, 1_000)], ["u", frame(2)])).toEqual([]);
});
