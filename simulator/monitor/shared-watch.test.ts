/** What many units share, found from their silence and their reports alone. */
import { expect, test } from "vitest";
import { Stream } from "../core/prng.ts";
import { Monitor } from "./monitor.ts";
import { hear, live, minuteMs, type PlainNotice, plain, reportOf, unitOf } from "./monitor-bench.ts";
import type { RegistryUnit } from "./registry.ts";

/** 2026-03-02 06:00 UTC. */
const startMs = Date.UTC(2026, 2, 2, 6);
const beat = { least: 162_000, most: 198_000 };

interface Story {
  readonly untilMin: number;
  /** Minutes [from, to) in which the unit is not heard. */
  readonly quiet?: (unit: RegistryUnit) => readonly [number, number] | undefined;
  /** By minute: who reports which code (dty, stc). */
  readonly reports?: readonly (readonly [minute: number, cid: string, dty: number, stc: number])[];
  /** When all reports say that it was noticed; minute 0 is 06:00. */
  readonly noticed?: string;
  /** Not heard at all, and its server answers nothing. */
  readonly serverDown?: readonly [number, number];
}

/** Lets every unit beat at its own times; what the monitor says, in order. */
function play(units: readonly RegistryUnit[], story: Story): PlainNotice[] {
  const monitor = new Monitor();
  for (const unit of units) monitor.expectUnit(unit, 0);
  const acts: { t: number; run: () => PlainNotice[] }[] = [];
  const isIn = (t: number, window: readonly [number, number] | undefined): boolean =>
    window !== undefined && t >= window[0] * minuteMs && t < window[1] * minuteMs;
  units.forEach((unit, index) => {
    const chance = new Stream(7, "beats", index);
    for (let t = chance.below(beat.most); t < story.untilMin * minuteMs; t += chance.between(beat.least, beat.most)) {
      if (isIn(t, story.quiet?.(unit)) || isIn(t, story.serverDown)) continue;
      const at = t;
      acts.push({ t, run: () => hear(monitor, "main", unit.cid, at, "accepted") });
    }
  });
  for (const [minute, cid, dty, stc] of story.reports ?? []) {
    const t = minute * minuteMs;
    acts.push({
      t,
      run: () => [
        ...hear(monitor, "main", cid, t, "accepted"),
        ...plain(monitor.read({ ...reportOf(cid, dty, stc), t: startMs + t, ite: story.noticed }, t)),
      ],
    });
  }
  acts.sort((a, b) => a.t - b.t);
  const notices = acts.flatMap(({ t, run }) => [...live(monitor, t), ...run()]);
  return [...notices, ...live(monitor, story.untilMin * minuteMs)];
}

function many(count: number, name: string, more: Partial<RegistryUnit>): RegistryUnit[] {
  return Array.from({ length: count }, (_, index) => unitOf(`${name}${index}`, more));
}

const told = (notices: readonly PlainNotice[]) => notices.map(({ what, subject }) => `${what} ${subject}`);

const alfa = { operator: "alfa" };
const beta = { operator: "beta" };
const town = [...many(10, "a", alfa), ...many(10, "b", beta)];

test("an operator that falls is suspected within six minutes, confirmed, and closed when its units are heard again", () => {
  const notices = play(town, { untilMin: 90, quiet: ({ operator }) => (operator === "alfa" ? [20, 60] : undefined) });
  expect(told(notices)).toEqual(["operator suspected alfa", "operator confirmed alfa", "operator closed alfa"]);
  const [suspected, confirmed, closed] = notices;
  expect((suspected?.t ?? 0) / minuteMs).toBeLessThan(26);
  expect(suspected?.evidence).toMatch(/^(8|9|10) of 10 units that hang on it alone are overdue$/);
  expect(suspected?.outage).toBe(1);
  expect((confirmed?.t ?? 0) - (suspected?.t ?? 0)).toBeGreaterThanOrEqual(5 * minuteMs);
  expect((closed?.t ?? 0) / minuteMs).toBeLessThan(66);
  expect(closed?.evidence).toMatch(/of 10 units are back; suspected for/);
  expect(closed?.units).toBe(10);
});

test("when nobody at all is heard it is the receiver, whatever the units share", () => {
  const notices = play(town, { untilMin: 90, serverDown: [20, 60] });
  expect(new Set(notices.map(({ subject }) => subject))).toEqual(new Set(["main"]));
  expect(notices[0]?.what).toBe("server-suspected");
});

