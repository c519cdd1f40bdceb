import { expect, test } from "vitest";
import { playSmall, redOf, type SmallWorld } from "./play-bench.ts";
import type { RunPress, RunResult } from "./record/run-result.ts";

const startWallMs = Date.UTC(2026, 0, 14, 5);
const pressedMs = 240_000;
const silent = "from: 3m, to: 12m, receiver: primary, fault: silent-after-200";
const broadbandOnly = "broadband: fibre, policy: broadband-only";
const both = ["primary", "secondary"] as const;

interface Story extends SmallWorld {
  readonly title: string;
  /** The receiver that accepts; undefined: nobody does, and the wearer is told to wait. */
  readonly by: "primary" | "secondary" | undefined;
  readonly route?: "mobile" | "broadband";
  /** From the press to its acceptance, in seconds. */
  readonly within?: number;
  readonly notBefore?: number;
  /** Cases left open at the end: 1 unless said. */
  readonly cases?: number;
}

const accepted: readonly Story[] = [
  { title: "a healthy home is served over mobile", by: "primary", route: "mobile", within: 3 },
  {
    title: "a home with broadband alone is served",
    home: broadbandOnly,
    by: "primary",
    route: "broadband",
    within: 3,
  },
  { title: "a home with mobile alone is served", home: "mobile: alfa", by: "primary", route: "mobile", within: 3 },
  {
    title: "broadband first means broadband first",
    home: "mobile: alfa, broadband: fibre, policy: broadband-first",
    by: "primary",
    route: "broadband",
    within: 3,
  },
  {
    title: "mobile gone: broadband carries it",
    faults: ["from: 3m, operator: alfa, fault: gone"],
    by: "primary",
    route: "broadband",
    within: 10,
  },
  {
    title: "mobile that carries nothing: broadband carries it",
    faults: ["from: 3m, operator: alfa, fault: no-data"],
    by: "primary",
    route: "broadband",
    within: 10,
  },
  {
    title: "broadband down: mobile carries it",
    faults: ["from: 3m, broadband: fibre, fault: down"],
    by: "primary",
    route: "mobile",
    within: 3,
  },
  {
    title: "both routes down, then back: the alarm has waited",
    faults: ["from: 3m, to: 10m, operator: alfa, fault: down", "from: 3m, to: 12m, broadband: fibre, fault: down"],
    by: "primary",
    notBefore: 360,
    within: 600,
  },
  {
    title: "a silent server and no second receiver: accepted once it is back",
    faults: [silent],
    by: "primary",
    notBefore: 480,
    within: 480 + 120,
  },
  {
    title: "a silent server and a second receiver: nobody waits",
    faults: [silent],
    receivers: both,
    by: "secondary",
    within: 15,
  },
  { title: "reject: the second receiver takes it", primary: "reject", receivers: both, by: "secondary", within: 10 },
  { title: "busy: the second receiver takes it", primary: "busy", receivers: both, by: "secondary", within: 10 },
  {
    title: "wrong-ref: the second receiver takes it",
    primary: "wrong-ref",
    receivers: both,
    by: "secondary",
    within: 15,
  },
  {
    title: "refuse-connect: the second receiver takes it",
    primary: "refuse-connect",
    receivers: both,
    by: "secondary",
    within: 30,
  },
  {
    title: "silent-open: the second receiver takes it",
    primary: "silent-open",
    receivers: both,
    by: "secondary",
    within: 30,
  },
  { title: "dies: the second receiver takes it", primary: "dies", receivers: both, by: "secondary", within: 30 },
  {
    title: "hold: after three minutes the second receiver takes it",
    primary: "hold",
    receivers: both,
    by: "secondary",
    notBefore: 180,
    within: 200,
  },
  { title: "duplicate: said twice, taken once", primary: "duplicate", by: "primary", within: 3 },
  { title: "slow: nine seconds are waited for", primary: "slow", by: "primary", notBefore: 9, within: 15 },
  {
    title: "late: an answer after the first round still counts",
    primary: "late",
    by: "primary",
    notBefore: 25,
    within: 40,
  },
  {
    title: "late, and a second receiver: whoever is first",
    primary: "late",
    receivers: both,
    by: "secondary",
    within: 15,
  },
];
const waiting: readonly Story[] = [
  { title: "a silent server that never comes back", primary: "silent-after-200", by: undefined, cases: 0 },
  { title: "reject, and nobody else", primary: "reject", by: undefined, cases: 0 },
  { title: "busy, and nobody else", primary: "busy", by: undefined, cases: 0 },
  { title: "wrong-ref, and nobody else: never accepted by it", primary: "wrong-ref", by: undefined, cases: 0 },
  { title: "refuse-connect, and nobody else", primary: "refuse-connect", by: undefined, cases: 0 },
  { title: "dies, and nobody else", primary: "dies", by: undefined, cases: 0 },
  { title: "hold, and nobody else: the case stands, help is not promised", primary: "hold", by: undefined, cases: 1 },
  {
    title: "both routes gone for good",
    faults: ["from: 3m, operator: alfa, fault: gone", "from: 3m, broadband: fibre, fault: gone"],
    by: undefined,
    cases: 0,
  },
];

