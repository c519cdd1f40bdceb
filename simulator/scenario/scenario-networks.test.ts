/** The words of a file about networks, mains and air: what they become, and how each contradiction is told. */
import { expect, test } from "vitest";
import { ScenarioError } from "./scenario-error.ts";
import { parseScenario } from "./scenario-file.ts";

const story = `name: networks
duration: 10h
world:
  receivers: { primary: }
  operators: { alfa: { generations: [2g, 4g], network-time: 2h behind }, beta: { generation: 3g, network-time: none } }
  cells: { mast: { operator: alfa, power: town, battery: 4h, generator-after: 6h, capacity: 20 } }
  broadband: { stuga: { uplink: mast }, fibre: { power: town, battery: 30m } }
  power: { town: }
fleet:
  - { count: 2, name: u, mobile: mast, roams-to: [beta], generations: [3g, 4g], broadband: fibre, receivers: [primary] }
  - { count: 3, name: v, mobile: alfa, broadband: stuga, power: town, router-battery: 2h, building: trappa, receivers: [primary] }
faults:
  - { from: 1h, to: 2h, operator: [alfa, beta], fault: down }
`;

function mistake(text: string): string {
  try {
    parseScenario(text, "story.yaml");
  } catch (thrown) {
    if (thrown instanceof ScenarioError) return thrown.message;
    throw thrown;
  }
  return "no mistake";
}
const change = (from: string, to: string): string => {
  expect(story).toContain(from);
  return story.replace(from, to);
};
const faulty = (entry: string): string => change("from: 1h, to: 2h, operator: [alfa, beta], fault: down", entry);
const faultsOf = (entry: string) => parseScenario(faulty(entry), "story.yaml").faults;

test("generations, clocks, mains with their backup, uplinks and places to roam to are read", () => {
  const { world, fleet } = parseScenario(story, "story.yaml");
  expect(world.operators).toMatchObject([
    { name: "alfa", generations: ["2g", "4g"], clockErrorMs: -7_200_000 },
    { name: "beta", generations: ["3g"], clockErrorMs: undefined },
  ]);
  expect(world.cells).toEqual([
    {
      name: "mast",
      operator: "alfa",
      generations: ["2g", "4g"],
      signal: 20,
      mains: { area: "town", batteryMs: 14_400_000, generatorAfterMs: 21_600_000 },
      capacityPerSecond: 20,
    },
  ]);
  expect(world.broadband).toMatchObject([
    { name: "stuga", uplink: { operator: "alfa", cell: "mast" }, mains: undefined },
    { name: "fibre", uplink: undefined, mains: { area: "town", batteryMs: 1_800_000, generatorAfterMs: undefined } },
  ]);
  expect(fleet[0]?.mobile).toEqual({
    operator: "alfa",
    cell: "mast",
    roamsTo: [{ operator: "beta", cell: undefined }],
    generations: ["3g", "4g"],
  });
  expect(fleet[1]).toMatchObject({ routerBatteryMs: 7_200_000, building: "trappa" });
});

test("how long a route may go unproven is read in seconds, from three minutes to 25 hours", () => {
  const within = (text: string): string => change("roams-to: [beta]", `proven-within: ${text}`);
  const read = (text: string) => parseScenario(within(text), "story.yaml").fleet.map((group) => group.provenWithinS);
  expect(read("3m")).toEqual([180, undefined]);
  expect(read("25h")).toEqual([90_000, undefined]);
  for (const wrong of ["179s", "90001s", "200500ms"]) expect(mistake(within(wrong))).toContain("3m to 25h");
});

test("a fault of several objects is one of each, at the same time", () => {
  expect(faultsOf("from: 1h, to: 2h, operator: [alfa, beta], fault: down")).toMatchObject([
    { object: "operator", name: "alfa", fromMs: 3_600_000, toMs: 7_200_000 },
    { object: "operator", name: "beta", fromMs: 3_600_000, toMs: 7_200_000 },
  ]);
});

test("a fault that flaps is on from its beginning, again and again, and never beyond its end", () => {
  const minute = 60_000;
  const faults = faultsOf("from: 60m, to: 105m, every: 20m, on: 10m, operator: alfa, fault: no-data");
  expect(faults.map(({ fromMs, toMs }) => [fromMs / minute, toMs / minute])).toEqual([
    [60, 70],
    [80, 90],
    [100, 105],
  ]);
});

test("each fault bears what it does and nothing else", () => {
  expect(faultsOf("from: 1h, cell: mast, fault: congested")[0]).toMatchObject({
    extraDelayMs: 3_000,
    lossPpm: 200_000,
  });
  expect(faultsOf("from: 1h, cell: mast, fault: congested, delay: 1s, loss: 5 %")[0]).toMatchObject({
    extraDelayMs: 1_000,
    lossPpm: 50_000,
  });
  expect(faultsOf("from: 1h, operator: alfa, fault: wrong-time")[0]).toMatchObject({ clockErrorMs: 3_600_000 });
  expect(faultsOf("from: 1h, operator: alfa, fault: wrong-time, clock: 30s behind")[0]).toMatchObject({
    clockErrorMs: -30_000,
  });
  expect(faultsOf("from: 1h, operator: alfa, generation: 2g, fault: gone")[0]).toMatchObject({ generation: "2g" });
  expect(faultsOf("from: 1h, building: [trappa, u-002], fault: jammed, loss: 40 %")).toMatchObject([
    { object: "building", name: "trappa", lossPpm: 400_000 },
    { object: "building", name: "u-002", lossPpm: 400_000 },
  ]);
});