test("units that are heard at another receiver say nothing of the one that is out", () => {
  const monitor = new Monitor();
  const spare = many(4, "s", { ...beta, receivers: ["main", "second"] });
  for (const unit of [...town, ...spare]) monitor.expectUnit(unit, 0);
  const notices: PlainNotice[] = [];
  for (let t = 0; t < 40 * minuteMs; t += 7_500) {
    const unit = [...town, ...spare][(t / 7_500) % 24] as RegistryUnit;
    const isOut = t >= 20 * minuteMs;
    if (!isOut || spare.includes(unit))
      notices.push(...hear(monitor, isOut ? "second" : "main", unit.cid, t, "accepted"));
    notices.push(...live(monitor, t + 7_499));
  }
  expect(told(notices)).toEqual(["server-suspected main", "server-confirmed main"]);
});

test("the few who are overdue first when a receiver dies do not make it their operator", () => {
  const units = [...many(3, "a", alfa), ...many(17, "b", beta)];
  const monitor = new Monitor();
  for (const unit of units) monitor.expectUnit(unit, 0);
  const notices: PlainNotice[] = [];
  // The last beats before minute 21 are those of b16, the oldest those of a0, a1 and a2.
  for (let t = 0; t < 40 * minuteMs; t += 9_000) {
    const unit = units[(t / 9_000) % 20] as RegistryUnit;
    if (t < 21 * minuteMs) notices.push(...hear(monitor, "main", unit.cid, t, "accepted"));
    notices.push(...live(monitor, t + 8_999));
  }
  expect(told(notices)).toEqual(["server-suspected main", "server-confirmed main"]);
});

test("a front that is mute takes the blame for two units too, of which nobody could make a silence", () => {
  const monitor = new Monitor();
  for (const unit of many(2, "u", {})) monitor.expectUnit(unit, 0);
  const notices: PlainNotice[] = [];
  for (let t = 0; t < 60 * minuteMs; t += 90_000) {
    const kind = t < 20 * minuteMs ? "accepted" : "unheard";
    notices.push(...hear(monitor, "main", `u${(t / 90_000) % 2}`, t, kind), ...live(monitor, t + 89_999));
  }
  expect(told(notices)).toEqual(["server-suspected main", "server-confirmed main"]);
});

test("a unit that died long before stays an outage of its own when its receiver dies", () => {
  const quiet: Story["quiet"] = ({ unit }) => (unit === "a3" ? [5, 200] : undefined);
  const notices = play(town, { untilMin: 100, quiet, serverDown: [50, 70] });
  expect(told(notices)).toEqual([
    "unit-silent a3",
    "unit-confirmed a3",
    "server-suspected main",
    "server-confirmed main",
    "server-cleared main",
  ]);
});

test("a front that is mute takes the blame for the silence of all who have it alone, and for nothing else", () => {
  const monitor = new Monitor();
  for (const unit of town) monitor.expectUnit(unit, 0);
  const notices: PlainNotice[] = [];
  for (let t = 0; t < 50 * minuteMs; t += 9_000) {
    const unit = town[(t / 9_000) % 20] as RegistryUnit;
    notices.push(...hear(monitor, "main", unit.cid, t, t < 20 * minuteMs ? "accepted" : "unheard"));
    notices.push(...live(monitor, t + 8_999));
  }
  expect(told(notices)).toEqual(["server-suspected main", "server-confirmed main"]);
});

test("broadband reports that come from one power area first do not make it a power cut while others report too", () => {
  const both = { operator: "beta", broadband: "fibre" };
  const units = [...many(4, "in", { ...both, power: "town" }), ...many(8, "out", both)];
  const reports = ["in0", "in1", "out0", "in2", "out1", "in3", "out2", "out3"].map(
    (cid, index) => [20 + index / 2, cid, 2, 23] as const,
  );
  const notices = play(units, { untilMin: 60, reports });
  expect(new Set(notices.map(({ subject }) => subject))).toEqual(new Set(["fibre"]));
});

test("one cell of an operator is told apart from the whole of it", () => {
  const units = [...many(8, "a", { ...alfa, cell: "mast-1" }), ...many(8, "b", { ...alfa, cell: "mast-2" })];
  const quiet: Story["quiet"] = ({ cell }) => (cell === "mast-1" ? [20, 60] : undefined);
  const notices = play(units, { untilMin: 90, quiet });
  expect(told(notices).filter((text) => text.startsWith("operator suspected"))).toEqual([
    "operator suspected cell mast-1",
  ]);
  const all = play([...units, ...many(5, "c", beta)], {
    untilMin: 90,
    quiet: ({ operator }) => (operator === "alfa" ? [20, 60] : undefined),
  });
  expect(told(all).filter((text) => text.startsWith("operator suspected"))).toEqual(["operator suspected alfa"]);
});

