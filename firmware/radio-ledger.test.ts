import fc from "fast-check";
import { expect, test } from "vitest";
import { AirtimeLedger, silentAboveUs } from "./radio-ledger.ts";

const hourMs = 3_600_000;

test("whoever obeys the ledger never sends more than 3.6 s within any hour", () => {
  const anyUse = fc.array(fc.tuple(fc.nat(600_000), fc.integer({ min: 20_000, max: 45_834 })), { maxLength: 400 });
  fc.assert(
    fc.property(anyUse, fc.integer({ min: 1, max: 1_000 }), (uses, hurry) => {
      const ledger = new AirtimeLedger();
      const booked: { readonly atMs: number; readonly airUs: number }[] = [];
      let nowMs = 0;
      for (const [pauseMs, airUs] of uses) {
        nowMs += Math.floor(pauseMs / hurry);
        if (ledger.roomFor(nowMs, airUs) === "none") continue;
        ledger.book(nowMs, airUs);
        booked.push({ atMs: nowMs, airUs });
        const since = nowMs - hourMs;
        const sum = booked.reduce((total, use) => (use.atMs > since ? total + use.airUs : total), 0);
        expect(sum).toBeLessThanOrEqual(silentAboveUs);
        expect(ledger.bookedUs(nowMs)).toBeGreaterThanOrEqual(sum);
      }
    }),
    { numRuns: 60 },
  );
});

test("room narrows at 2.4 s, at 2.8 s and at 3.6 s, and the frame that would cross a limit counts", () => {
  const ledger = new AirtimeLedger();
  ledger.book(0, 2_400_000);
  expect(ledger.roomFor(0, 32_500)).toBe("free");
  ledger.book(0, 100);
  expect(ledger.roomFor(0, 32_500)).toBe("thin");
  ledger.book(0, 367_400);
  expect(ledger.roomFor(0, 32_500)).toBe("thin");
  ledger.book(0, 100);
  expect(ledger.roomFor(0, 32_500)).toBe("reserve");
  ledger.book(0, 799_900);
  expect(ledger.roomFor(0, 32_500)).toBe("reserve");
  ledger.book(0, 100);
  expect(ledger.roomFor(0, 32_500)).toBe("none");
});

test("an hour later, and after a gap of any length, the room is back", () => {
  for (const gapMs of [61 * 60_000, 62 * 60_000, 30 * hourMs]) {
    const ledger = new AirtimeLedger();
    ledger.book(59_000, 3_600_000);
    expect(ledger.roomFor(59_000 + hourMs - 1_000, 32_500)).toBe("none");
    expect(ledger.roomFor(gapMs, 32_500)).toBe("free");
    expect(ledger.bookedUs(gapMs)).toBe(0);
  }
});
