import { expect, test } from "vitest";
import { benchJournal, cutKinds, journalTables } from "./journal.ts";
import { tableText } from "./table.ts";

/** A clock that goes on by a second at each look. */
function clock(): () => number {
  let nowMs = 0;
  return () => (nowMs += 1000);
}

test("every kind of cut is played in every round, and its speed is what the clock says", () => {
  const result = benchJournal({ rounds: 2, roundMs: 10, nowMs: clock() });
  expect(result.kinds.map(({ name }) => name)).toEqual(cutKinds.map(({ name }) => name));
  for (const kind of result.kinds) {
    expect(kind).toMatchObject({ lost: 0, falselyAccepted: 0, changed: 0 });
    expect(kind.cuts).toBeGreaterThan(20);
    expect(kind.least + kind.most).toBeCloseTo(kind.cuts / 2);
  }
});

test("the table counts what was lost over all kinds", () => {
  const row = { cuts: 1000, median: 10, least: 9, most: 11, changed: 0 };
  const [table] = journalTables({
    bench: "journal",
    kinds: [
      { name: "one", ...row, lost: 0, falselyAccepted: 0 },
      { name: "other", ...row, lost: 2, falselyAccepted: 1 },
    ],
  });
  if (table === undefined) throw new Error("no table");
  expect(tableText(table)).toContain(
    "2,000 power cuts on 3 chips: 2 alarms lost, 1 falsely accepted, 0 other values changed",
  );
  expect(tableText(table)).toMatch(/other +1,000 +10 +9 +11 +2 +1/);
});