test("a mast whose units all tell of it stays a mast, although all who can tell of its operator are on it", () => {
  const units = [
    ...many(6, "in", { ...alfa, cell: "mast" }),
    ...many(10, "out", { ...alfa, cell: "hill" }),
    ...many(8, "both", { ...alfa, cell: "mast", broadband: "fibre" }),
  ];
  const reports = Array.from({ length: 8 }, (_, index) => [24 + index, `both${index}`, 2, 24] as const);
  const quiet: Story["quiet"] = ({ unit }) => (unit.startsWith("in") ? [20, 60] : undefined);
  const notices = play(units, { untilMin: 55, quiet, reports });
  expect(new Set(notices.map(({ subject }) => subject))).toEqual(new Set(["cell mast"]));
});

test("units that roam do not fall silent with one operator, and so say nothing of it", () => {
  const units = [...many(6, "a", { ...alfa, roams: true }), ...many(6, "b", beta)];
  const notices = play(units, { untilMin: 60, quiet: ({ operator }) => (operator === "alfa" ? [20, 60] : undefined) });
  expect(new Set(notices.map(({ what }) => what))).toEqual(new Set(["unit-silent", "unit-confirmed"]));
});

test("units with two routes show a lost operator or provider by what they report over the other one", () => {
  const units = many(20, "u", { operator: "alfa", broadband: "fibre" });
  const reports = (stc: number, minute: number) =>
    Array.from({ length: 6 }, (_, index) => [minute + index, `u${index}`, 2, stc] as const);
  const mobile = play(units, { untilMin: 120, reports: [...reports(24, 20), ...reports(113, 60)] });
  expect(told(mobile)).toEqual(["operator suspected alfa", "operator updated alfa", "operator closed alfa"]);
  expect(mobile[0]?.evidence).toMatch(/^[34] of 20 units report that the mobile network is lost$/);
  const fixed = play(units, { untilMin: 120, reports: [...reports(23, 20), ...reports(112, 60)] });
  expect(told(fixed).filter((text) => !text.includes("updated"))).toEqual([
    "broadband suspected fibre",
    "broadband closed fibre",
  ]);
});

test("losses that come by themselves, weeks apart or few among many, are no outage", () => {
  const units = many(60, "u", { operator: "alfa", broadband: "fibre" });
  const apart = [0, 1, 2, 3, 4].map((index) => [10 + index * 31, `u${index}`, 2, 23] as const);
  expect(play(units, { untilMin: 200, reports: apart })).toEqual([]);
  const few = [0, 1, 2, 3, 4].map((index) => [10 + index, `u${index}`, 2, 23] as const);
  expect(play(units, { untilMin: 60, reports: few })).toEqual([]);
});

test("a power cut is told from a broadband outage: by who is hit, and by mains that units report", () => {
  const both = { operator: "alfa", broadband: "fibre" };
  const units = [...many(6, "in", { ...both, power: "town" }), ...many(14, "out", { ...both, power: "hills" })];
  const reports = [0, 1, 2, 3, 4].flatMap((index) => [
    [10 + index, `in${index}`, 2, 23] as const,
    [30 + index, `in${index}`, 41, 85] as const,
    [100 + index, `in${index}`, 41, 86] as const,
    [101 + index, `in${index}`, 2, 112] as const,
  ]);
  const notices = play(units, { untilMin: 140, reports });
  expect(new Set(notices.map(({ subject }) => subject))).toEqual(new Set(["town"]));
  expect(notices.map(({ what }) => what)).toEqual([
    "area-power suspected",
    "area-power confirmed",
    "area-power closed",
  ]);
});

test("homes with broadband alone fall silent with their power, and are told as one area", () => {
  const units = [
    ...many(6, "in", { broadband: "fibre", power: "town" }),
    ...many(12, "out", { broadband: "fibre", power: "hills" }),
    ...many(4, "kept", { broadband: "fibre", power: "town", routerBackup: true }),
  ];
  const notices = play(units, { untilMin: 90, quiet: ({ unit }) => (unit.startsWith("in") ? [20, 60] : undefined) });
  expect(told(notices)).toEqual(["area-power suspected town", "area-power confirmed town", "area-power closed town"]);
});

test("links that units lose because their receiver is out are the receiver's trouble", () => {
  const units = many(12, "u", { operator: "alfa", broadband: "fibre" });
  const late = units.slice(0, 6).map(({ cid }, index) => [62 + index / 2, cid, 2, 23] as const);
  const story: Story = { untilMin: 120, serverDown: [20, 60], reports: late };
  const at = (minute: number) => `at 2026-03-02T06:${String(minute).padStart(2, "0")}:00Z`;
  expect(new Set(play(units, { ...story, noticed: at(45) }).map(({ subject }) => subject))).toEqual(new Set(["main"]));
  expect(told(play(units, { ...story, noticed: at(61) }))).toContain("broadband suspected fibre");
});

