/** Power areas, keys and batteries in scenario files, good and bad. */
import { expect, test } from "vitest";
import { parseScenario } from "./scenario-file.ts";

const story = `name: a story
duration: 1h
world:
  receivers: { primary: }
  operators: { a: }
  power: { town: }
fleet:
  - { count: 1, name: unit, mobile: a, power: town, receivers: [primary] }
  - { count: 1, name: other, mobile: a, receivers: [primary] }
faults:
  - { from: 1m, to: 2m, power: town, fault: off }
timeline:
  - { at: 5m, press: unit }
  - { at: 6m, key: away, unit: unit, held: long }
  - { at: 7m, key: help, unit: unit }
  - { at: 8m, button-battery: unit }
`;

test("an area's mains can be off, and people touch keys and batteries", () => {
  const { world, fleet, faults, timeline } = parseScenario(story, "story.yaml");
  expect(world.power).toEqual(["town"]);
  expect(fleet.map(({ power }) => power)).toEqual(["town", undefined]);
  expect(faults).toEqual([{ object: "power", name: "town", fault: "off", fromMs: 60_000, toMs: 120_000 }]);
  expect(timeline).toEqual([
    { atMs: 300_000, press: { unit: "unit", button: 1 } },
    { atMs: 360_000, key: { unit: "unit", name: "away", hold: "long" } },
    { atMs: 420_000, key: { unit: "unit", name: "help", hold: "short" } },
    { atMs: 480_000, buttonBattery: { unit: "unit", button: 1 } },
  ]);
});

test.each([
  ["power: town, rec", "power: twon, rec", '8:47: there is no power area "twon" (did you mean "town"?)'],
  ["power: town, fault", "power: twon, fault", '11:32: there is no power area "twon" (did you mean "town"?)'],
  ["fault: off", "fault: down", "11:45: expected one of off"],
  ["key: help", "key: halp", "15:20: expected one of help, cancel, query, presence, away"],
  ["key: help, unit: unit", "key: help, unit: unitt", '15:32: there is no unit "unitt" (did you mean "unit"?)'],
  ["held: long", "held: on", "14:44: expected one of short, long"],
  ["button-battery: unit }", "button-battery: unitt }", '16:31: there is no unit "unitt" (did you mean "unit"?)'],
  ["button-battery: unit }", "button-battery: unit, button: 2 }", 'unit "unit" has only 1 (raise "buttons"'],
])("%s for %s is told with its place", (right, wrong, message) => {
  expect(story).toContain(right);
  expect(() => parseScenario(story.replace(right, wrong), "story.yaml")).toThrow(message);
});
