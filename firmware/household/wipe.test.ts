import { expect, test } from "vitest";
import { Bench, Cut } from "../power/test-bench.ts";
import { bondKind, deviceLifeKind, lifeKind, reportKind, unitCountersKind } from "../storage/record-kinds.ts";
import { Life } from "./life.ts";

const secret = new Uint8Array([0xa5, 0x11, 0xd3, 0x5c, 0x77, 0x9e, 0x42, 0x18]);

/** A unit with a client's records and the device's own, in the state "returned". */
function returned(bench: Bench): Life {
  const records = bench.context.records;
  for (const kind of [bondKind, deviceLifeKind, reportKind, 255]) records.write(kind, 7, secret);
  records.write(unitCountersKind, 0, new Uint8Array([1, 2, 3, 4]));
  const life = new Life(bench.context, "in-service", () => {});
  life.order("returned", true);
  life.accepted(1);
  return life;
}

test("after a wipe no byte of the client stands on the flash, and what is of the device does", () => {
  const bench = new Bench();
  const life = returned(bench);
  expect(bench.flashHolds(secret)).toBe(true);
  expect(life.order("wiped", true)).toBeUndefined();
  expect(bench.flashHolds(secret)).toBe(false);
  expect(bench.context.records.read(unitCountersKind, 0)).toEqual(new Uint8Array([1, 2, 3, 4]));
  expect(bench.context.records.read(lifeKind, 0)).toBeDefined();
});

test("a wipe that the power cuts short anywhere is finished at the next start", () => {
  let cuts = 0;
  for (let acts = 0; acts < 60; acts++) {
    const bench = new Bench();
    const life = returned(bench);
    bench.actsLeft = acts;
    try {
      life.order("wiped", true);
    } catch (thrown) {
      if (!(thrown instanceof Cut)) throw thrown;
      cuts++;
    }
    bench.newLife();
    const after = new Life(bench.context, "in-service", () => {});
    expect(["returned", "wiped"]).toContain(after.name);
    expect(bench.flashHolds(secret)).toBe(after.name === "returned");
  }
  expect(cuts).toBeGreaterThan(10);
});