test("two causes at once are two outages", () => {
  const units = [...many(8, "a", alfa), ...many(8, "f", { broadband: "fibre" }), ...many(8, "b", beta)];
  const notices = play(units, { untilMin: 120, quiet: ({ operator }) => (operator === "beta" ? undefined : [20, 60]) });
  expect(told(notices).sort()).toEqual(
    ["suspected", "confirmed", "closed"]
      .flatMap((phase) => [`operator ${phase} alfa`, `broadband ${phase} fibre`])
      .sort(),
  );
  expect(new Set(notices.map(({ outage }) => outage))).toEqual(new Set([1, 2]));
});

test("a unit that stays silent when the wider outage is over is told of by itself", () => {
  const quiet: Story["quiet"] = ({ operator, unit }) =>
    unit === "a3" ? [20, 200] : operator === "alfa" ? [20, 60] : undefined;
  const notices = play(town, { untilMin: 120, quiet });
  const own = notices.filter(({ subject }) => subject === "a3");
  expect(own.map(({ what }) => what)).toEqual(["unit-silent", "unit-confirmed"]);
  const closed = notices.find(({ what }) => what === "operator closed");
  expect(own[0]?.t).toBeGreaterThan(closed?.t ?? Number.POSITIVE_INFINITY);
  expect(own[0]?.evidence).toMatch(/^not heard for/);
});

test("part of an operator's units falling silent is told once they are surely silent, and takes their own notices in", () => {
  const quiet: Story["quiet"] = ({ unit }) => (["a0", "a1", "a2", "a3"].includes(unit) ? [20, 60] : undefined);
  const notices = play(town, { untilMin: 100, quiet });
  const suspected = notices.find(({ what }) => what === "operator suspected");
  expect(suspected).toMatchObject({ subject: "alfa", units: 4 });
  expect((suspected?.t ?? 0) / minuteMs).toBeLessThan(35);
  const open = notices.filter(({ what }) => what === "unit-silent").length;
  const folded = notices.filter(({ evidence }) => evidence === "part of the outage of alfa").length;
  expect(folded).toBe(open);
});

test("a button that its unit misses is an outage of its own until that button is heard again", () => {
  const monitor = new Monitor();
  monitor.expectUnit(unitOf("u0"), 0);
  const say = (t: number, stc: number, did: string) => plain(monitor.read(reportOf("u0", 3, stc, did), t));
  expect(say(1_000, 123, "01000001")).toMatchObject([
    { what: "button suspected", subject: "u0", evidence: "the unit reports: a button is not heard 01000001" },
  ]);
  expect(say(2_000, 123, "01000001")).toEqual([]);
  expect(say(3_000, 10, "01000002")).toEqual([]);
  expect(say(62_000, 10, "01000001")).toMatchObject([
    { what: "button closed", outage: 1, evidence: "heard again after 1 min 1 s" },
  ]);
  expect(plain(monitor.read(reportOf("u0", 50, 95), 70_000))).toMatchObject([{ what: "button suspected", outage: 2 }]);
  expect(plain(monitor.read(reportOf("u0", 50, 94), 80_000))).toMatchObject([{ what: "button closed", outage: 2 }]);
});

test("an outage that was open stays open over a restart of the monitor, and nobody is called silent for its absence", () => {
  const before = new Monitor();
  for (const unit of town) before.expectUnit(unit, 0);
  for (let t = 0; t < 40 * minuteMs; t += 9_000) {
    const index = (t / 9_000) % 20;
    const unit = town[index] as RegistryUnit;
    if (unit.operator === "beta" || t < 10 * minuteMs) hear(before, "main", unit.cid, t, "accepted");
    live(before, t + 8_999);
  }
  const state = JSON.parse(JSON.stringify(before.kept())) as ReturnType<Monitor["kept"]>;
  expect(state.shared).toMatchObject([{ name: { cause: "operator", subject: "alfa" }, number: 1, confirmed: true }]);
  const later = 40 * minuteMs + 3 * 60 * minuteMs;
  const after = new Monitor(undefined, later);
  for (const unit of town) after.expectUnit(unit, later);
  after.restore(state);
  const notices: PlainNotice[] = [];
  for (let t = later; t < later + 30 * minuteMs; t += 9_000) {
    notices.push(...live(after, t));
    notices.push(...hear(after, "main", (town[((t - later) / 9_000) % 20] as RegistryUnit).cid, t, "accepted"));
  }
  expect(told(notices)).toEqual(["operator closed alfa"]);
  expect(notices[0]?.outage).toBe(1);
});