function only(result: RunResult): RunPress {
  expect(result.presses).toHaveLength(1);
  return result.presses[0] as RunPress;
}

/** The unit's clock runs in whole seconds and was set over a network. */
function expectTrueTime(press: RunPress): void {
  const told = Date.parse(press.reportedTime ?? "") - startWallMs;
  expect(Math.abs(told - press.pressedMs)).toBeLessThanOrEqual(2_000);
}

for (const story of accepted)
  test(story.title, async () => {
    const result = await playSmall(story);
    const press = only(result);
    expect(redOf(result)).toEqual([]);
    expect({ by: press.acceptedBy, route: press.route }).toEqual({ by: story.by, route: story.route ?? press.route });
    const afterS = ((press.acceptedMs ?? Number.NaN) - pressedMs) / 1000;
    expect(afterS).toBeLessThanOrEqual(story.within ?? 3);
    expect(afterS).toBeGreaterThanOrEqual(story.notBefore ?? 0);
    expect(press.storedMs).toBeGreaterThanOrEqual(pressedMs);
    expect((press.storedMs ?? Number.NaN) - pressedMs).toBeLessThanOrEqual(250);
    expect(press.carriedMs).toBeGreaterThan(press.storedMs as number);
    expect(press.acceptedMs).toBeGreaterThanOrEqual(press.carriedMs as number);
    expect(press.attempts).toBeGreaterThan(0);
    expect(press.stem).toMatch(/^[0-9A-Z]{12}$/);
    expect(press.cases).toBe(1);
    expectTrueTime(press);
    // Whoever is served within the first round need not be told to wait.
    if (afterS > 40) expect((press.toldNotAcceptedMs ?? Number.NaN) - pressedMs).toBeLessThanOrEqual(40_000);
    expect(result.pending.at(-1)?.count).toBe(0);
  });

for (const story of waiting)
  test(`${story.title}: pending, and the wearer is told`, async () => {
    const result = await playSmall(story);
    const press = only(result);
    expect(redOf(result)).toEqual([]);
    expect(press).toMatchObject({ acceptedMs: null, acceptedBy: null, route: null, cases: story.cases });
    expect((press.toldNotAcceptedMs ?? Number.NaN) - pressedMs).toBeLessThanOrEqual(40_000);
    expect(press.attempts).toBeGreaterThan(10);
    expect(result.pending.at(-1)?.count).toBe(1);
  });

test("a receiver that answers again is told at once that another has taken the alarm", async () => {
  const result = await playSmall({ faults: [silent], receivers: ["primary", "secondary"], duration: "16m" });
  expect(only(result)).toMatchObject({ acceptedBy: "secondary", cases: 1 });
  expect(redOf(result)).toEqual([]);
});

test("two buttons pressed at the same moment are two alarms", async () => {
  const result = await playSmall({ presses: ["at: 4m, press: u, button: 1", "at: 4m, press: u, button: 2"] });
  const [one, two] = result.presses as [RunPress, RunPress];
  expect(redOf(result)).toEqual([]);
  expect([one.button, two.button]).toEqual([1, 2]);
  expect(one.stem).not.toBe(two.stem);
  for (const press of [one, two]) {
    expect(press).toMatchObject({ acceptedBy: "primary", cases: 1 });
    expect((press.acceptedMs ?? Number.NaN) - pressedMs).toBeLessThanOrEqual(10_000);
    expectTrueTime(press);
  }
});

