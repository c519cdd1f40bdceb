import fc from "fast-check";
import { expect, test } from "vitest";
import { AirtimeBook } from "./airtime-book.ts";

const hourMs = 3_600_000;

test("the last hour and the worst hour are what a plain list of all transmissions says", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(hourMs), fc.integer({ min: 1, max: 46_000 })), { maxLength: 60 }),
      fc.nat(2 * hourMs),
      (sends, laterMs) => {
        const book = new AirtimeBook();
        const all: { atMs: number; us: number }[] = [];
        let nowMs = 0;
        let worstUs = 0;
        const lastHour = () => all.filter(({ atMs }) => atMs > nowMs - hourMs).reduce((sum, { us }) => sum + us, 0);
        for (const [gapMs, us] of sends) {
          nowMs += gapMs;
          all.push({ atMs: nowMs, us });
          book.book(nowMs, us);
          worstUs = Math.max(worstUs, lastHour());
        }
        nowMs += laterMs;
        expect(book.read(nowMs)).toMatchObject({
          packets: all.length,
          totalUs: all.reduce((sum, { us }) => sum + us, 0),
          lastHourUs: lastHour(),
          worstHourUs: worstUs,
        });
      },
    ),
  );
});

test("a transmission counts for exactly one hour from its start", () => {
  const book = new AirtimeBook();
  book.book(1000, 32_500);
  expect(book.read(1000 + hourMs - 1).lastHourUs).toBe(32_500);
  expect(book.read(1000 + hourMs).lastHourUs).toBe(0);
  expect(book.read(1000 + hourMs)).toMatchObject({ worstHourUs: 32_500, worstAtMs: 1000 });
});

test("a year of steady sending keeps no more than the last hours in memory", () => {
  const book = new AirtimeBook();
  for (let i = 0; i < 100_000; i++) book.book(i * 300_000, 32_500);
  expect((book as unknown as { starts: number[] }).starts.length).toBeLessThan(1100);
  expect(book.read(99_999 * 300_000)).toMatchObject({ packets: 100_000, lastHourUs: 12 * 32_500 });
});
