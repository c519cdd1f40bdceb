import fc from "fast-check";
import { expect, test } from "vitest";
import { bondToldFrame } from "./bond-frame.ts";
import { decodeEnvelope, openAs } from "./envelope.ts";
import type { World } from "./model/arbitraries.ts";
import { aesOf, anyActs, play, settle, worldOf } from "./model/arbitraries.ts";

test("in peace both sides end with the same new key, in six frames of at most 24 bytes", () => {
  for (const bonded of [false, true]) {
    const world = worldOf(bonded);
    world.unit.windowOpen = true;
    world.device.start();
    settle(world);
    expect(world.device.key).not.toBe("44".repeat(16));
    expect(world.device.key).toBeDefined();
    expect(world.unit.keys()).toEqual([world.device.key, undefined]);
    for (const packet of world.air) expect(packet.length).toBeLessThanOrEqual(24);
    expect(world.air.length).toBe(6);
    expect(decodeEnvelope(world.air[5] as Uint8Array)).toMatchObject({ ok: true, value: { code: 0x27 } });
  }
});

test("no order, loss, replay, change or foreign message pairs anybody with one who lacks the label key", () => {
  let paired = 0;
  fc.assert(
    fc.property(fc.boolean(), anyActs, (bonded, acts) => {
      const world = worldOf(bonded);
      for (const act of acts) {
        const before = world.device.key;
        play(world, act, true);
        expect([world.stranger.key, world.stranger.trying]).toEqual([undefined, undefined]);
        expect(world.strangeUnit.keys()).toEqual([undefined, undefined]);
        if (world.device.key !== before && world.device.key !== undefined) {
          paired++;
          expect(world.unit.keys()).toContain(world.device.key);
        }
      }
    }),
    { numRuns: 250 },
  );
  expect(paired).toBeGreaterThan(10);
});

test("at no moment does the unit lack the key that the button calls with, and only a revoke takes it from the button", () => {
  fc.assert(
    fc.property(fc.boolean(), anyActs, fc.boolean(), (bonded, acts, mayRevoke) => {
      const world = worldOf(bonded);
      let had = bonded;
      for (const act of acts) {
        play(world, act, mayRevoke);
        const { device, unit } = world;
        if (device.key !== undefined) expect(unit.keys()).toContain(device.key);
        had = had || device.key !== undefined;
        if (had && device.key === undefined) expect(device.wiped).toBeGreaterThan(0);
        if (world.revokes === 0) expect(device.wiped).toBe(0);
      }
    }),
    { numRuns: 250 },
  );
});

test("the unit raises what the button said, each once, whatever is replayed", () => {
  fc.assert(
    fc.property(anyActs, (acts) => {
      const world = worldOf(true);
      for (const act of acts) play(world, act, false);
      expect(new Set(world.unit.raised).size).toBe(world.unit.raised.length);
      const said = world.air.flatMap((packet) => {
        const header = decodeEnvelope(packet);
        return header.ok && header.value.code === 0x27 ? [String(header.value.counter)] : [];
      });
      for (const raised of world.unit.raised) expect(said).toContain(raised.split(" ")[1]);
    }),
    { numRuns: 150 },
  );
});

test("whatever happened, the next exchanges in peace end with one key on both sides", () => {
  fc.assert(
    fc.property(fc.boolean(), anyActs, (bonded, acts) => {
      const world = worldOf(bonded);
      for (const act of acts) play(world, act, true);
      world.device.stop();
      world.unit.revoked = false;
      world.unit.windowOpen = true;
      for (let attempt = 0; attempt < 2; attempt++) {
        world.device.start();
        settle(world);
        world.device.stop();
      }
      expect(world.device.key).toBeDefined();
      expect(world.unit.keys()).toEqual([world.device.key, undefined]);
    }),
    { numRuns: 250 },
  );
});

test("a recorded welcome or revoke moves nobody: it names a frame that is not the newest any more", () => {
  const world = worldOf(true);
  world.unit.revoked = true;
  world.device.press();
  world.unit.hear(world.air[0] as Uint8Array);
  const revoke = world.air[1] as Uint8Array;
  world.unit.revoked = false;
  world.device.press();
  world.device.hear(revoke);
  expect(world.device.wiped).toBe(0);
  world.unit.revoked = true;
  world.unit.hear(world.air[2] as Uint8Array);
  world.device.hear(world.air[3] as Uint8Array);
  expect([world.device.wiped, world.device.key]).toEqual([1, undefined]);
  expect(openAs(bondToldFrame, aesOf("44".repeat(16)), world.air[4] as Uint8Array)).toMatchObject({
    ok: true,
    value: { value: { phase: "leaving" } },
  });
});

/** The packets that `act` puts on the air, which nobody hears by itself. */
function said(world: World, act: () => void): Uint8Array[] {
  const before = world.air.length;
  act();
  return world.air.slice(before);
}

/** One exchange up to the device's joining, which is the answer, unheard. */
function joining(world: World): Uint8Array {
  world.unit.windowOpen = true;
  const request = said(world, () => world.device.start())[0] as Uint8Array;
  const offer = said(world, () => world.unit.hear(request))[0] as Uint8Array;
  return said(world, () => world.device.hear(offer))[1] as Uint8Array;
}

test("a welcome that names an older joining moves nobody; the one to the newest does", () => {
  const world = worldOf(true);
  const first = joining(world);
  const early = said(world, () => world.unit.hear(first))[0] as Uint8Array;
  const second = said(world, () => world.device.retry())[0] as Uint8Array;
  world.device.hear(early);
  expect(world.device.key).toBe("44".repeat(16));
  const welcome = said(world, () => world.unit.hear(second))[0] as Uint8Array;
  world.device.hear(welcome);
  expect(world.unit.keys()).toEqual(["44".repeat(16), world.device.key]);
});

test("a joining of an earlier exchange that comes late does not take away the key of a later one", () => {
  const world = worldOf(true);
  const late = joining(world);
  const second = joining(world);
  const welcome = said(world, () => world.unit.hear(second))[0] as Uint8Array;
  world.device.hear(welcome);
  expect(world.device.key).not.toBe("44".repeat(16));
  world.unit.hear(late);
  expect(world.unit.keys()).toContain(world.device.key);
});

test("a call of before the joining that comes late does not take away the new key", () => {
  const world = worldOf(true);
  const late = said(world, () => world.device.press())[0] as Uint8Array;
  const first = joining(world);
  const welcome = said(world, () => world.unit.hear(first))[0] as Uint8Array;
  world.device.hear(welcome);
  world.unit.hear(late);
  expect(world.unit.raised.length).toBe(1);
  expect(world.unit.keys()).toContain(world.device.key);
});
