/** People's habits, receivers that can do only so much, and units that fail, in scenario files, good and bad. */
import { expect, test } from "vitest";
import { parseScenario } from "./scenario-file.ts";

const story = `name: a story
duration: 10h
world:
  receivers:
    primary: { heartbeat: 2m, capacity: { messages-per-second: 2.5, queue: 9 }, operators: { shifts: [{ hours: 07:00-16:00, count: 5 }, { hours: 16:00-22:00, count: 2 }] } }
  operators: { a: }
fleet:
  - { count: 10, name: u, mobile: a, receivers: [primary] }
  - { count: 1, name: v, mobile: a, receivers: [primary], wearers: { falls-per-unit-and-year: 0.5 } }
wearers:
  presses-per-unit-and-day: 0.043
  hours: 06:00-22:00
  at-night: 14 %
  test-press: { forgotten: 10 % }
  away: { times-per-year: 6, for: 1d to 10d }
faults:
  - { from: 1h, group: u, share: 25 %, fault: dead }
  - { from: 2h, to: 3h, unit: u-001, fault: power-cuts, per-day: 12 }
  - { from: 2h, to: 3h, unit: u-001, fault: clock-drift, ppm: -300 }
  - { from: 2h, to: 3h, receiver: primary, fault: loaded, messages-per-second: 0.5 }
`;

test("habits, capacities, shifts and faults of units are read, with what is not said filled in", () => {
  const { world, fleet, wearers, faults } = parseScenario(story, "story.yaml");
  expect(world.receivers[0]).toMatchObject({
    heartbeatMin: 2,
    capacity: { messagesPerThousandSeconds: 2_500, queueLimit: 9, whenFull: "refuse" },
    operators: {
      count: 1,
      shifts: [
        { fromMinute: 420, toMinute: 960, count: 5 },
        { fromMinute: 960, toMinute: 1_320, count: 2 },
      ],
    },
  });
  expect(fleet.map((group) => group.wearers?.fallsPerThousandUnitYears)).toEqual([undefined, 500]);
  expect(wearers).toMatchObject({
    pressesPerThousandUnitDays: 43,
    atNightPpm: 140_000,
    testPress: { everyDays: 30, forgottenPpm: 100_000 },
    heedsPpm: 0,
    away: { perThousandUnitYears: 6_000, for: { leastMs: 86_400_000, mostMs: 864_000_000 }, saysSoPpm: 1_000_000 },
    changesBattery: undefined,
  });
  expect(faults.map((fault) => ("units" in fault ? fault.units : fault.fault))).toEqual([
    ["u-004", "u-008"],
    ["u-001"],
    ["u-001"],
    "loaded",
  ]);
  expect(faults[1]).toMatchObject({ perDay: 12, offFor: { leastMs: 2_000, mostMs: 120_000 } });
});

test.each([
  ["heartbeat: 2m", "heartbeat: 90s", '5:27: "90s" is not a whole number of minutes from 1m to 24h'],
  ["heartbeat: 2m", "heartbeat: 30s", '5:27: "30s" is not a whole number of minutes from 1m to 24h'],
  ["heartbeat: 2m", "heartbeat: 1441m", '5:27: "1441m" is not a whole number of minutes from 1m to 24h'],
  ["hours: 06:00-22:00", "hours: 22:00-06:00", "12:10: expected hours whose end comes after their beginning"],
  ["  hours: 06:00-22:00\n", "", "12:13: there is no time outside the hours"],
  ["for: 1d to 10d", "for: 10d to 1d", '15:35: "10d to 1d" goes from long to short'],
  ["wearers: { falls-per-unit-and-year: 0.5 }", "wearers: { }", "9:68: these people do nothing"],
  ["share: 25 %, fault: dead", "share: 5 %, fault: dead", "17:34: of 10 units this share hits none"],
  ["share: 25 %, fault: dead", "fault: dead, to: 5h", "17:44: what is dead does not come back"],
  ["group: u, share", "group: w, share", '17:24: there is no group "w"'],
  ["unit: u-001, fault: clock", "unit: u-01, fault: clock", '19:31: there is no unit "u-01" (did you mean "u-001"?)'],
  ["clock-drift, ppm: -300", "clock-drift", "19:5: how far does the clock drift?"],
  ["clock-drift, ppm: -300", "clock-drift, ppm: 20000", "19:63: expected a whole number from -10000 to 10000"],
  ["power-cuts, per-day: 12", "frozen-modem, per-day: 12", '18:68: "per-day" belongs to "fault: power-cuts"'],
  ["fault: clock-drift, ppm: -300", "fault: power-cuts", '19:13: unit "u-001" has "fault: power-cuts" at that time'],
  [
    "unit: u-001, fault: power-cuts",
    "unit: u-004, fault: power-cuts",
    '18:13: unit "u-004" has "fault: dead" at that time',
  ],
  ["hours: 16:00-22:00, count", "hours: 15:00-22:00, count", "another shift has some of these hours"],
  ["hours: 16:00-22:00, count", "hours: 22:00-06:00, count", "a night is two shifts"],
  ["messages-per-second: 2.5", "messages-per-second: 0", "expected a number from 0.001 to 10,000"],
  ["receiver: primary, fault: loaded", "receiver: secondary, fault: loaded", 'there is no receiver "secondary"'],
  ["fault: loaded, messages-per-second: 0.5", "fault: slow, messages-per-second: 0.5", "20:51: expected one of loaded"],
])("%s for %s is told with its place", (right, wrong, message) => {
  expect(story).toContain(right);
  expect(() => parseScenario(story.replace(right, wrong), "story.yaml")).toThrow(message);
});

test("planned work is announced for a time after the step, a day at most", () => {
  const announced = `${story}timeline: [{ at: 2h, announce: v, in: 30m, for: 4h }]`;
  const { timeline, startWallMs } = parseScenario(announced, "story.yaml");
  const fromS = startWallMs / 1_000 + 9_000;
  expect(timeline).toEqual([
    { atMs: 7_200_000, visit: { unit: "v", acts: [{ type: "announce", fromS, toS: fromS + 14_400 }] } },
  ]);
  const tooLong = announced.replace("for: 4h", "for: 25h");
  expect(() => parseScenario(tooLong, "story.yaml")).toThrow("21:49: expected a time above 0 and up to 24h");
});
