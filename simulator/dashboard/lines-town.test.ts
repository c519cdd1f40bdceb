import { expect, test } from "vitest";
import { LinesTown, mostUnits } from "./lines-town.ts";

const line = (value: object): string => JSON.stringify(value);
const stem = "Q4T8A000001S";

function pressed(town: LinesTown): void {
  town.take("kitchen", line({ type: "pressed", t: 1_000, stem: null, ref: null, route: null }), 1_000);
  town.take("kitchen", line({ type: "stored", t: 1_100, stem, ref: null, route: null }), 1_100);
}

test("a unit's press waits until it is accepted, and the wait is told once", () => {
  const town = new LinesTown();
  pressed(town);
  expect(town.storyUnits().map(({ id }) => id)).toEqual(["kitchen"]);
  expect(town.marks(1_200)).toBe("w");
  expect(town.waiting()).toMatchObject([{ unit: "kitchen", pressedMs: 1_000, at: "stored" }]);
  town.take(
    "kitchen",
    line({ type: "carried", t: 1_300, stem, ref: `${stem}000`, route: "broadband", attempt: 2 }),
    1_300,
  );
  expect(town.waiting()).toMatchObject([{ at: "carried", attempts: 2 }]);
  town.take("kitchen", line({ type: "accepted", t: 1_500, stem, ref: `${stem}000`, route: "broadband" }), 1_500);
  expect(town.waits).toEqual([{ pressedMs: 1_000, tookMs: 500, route: "broadband" }]);
  expect(town.counts()).toMatchObject({ presses: 1, accepted: 1, waiting: 0 });
  expect([town.marks(1_600), town.marks(60_000)]).toEqual(["a", "r"]);
});

test("what a receiver hears of an account is put to the unit as soon as both have named one alarm", () => {
  const town = new LinesTown();
  town.take("receiver", line({ type: "heartbeat", t: 5, cid: "4600000001", ref: "" }), 500);
  expect(town.storyUnits().map(({ id }) => id)).toEqual(["4600000001"]);
  pressed(town);
  const before = town.version;
  town.take("receiver", line({ type: "alarm", t: 5, cid: "4600000001", ref: `${stem}000`, answer: "snu 0" }), 1_400);
  expect(town.storyUnits().map(({ id }) => id)).toEqual(["kitchen"]);
  expect(town.version).toBeGreaterThan(before);
  const opened = town.opened("kitchen", 1_500);
  expect(opened?.cid).toBe("4600000001");
  expect(opened?.notes.map(({ by, what }) => `${by} ${what}`)).toEqual([
    "receiver alarm",
    "alarm stored",
    "person pressed",
  ]);
});

test("lines of nobody's are passed over, and units are counted no further than a map can hold", () => {
  const town = new LinesTown();
  for (const text of ["", "null", "7", "{", '"x"', line({ type: "hello" }), line({ cid: 7 }), line({ stem })])
    town.take("x", text, 1);
  expect(town.storyUnits()).toEqual([]);
  for (let i = 0; i <= mostUnits; i++) town.take("r", line({ type: "alarm", cid: String(i), ref: "" }), 1);
  expect(town.storyUnits()).toHaveLength(mostUnits);
});
