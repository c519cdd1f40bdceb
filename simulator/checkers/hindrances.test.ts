/** What stood between a unit and the world at a moment, as the scenario plans it. */
import { expect, test } from "vitest";
import { isHit } from "../network/fault-share.ts";
import { type Resident, residentsOf } from "../residents.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { Hindrances } from "./hindrances.ts";

const hourMs = 3_600_000;

/** One home of each kind; `cutOff` and `apart` tell for each hour of twelve whether it was so at its half. */
function build(faults: readonly string[]) {
  const scenario = parseScenario(
    `name: town
duration: 24h
world:
  receivers: { primary: , secondary: }
  operators: { alfa: { generations: [2g, 4g] }, beta: }
  cells: { mast: { operator: alfa, power: town, battery: 2h }, small: { operator: beta, capacity: 5 } }
  broadband: { fibre: , stuga: { uplink: mast } }
  power: { town: }
fleet:
  - { name: modem, count: 1, mobile: mast, receivers: [primary] }
  - { name: new, count: 1, mobile: alfa, generations: [4g], receivers: [primary] }
  - { name: roaming, count: 1, mobile: alfa, roams-to: [beta], receivers: [primary] }
  - { name: crowd, count: 1, mobile: small, receivers: [primary] }
  - { name: wire, count: 1, policy: broadband-only, broadband: fibre, power: town, router-battery: 4h, receivers: [primary] }
  - { name: cottage, count: 1, policy: broadband-only, broadband: stuga, building: trappa, receivers: [primary] }
  - { name: both, count: 20, mobile: alfa, broadband: fibre, receivers: [primary] }
faults:
${faults.map((fault) => `  - { ${fault} }\n`).join("")}`,
    "town.yaml",
  );
  const hindrances = new Hindrances(scenario, 1);
  const homes = residentsOf(scenario, 1);
  const home = (name: string) => homes.find((each) => each.name === name) as Resident;
  const hours = (is: (atMs: number) => boolean) =>
    Array.from({ length: 12 }, (_, hour) => (is(hour * hourMs + hourMs / 2) ? "x" : "-")).join("");
  return {
    homes,
    hindrances,
    home,
    cutOff: (name: string) => hours((atMs) => hindrances.isCutOff(home(name), atMs, atMs)),
    apart: (name: string) => hours((atMs) => hindrances.isApart(home(name), 0, atMs, atMs)),
  };
}

test("in a cut masts and routers count as gone when their batteries are empty, not before", () => {
  const { cutOff } = build(["from: 1h, to: 9h, power: town, fault: off"]);
  expect(cutOff("modem")).toBe("---xxxxxx---");
  expect(cutOff("wire")).toBe("-----xxxx---");
  expect(cutOff("cottage")).toBe("---xxxxxx---");
});

test("whoever may roam is cut off only where the other network fails too, though a modem that has to look counts as apart", () => {
  const { cutOff, apart } = build([
    "from: 1h, to: 6h, operator: alfa, fault: no-data",
    "from: 4h, to: 9h, operator: beta, fault: down",
  ]);
  expect(cutOff("modem")).toBe("-xxxxx------");
  expect(cutOff("roaming")).toBe("----xx------");
  expect(apart("roaming")).toBe("-xxxxx------");
});

test("a generation that closes hinders those who can no other, and leaves alone those who use a newer one", () => {
  const old = build(["from: 1h, operator: alfa, generation: 2g, fault: gone"]);
  expect([old.cutOff("modem"), old.apart("modem"), old.cutOff("cottage")]).toEqual(Array(3).fill("------------"));
  const newer = build(["from: 1h, to: 6h, operator: alfa, generation: 4g, fault: down"]);
  expect(newer.cutOff("new")).toBe("-xxxxx------");
  expect([newer.cutOff("modem"), newer.apart("modem")]).toEqual(["------------", "-xxxxx------"]);
});

test("a fault that hits some of the units hinders those and no others", () => {
  const { homes, cutOff } = build([
    "from: 1h, to: 6h, operator: alfa, share: 40 %, fault: down",
    "from: 1h, to: 6h, broadband: fibre, fault: down",
  ]);
  const both = homes.filter(({ group }) => group.name === "both");
  const key = `alfa down ${hourMs}`;
  const expected = both.map(({ index }) =>
    isHit({ share: { ppm: 400_000, key } }, 1, index) ? "-xxxxx------" : "------------",
  );
  expect(new Set(expected).size).toBe(2);
  expect(both.map(({ name }) => cutOff(name))).toEqual(expected);
});

test("a receiver that dies of what some units say is down for all of them", () => {
  const some = ["from: 1h, to: 6h, receiver: primary, share: 1 %, fault: dies"];
  const { hindrances, homes } = build(some);
  const hours = homes.map((each) => hindrances.isApart(each, 0, 2 * hourMs, 2 * hourMs));
  expect(new Set(hours)).toEqual(new Set([true]));
});

