/** What stands in homes, and what people do there at given times, in scenario files, good and bad. */
import { expect, test } from "vitest";
import { parseScenario } from "./scenario-file.ts";
import { type TimelineStep, unitOf } from "./timeline.ts";

const head = `name: a story
duration: 40h
world:
  receivers: { primary: }
  operators: { a: }
fleet:
  - name: u
    count: 2
    mobile: a
    receivers: [primary]
    buttons: 2
    radio: sx1262
    radio-loss: 20 %
    walls: 12 dB
    memory-used: 92 %
    inactivity: 12h
    button-charge: 12.5 %
    accessories:
      - { kind: door, name: hall, hours: 22:00-06:00, pre-alarm: 45s, open-at-most: 10m, charge: 40 % }
      - { kind: door }
      - { kind: smoke }
  - { name: new, count: 1, mobile: a, receivers: [primary], life: stored, accessories: [{ kind: bed }] }
timeline:
`;

function stepsOf(...steps: readonly string[]): readonly TimelineStep[] {
  return parseScenario(head + steps.map((step) => `  - { ${step} }\n`).join(""), "story.yaml").timeline;
}

test("a home's radio, walls, charges and accessories are what the file says, and a plain home has none of it", () => {
  const { fleet } = parseScenario(`${head}  - { at: 1h, press: u-001 }\n`, "story.yaml");
  const plain = { kind: "door", name: "door", door: undefined, chargePermille: 1_000 };
  expect(fleet[0]?.home).toEqual({
    radio: "sx1262",
    radioLossPpm: 200_000,
    wallsDb: 12,
    buttonChargePermille: 125,
    memoryUsedPpm: 920_000,
    accessories: [
      {
        kind: "door",
        name: "hall",
        door: { fromMinute: 1_320, toMinute: 360, preAlarmMs: 45_000, tooLongMs: 600_000 },
        chargePermille: 400,
      },
      plain,
      { ...plain, kind: "smoke", name: "smoke" },
    ],
    inactivityMs: 43_200_000,
    life: "in-service",
  });
  expect(fleet[1]?.home).toMatchObject({
    radio: "direct",
    radioLossPpm: undefined,
    wallsDb: 0,
    buttonChargePermille: 1_000,
    memoryUsedPpm: 0,
    inactivityMs: 0,
  });
  expect(fleet[1]?.home.life).toBe("stored");
});

test("each step names a unit and what happens there, in the order of time", () => {
  const steps = stepsOf(
    "at: 3h, lose-button: u-001, button: 2",
    "at: 1h, fall: u-001, taken-back-after: 8s",
    "at: 2h, range: out, unit: u-001",
    "at: 2.5h, range: home, unit: u-001",
    "at: 4h, find-button: u-001, button: 2",
    "at: 5h, accessory: hall, unit: u-001, happens: alarm",
    "at: 6h, accessory-battery: smoke, unit: u-001",
    "at: 7h, handle: opened, unit: u-001",
  );
  const button = { unit: "u-001", button: 1 };
  const hourMs = 3_600_000;
  expect(steps).toEqual([
    { atMs: hourMs, fall: button, takenBackAfterMs: 8_000 },
    { atMs: 2 * hourMs, range: button, isOut: true },
    { atMs: 2.5 * hourMs, range: button, isOut: false },
    { atMs: 3 * hourMs, lost: { ...button, button: 2 }, isFound: false },
    { atMs: 4 * hourMs, lost: { ...button, button: 2 }, isFound: true },
    { atMs: 5 * hourMs, accessory: { unit: "u-001", place: 3 }, happens: "alarm" },
    { atMs: 6 * hourMs, accessoryBattery: { unit: "u-001", place: 5 } },
    { atMs: 7 * hourMs, handle: { unit: "u-001", how: "opened" } },
  ]);
  expect(steps.map(unitOf)).toEqual(steps.map(() => "u-001"));
});

test("a stairwell that is full of devices takes no new button", () => {
  const full = head
    .replace("walls: 12 dB", "building: trappa")
    .replace("count: 2", "count: 42")
    .replace("- { name: new, count: 1", "- { name: new, building: trappa, count: 1");
  const story = (steps: string): string => `${full}${steps}`;
  const step = (unit: string): string => `  - { at: 1h, replace-button: ${unit} }\n`;
  expect(parseScenario(story(step("u-001")), "story.yaml").timeline).toHaveLength(1);
  expect(() => parseScenario(story(step("u-001") + step("u-002")), "story.yaml")).toThrow(
    '"trappa" has no air for one more device: it has 256',
  );
});

test("service people pair for the wearer of the old button, and the new one has the next free number", () => {
  expect(
    stepsOf(
      "at: 1h, revoke-button: u-001, button: 2",
      "at: 2h, replace-button: u-001, button: 2",
      "at: 3h, press: u-001, button: 6",
    ),
  ).toMatchObject([
    { visit: { unit: "u-001", acts: [{ type: "revoke", place: 2 }] } },
    {
      visit: {
        acts: [
          { type: "pair", place: 6, person: 2 },
          { type: "prove", place: 6 },
        ],
      },
    },
    { press: { button: 6 } },
  ]);
});