test("a second press while the first waits is one case, and an update tells the count", async () => {
  const result = await playSmall({ faults: [silent], presses: ["at: 4m, press: u", "at: 6m, press: u"] });
  const [one, two] = result.presses as [RunPress, RunPress];
  expect(redOf(result)).toEqual([]);
  expect(one.stem).toBe(two.stem);
  for (const press of [one, two]) expect(press).toMatchObject({ acceptedBy: "primary", cases: 1 });
  expect(one.acceptedMs).toBeGreaterThan(720_000);
  expect(two.acceptedMs).toBeGreaterThan(one.acceptedMs as number);
  expect((two.acceptedMs as number) - (one.acceptedMs as number)).toBeLessThanOrEqual(8_000);
});

test("a second press while help is on its way joins the case", async () => {
  const result = await playSmall({ presses: ["at: 4m, press: u", "at: 5m, press: u"] });
  const [one, two] = result.presses as [RunPress, RunPress];
  expect(redOf(result)).toEqual([]);
  expect(two).toMatchObject({ stem: one.stem, acceptedBy: "primary", cases: 1 });
});

test("a second press whose update nobody takes becomes an alarm of its own", async () => {
  const faults = ["from: 270s, to: 10m, receiver: primary, fault: silent-after-200"];
  const result = await playSmall({ faults, presses: ["at: 4m, press: u", "at: 5m, press: u"] });
  const [one, two] = result.presses as [RunPress, RunPress];
  expect(redOf(result)).toEqual([]);
  expect(one.acceptedMs).toBeLessThan(250_000);
  expect(two.acceptedMs).toBeGreaterThan(600_000);
  expect(two.stem).not.toBe(one.stem);
  for (const press of [one, two]) expect(press).toMatchObject({ acceptedBy: "primary", cases: 1 });
  expectTrueTime(two);
});

test("a press after the alarm has closed is an alarm of its own", async () => {
  const result = await playSmall({ presses: ["at: 4m, press: u", "at: 8m, press: u"] });
  const [one, two] = result.presses as [RunPress, RunPress];
  expect(redOf(result)).toEqual([]);
  expect(two.stem).not.toBe(one.stem);
  expect(two).toMatchObject({ acceptedBy: "primary", cases: 1 });
});

test("a unit that never learnt the time tells none, and is served all the same", async () => {
  const mute = "from: 0s, to: 8m, receiver: primary, fault: silent-open";
  const result = await playSmall({ home: broadbandOnly, faults: [mute] });
  expect(redOf(result)).toEqual([]);
  expect(only(result)).toMatchObject({ acceptedBy: "primary", reportedTime: null, cases: 1 });
});

test("heartbeats are counted: answered, missed, or too young to tell", async () => {
  const healthy = await playSmall({ presses: [] });
  expect(healthy.beats).toEqual({ sent: healthy.beats.sent, answered: healthy.beats.sent, missed: 0 });
  expect(healthy.beats.sent).toBeGreaterThan(5);
  expect(healthy.pathless).toEqual([]);

  const mute = await playSmall({ presses: [], primary: "wrong-ref" });
  expect(mute.beats.answered).toBe(0);
  expect(mute.beats.sent - mute.beats.missed).toBeLessThanOrEqual(1);
  expect(mute.beats.missed).toBeGreaterThan(5);
  expect(mute.pathless).toMatchObject([{ unit: "u", why: "no acceptance yet, primary takes its messages" }]);

  const apart = await playSmall({
    presses: [],
    home: broadbandOnly,
    faults: ["from: 3m, broadband: fibre, fault: down"],
  });
  expect(apart.beats.missed).toBe(apart.beats.sent - apart.beats.answered);
  expect(apart.beats.missed).toBeGreaterThan(2);
  expect(apart.pathless).toMatchObject([{ unit: "u", toMs: null }]);
  expect(apart.pathless[0]?.why).toMatch(/^no acceptance since 06:0[0-2]:\d\d, nothing is heard$/);
});