test("one burst of a flapping fault is one hindrance, and the pause between two is none", () => {
  const { hindrances, home } = build(["from: 1h, to: 3h, every: 20m, on: 5m, operator: beta, fault: down"]);
  const minuteMs = 60_000;
  const at = (minute: number) => hindrances.isCutOff(home("crowd"), minute * minuteMs, minute * minuteMs);
  expect([59, 60, 65, 66, 79, 80, 161, 166, 180].map(at)).toEqual([
    false,
    true,
    true,
    false,
    false,
    true,
    true,
    false,
    false,
  ]);
});

test("a cell that carries only so much excuses a double case at any time, and silence never", () => {
  const { cutOff, apart } = build(["from: 1h, to: 2h, operator: alfa, fault: slow"]);
  expect(cutOff("crowd")).toBe("------------");
  expect(apart("crowd")).toBe("xxxxxxxxxxxx");
});

test("beside all faults each unit is apart as on a day without any, and a router that starts is not beside its cut yet", () => {
  const { homes, hindrances } = build(["from: 1h, to: 2h, power: town, fault: off"]);
  for (const home of homes)
    expect(hindrances.isApart(home, 0, 3 * hourMs, 4 * hourMs), home.name).toBe(home.name === "crowd");
  const world = parseScenario(
    `name: start
duration: 24h
world: { receivers: { primary: }, power: { town: }, broadband: { fibre: { router-start: 10m to 20m } } }
fleet: [{ name: wire, count: 1, policy: broadband-only, broadband: fibre, power: town, receivers: [primary] }]
faults: [{ from: 1h, to: 2h, power: town, fault: off }]`,
    "start.yaml",
  );
  const wire = residentsOf(world, 1)[0] as Resident;
  const apart = (atMs: number) => new Hindrances(world, 1).isApart(wire, 0, atMs, atMs);
  expect([0.5, 1.5, 2.3, 2.4].map((hour) => apart(hour * hourMs))).toEqual([false, true, true, false]);
});

test("a way is clear while nothing is wrong on it, and never where a cell is shared, a router is a modem or much is lost", () => {
  const { home, hindrances } = build([
    "from: 1h, to: 2h, operator: alfa, fault: down",
    "from: 3h, to: 4h, broadband: fibre, fault: slow",
    "from: 5h, to: 6h, receiver: primary, fault: late",
  ]);
  const clear = (name: string, route: "broadband" | "mobile", receiver = 0): string =>
    Array.from({ length: 7 }, (_, hour) => (hour + 0.5) * hourMs)
      .map((atMs) => (hindrances.isClear(home(name), route, receiver, atMs, atMs) ? "-" : "x"))
      .join("");
  expect(clear("both-001", "mobile")).toBe("-x---x-");
  expect(clear("both-001", "broadband")).toBe("---x-x-");
  expect(clear("both-001", "broadband", 1)).toBe("xxxxxxx");
  expect(clear("crowd", "mobile")).toBe("xxxxxxx");
  expect(clear("cottage", "broadband")).toBe("xxxxxxx");
  expect(clear("wire", "mobile")).toBe("xxxxxxx");
  const lossy = parseScenario(
    "name: l\nduration: 1h\nworld: { receivers: { r: }, operators: { a: { loss: 3 % } } }\nfleet: [{ name: u, count: 1, mobile: a, receivers: [r] }]\n",
    "lossy.yaml",
  );
  const [one] = residentsOf(lossy, 1);
  expect(new Hindrances(lossy).isClear(one as Resident, "mobile", 0, 0, 0)).toBe(false);
});

test("a wrong clock and a jammed building are no hindrance on the way to a receiver; both can be asked for", () => {
  const { hindrances, home, cutOff } = build([
    "from: 1h, to: 2h, operator: alfa, fault: wrong-time, clock: 2h behind",
    "from: 3h, to: 4h, building: [trappa, modem], fault: jammed",
  ]);
  expect([cutOff("modem"), cutOff("cottage")]).toEqual(["------------", "------------"]);
  expect(hindrances.clockErrorsMs(home("modem"), hourMs - 1)).toEqual([]);
  expect(hindrances.clockErrorsMs(home("modem"), hourMs)).toEqual([-2 * hourMs]);
  expect(hindrances.clockErrorsMs(home("crowd"), 9 * hourMs)).toEqual([]);
  const jammed = ["cottage", "modem", "new"].map((name) => hindrances.isJammed(home(name), 3 * hourMs, 3 * hourMs));
  expect(jammed).toEqual([true, true, false]);
  expect(hindrances.isJammed(home("modem"), 5 * hourMs, 6 * hourMs)).toBe(false);
});
