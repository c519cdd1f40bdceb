import fc from "fast-check";
import { expect, test } from "vitest";
import { bleDefaults, bleFault, burstMs } from "./ble-machine.ts";
import { firstFrameType, legacyCapacity, PartsHeard, partsOf } from "./ble-parts.ts";

const anyPacket = fc
  .tuple(fc.integer({ min: firstFrameType, max: 255 }), fc.uint8Array({ maxLength: 39, size: "max" }))
  .map(([type, rest]) => new Uint8Array([type, ...rest]));

test("every packet of the port comes whole out of its parts, in whichever order they came and however often", () => {
  fc.assert(
    fc.property(
      fc.array(anyPacket, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      (packets, swapped, times) => {
        const heard = new PartsHeard(bleDefaults.sameForMs);
        packets.forEach((packet, run) => {
          const parts = [...partsOf(packet, legacyCapacity, run)];
          for (const part of parts) expect(part.length).toBeLessThanOrEqual(legacyCapacity);
          if (swapped) parts.reverse();
          const whole: Uint8Array[] = [];
          parts.forEach((part, at) => {
            for (let time = 0; time < times; time++) {
              const found = heard.hear(part, 1_000 * run + 100 * at + 10 * time);
              if (found !== undefined) whole.push(found);
            }
          });
          expect(whole).toEqual([packet]);
        });
      },
    ),
  );
});

test("a frame of 24 bytes is one packet as it is, one of 25 is two", () => {
  const frame = new Uint8Array(24).fill(0x21);
  expect(partsOf(frame, legacyCapacity, 0)).toEqual([frame]);
  expect(partsOf(new Uint8Array(25).fill(0x21), legacyCapacity, 0).map(({ length }) => length)).toEqual([24, 3]);
  expect(partsOf(new Uint8Array(40).fill(0x21), 229, 0)).toHaveLength(1);
});

test.each([[new Uint8Array(0)], [new Uint8Array([0x0f, 1])], [new Uint8Array(47).fill(0x21)]])(
  "what cannot be told from a part, or fits no two of them, is a mistake of ours: %j",
  (packet) => {
    expect(() => partsOf(packet, legacyCapacity, 0)).toThrow();
  },
);

test("a copy 450 ms later is a copy, the end of a burst is none", () => {
  const heard = new PartsHeard(bleDefaults.sameForMs);
  const frame = new Uint8Array(24).fill(0x21);
  expect(heard.hear(frame, 1_000)).toEqual(frame);
  expect(heard.hear(frame, 1_000 + burstMs(bleDefaults, bleDefaults.events))).toBe(undefined);
  expect(heard.hear(frame, 1_450)).toEqual(frame);
});

test("half a packet is forgotten after a second, and of five halves at once the oldest", () => {
  const packet = new Uint8Array(40).fill(0x31);
  const [first, second] = partsOf(packet, legacyCapacity, 0) as [Uint8Array, Uint8Array];
  const late = new PartsHeard(300);
  late.hear(first, 0);
  expect(late.hear(second, 1_001)).toBe(undefined);
  for (const others of [3, 4]) {
    const heard = new PartsHeard(300);
    heard.hear(first, 0);
    for (let run = 1; run <= others; run++) heard.hear(new Uint8Array([2 * run, 0x31]), run);
    expect(heard.hear(second, 10) !== undefined).toBe(others === 3);
  }
});

test.each([
  [{}, true],
  [{ intervalMs: 19 }, false],
  [{ intervalMs: 20 }, true],
  [{ intervalMs: 201 }, false],
  [{ events: 0 }, false],
  [{ events: 4 }, false],
  [{ events: 4, intervalMs: 80 }, true],
  [{ sameForMs: 230 }, false],
  [{ sameForMs: 231 }, true],
  [{ sameForMs: 449 }, true],
  [{ sameForMs: 450 }, false],
  [{ company: 0x10000 }, false],
])("settings %j are sound: %j", (change, isSound) => {
  expect(bleFault({ ...bleDefaults, ...change }) === undefined).toBe(isSound);
});