test("the bursts of one entry hit the same units, and two entries others", () => {
  const keys = faultsOf(
    "from: 1h, to: 2h, every: 20m, on: 1m, share: 30 %, operator: alfa, fault: down }\n  - { from: 3h, share: 30 %, operator: alfa, fault: down",
  ).map(({ share }) => share?.key);
  expect(new Set(keys.slice(0, 3)).size).toBe(1);
  expect(keys[3]).not.toBe(keys[0]);
});

test("two generations of one operator fail by themselves, but not beside the operator as a whole", () => {
  const two = (second: string): string =>
    faulty(`from: 1h, operator: alfa, generation: 2g, fault: gone }\n  - { from: 2h, ${second}`);
  expect(mistake(two("operator: alfa, generation: 4g, fault: down"))).toBe("no mistake");
  for (const second of ["operator: alfa, fault: down", "operator: alfa, generation: 2g, fault: down"])
    expect(mistake(two(second))).toContain('story.yaml:14:13: operator "alfa" already has a fault at that time');
});

test.each([
  [
    "two ways of saying the generation",
    change("generation: 3g", "generation: 3g, generations: [4g]"),
    'story.yaml:5:94: "generations" says it already',
  ],
  ["a battery where the mains never goes", change("power: town, battery: 4h", "battery: 4h"), "its mains never goes"],
  ["a place without mains", change("power: town, battery: 30m", "power: twon"), 'there is no power area "twon"'],
  ["an uplink to nowhere", change("uplink: mast", "uplink: masd"), 'there is no operator or cell "masd"'],
  ["a strange time", change("2h behind", "2h late"), 'expected right, none, or a time such as "1h ahead"'],
  ["roaming to itself", change("[beta]", "[alfa]"), '"alfa" is of its own operator "alfa"'],
  ["roaming twice", change("[beta]", "[beta, beta]"), 'story.yaml:10:57: "beta" is named twice'],
  [
    "roaming without a modem",
    change("mobile: mast, ", "policy: broadband-only, "),
    '"roams-to" needs a mobile route (add "mobile:")',
  ],
  [
    "a modem that can nothing there",
    change("[3g, 4g]", "[3g]"),
    'story.yaml:10:71: "mast" has none of these (it has 2g, 4g)',
  ],
  ["a router that is not there", change("broadband: stuga, power", "power"), "the group has no broadband router"],
  [
    "a router whose mains never goes",
    change("broadband: stuga, power: town", "broadband: stuga"),
    "its mains never goes",
  ],
  [
    "too many in one building",
    change("count: 3", "count: 129"),
    '"trappa" has 258 units, buttons and accessories, more than 256',
  ],
  ["a fault of nothing", faulty("from: 1h, operator: [], fault: down"), "a list of 1 to 100 entries"],
  [
    "one that is not there",
    faulty("from: 1h, operator: [alfa, bet], fault: down"),
    'story.yaml:13:34: there is no operator "bet"',
  ],
  ["one object twice", faulty("from: 1h, operator: [alfa, alfa], fault: down"), 'operator "alfa" already has a fault'],
  ["bursts without an end", faulty("from: 1h, every: 20m, operator: alfa, fault: down"), '"every" needs "on"'],
  ["bursts without a pace", faulty("from: 1h, on: 20m, operator: alfa, fault: down"), '"on" needs "every"'],
  [
    "bursts that never pause",
    faulty("from: 1h, every: 5m, on: 5m, operator: alfa, fault: down"),
    'a time above 0 and below "every"',
  ],
  [
    "bursts of what is gone",
    faulty("from: 1h, every: 5m, on: 1m, operator: alfa, fault: gone"),
    "what is gone does not come back",
  ],
  ["a storm of bursts", faulty("from: 1h, every: 100ms, on: 1ms, operator: alfa, fault: down"), "more than 1000 times"],
  ["a share of nobody", faulty("from: 1h, share: 0 %, operator: alfa, fault: down"), "expected a share above 0 %"],
  [
    "a generation that it does not run",
    faulty("from: 1h, operator: alfa, generation: 3g, fault: gone"),
    '"alfa" runs 2g, 4g',
  ],
  [
    "a generation for some",
    faulty("from: 1h, operator: alfa, generation: 2g, share: 10 %, fault: gone"),
    "a generation fails for all who use it",
  ],
  [
    "the time of one generation",
    faulty("from: 1h, operator: alfa, generation: 2g, fault: wrong-time"),
    "an operator tells one time in all its generations",
  ],
  [
    "a delay that means nothing",
    faulty("from: 1h, operator: alfa, fault: down, delay: 1s"),
    '"delay" belongs to "fault: slow" or "fault: congested"',
  ],
  [
    "a loss that means nothing",
    faulty("from: 1h, operator: alfa, fault: slow, loss: 1 %"),
    '"loss" belongs to "fault: lossy" or "fault: congested"',
  ],
  [
    "a clock that means nothing",
    faulty("from: 1h, operator: alfa, fault: slow, clock: 1h ahead"),
    '"clock" belongs to "fault: wrong-time"',
  ],
  [
    "a building that is not there",
    faulty("from: 1h, building: u, fault: jammed"),
    'there is no building "u" (buildings here: u-001, u-002, trappa)',
  ],
])("%s is refused with its place", (_what, text, message) => {
  expect(mistake(text)).toContain(message);
});