test("an installer goes by the states of a unit's life, pairs everything, proves everything, and puts it into service", () => {
  const ofLife = (life: string): object => ({ type: "life", life });
  const both = (type: string): object[] => [1, 2].map((place) => expect.objectContaining({ type, place }));
  expect(stepsOf("at: 1h, install: new")).toMatchObject([
    {
      visit: {
        acts: [ofLife("prepared"), ofLife("installed"), ...both("pair"), ...both("prove"), ofLife("in-service")],
      },
    },
  ]);
});

test.each([
  ["at: 1h, press: u-001, button: 3", 'number 3 of "u-001" is no button but its "hall"'],
  ["at: 1h, press: u-001, button: 6", 'unit "u-001" has only 2 (raise "buttons"'],
  ["at: 1h, fall: u-003", 'there is no unit "u-003" (did you mean "u-001"?)'],
  ["at: 1h, accessory: smok, unit: u-001, happens: alarm", 'unit "u-001" has no "smok" (did you mean "smoke"?)'],
  ["at: 1h, accessory: bed, unit: u-001, happens: alarm", 'unit "u-001" has no "bed"'],
  ["at: 1h, accessory: hall, unit: u-001, happens: restored", "nothing is to be over"],
  ["at: 1h, accessory: hall, unit: u-001, happens: opened", "expected one of alarm, restored"],
  ["at: 1h, range: home, unit: u-001", 'button 1 of "u-001" is at home already'],
  ["at: 1h, find-button: u-001", 'button 1 of "u-001" is not lost'],
  ["at: 1h, install: u-001", 'is in-service at that time, and installed already (give its group "life: prepared"'],
  ["at: 10s, install: new", "nobody can be at a unit that is not switched on yet"],
  ["at: 1h, life: stored, unit: u-001", 'unit "u-001" is in-service at that time, and cannot go from there to stored'],
  ["at: 1h, life: sold, unit: u-001", "expected one of stored, prepared"],
  ["at: 1h, handle: closed, unit: u-001", 'unit "u-001" is closed already'],
  ["at: 1h, revoke-button: new", 'unit "new" is stored at that time, and hears no button'],
  ["at: 41h, handle: opened, unit: u-001", "this is after the run has ended"],
])("%s is refused: %s", (step, message) => {
  expect(() => stepsOf(step)).toThrow(message);
});

test.each([
  ["at: 1h, lose-button: u-001", "at: 2h, press: u-001", 'button 1 of "u-001" is lost at that time'],
  ["at: 2h, press: u-001, button: 6", "at: 3h, replace-button: u-001", 'unit "u-001" has only 2'],
  ["at: 1h, lose-button: u-001", "at: 2h, button-battery: u-001", 'button 1 of "u-001" is lost at that time'],
  ["at: 1h, revoke-button: u-001", "at: 2h, revoke-button: u-001", "is out of use already"],
  ["at: 1h, replace-button: u-001", "at: 2h, replace-button: u-001", "was replaced already"],
  ["at: 1h, handle: switched-off, unit: u-001", "at: 2h, life: returned, unit: u-001", "is switched off at that time"],
  ["at: 1h, handle: unplugged, unit: u-001", "at: 2h, handle: moved, unit: u-001", "is unplugged already"],
  ["at: 1h, life: returned, unit: u-001", "at: 2h, life: suspended, unit: u-001", "is returned at that time"],
  [
    "at: 1h, accessory: hall, unit: u-001, happens: alarm",
    "at: 2h, accessory: hall, unit: u-001, happens: alarm",
    "has said so already",
  ],
  ["at: 1h, install: new", "at: 2h, install: new", 'unit "new" is in-service at that time'],
])("%s, then %s is refused: %s", (first, second, message) => {
  expect(() => stepsOf(first, second)).toThrow(message);
});

test.each([
  ["kind: smoke }", "kind: smoke, hours: 22:00-06:00 }", 'only a door has "hours" (this is a smoke)'],
  ["- { kind: door }", "- { kind: door, name: hall }", '"hall" is there already (give each its own "name")'],
  ["- { kind: door }", "- { kind: door, pre-alarm: 20s }", "a pre-alarm needs hours"],
  ["pre-alarm: 45s", "pre-alarm: 10m", "a door's pre-alarm must be 0 to 300 s"],
  ["open-at-most: 10m", "open-at-most: 10s", "a door may stand open for 1 minute to 24 hours"],
  ["hours: 22:00-06:00", "hours: 22:00-22:00", "these hours have no length"],
  ["walls: 12 dB", "walls: 12", 'expected an attenuation such as "12 dB"'],
  ["radio-loss: 20 %", "radio-loss: 200 %", "a share is at most 100 %"],
  ["life: stored", "life: wiped", "expected one of stored, prepared, installed"],
  ["buttons: 2", "buttons: 30", "a unit has room for 32 buttons and accessories, not for 33"],
])("%s for %s is told: %s", (right, wrong, message) => {
  expect(head).toContain(right);
  expect(() => parseScenario(`${head.replace(right, wrong)}  - { at: 1h, press: u-001 }\n`, "story.yaml")).toThrow(
    message,
  );
});
