/** What a scenario says of networks, mains and air, as homes meet it: lines, areas and SIMs as the world hands them out. */
import { expect, test } from "vitest";
import { Air } from "./air/air.ts";
import { EventQueue } from "./core/event-queue.ts";
import { Network } from "./network/network.ts";
import { residentsOf } from "./residents.ts";
import { parseScenario } from "./scenario/scenario-file.ts";
import { type NetworkFault, Networks } from "./world-networks.ts";

const hourMs = 3_600_000;

/** Twenty homes of each group in a town with one cut from 1h to 9h, unless other faults are said. */
function build(faults: readonly string[] = ["from: 1h, to: 9h, power: town, fault: off"]) {
  const scenario = parseScenario(
    `name: town
duration: 24h
world:
  receivers: { primary: }
  operators: { alfa: { generations: [2g, 4g], loss: 0 % }, beta: { loss: 0 % } }
  cells: { mast: { operator: alfa, power: town, battery: 2h, generator-after: 6h } }
  broadband: { fibre: , slow: { router-start: 1h to 3h }, cabinet: { power: town, battery: 3h }, stuga: { uplink: mast } }
  power: { town: }
fleet:
  - { name: dark, count: 20, mobile: mast, broadband: fibre, power: town, receivers: [primary] }
  - { name: ups, count: 20, mobile: mast, broadband: fibre, power: town, router-battery: 4h, receivers: [primary] }
  - { name: starts, count: 20, mobile: mast, broadband: slow, power: town, receivers: [primary] }
  - { name: street, count: 20, mobile: alfa, roams-to: [beta], broadband: cabinet, receivers: [primary] }
  - { name: cottage, count: 20, policy: broadband-only, broadband: stuga, receivers: [primary], building: trappa }
faults:
${faults.map((fault) => `  - { ${fault} }\n`).join("")}`,
    "town.yaml",
  );
  const queue = new EventQueue();
  const network = new Network(queue, 1);
  const air = new Air(queue, { seed: 1, lossPpm: 0, neighbourLossPpm: 0, observe: undefined });
  const networks = new Networks(queue, network, air, scenario, 1);
  const homes = residentsOf(scenario, 1);
  for (const fault of scenario.faults) networks.plan(fault as NetworkFault);
  const of = (group: string) => homes.filter((home) => home.group.name === group);
  /** Hours from 0 to 12 in which its broadband carries. */
  const carries = (group: string, which = 0) => {
    const line = networks.lineOf(of(group)[which] as (typeof homes)[0]);
    return Array.from({ length: 12 }, (_, hour) => (line?.link(hour * hourMs) === undefined ? "-" : "+")).join("");
  };
  return { queue, air, networks, of, carries };
}

test("in a cut a router falls at once, one with a battery later, a cabinet in the street takes its lines with it", () => {
  const { carries } = build();
  expect(carries("dark")).toBe("+--------+++");
  expect(carries("ups")).toBe("+++++----+++");
  expect(carries("street")).toBe("++++-----+++");
});

test("a mast on its battery falls later than the mains, comes back with its generator, and takes SIM routers along", () => {
  const { queue, networks, of, carries } = build();
  expect(carries("cottage")).toBe("+++----+++++");
  const [home] = of("dark");
  const modem = home?.group.mobile && networks.subscribe(home, home.group.mobile);
  const states = [0.5, 2.5, 3.5, 6.5, 7.5].map((hour) => {
    queue.runUntil(hour * hourMs);
    return modem?.state().registered;
  });
  expect(states).toEqual(["home", "home", "searching", "searching", "home"]);
});

test("a share of an operator's, a provider's or an area's units is hit, each in everything that it has there", () => {
  const { queue, networks, of, carries } = build([
    "from: 1h, to: 9h, operator: alfa, share: 40 %, fault: down",
    "from: 1h, to: 9h, broadband: fibre, share: 40 %, fault: no-data",
    "from: 2h, to: 3h, power: town, share: 40 %, fault: off",
  ]);
  const modems = of("street").map((home) => home.group.mobile && networks.subscribe(home, home.group.mobile));
  queue.runUntil(2 * hourMs);
  const away = modems.filter((modem) => modem?.state().registered === "roaming").length;
  expect(away > 2 && away < 16).toBe(true);
  const lines = of("dark").map((_, each) => carries("dark", each));
  for (const found of ["++++++++++++", "+--------+++", "++-+++++++++"]) expect(lines).toContain(found);
  const dark = of("dark").filter((home) => networks.areaOf(home)?.isOn === false);
  expect(dark.length > 2 && dark.length < 16).toBe(true);
  for (const home of dark) expect(lines[home.index]?.[2]).toBe("-");
});

test("after a cut each home's router takes its own time to start, and falls no later for it", () => {
  const { of, carries } = build(["from: 1h, to: 5h, power: town, fault: off"]);
  const lines = new Set(of("starts").map((_, each) => carries("starts", each)));
  expect([...lines].sort()).toEqual(["+------+++++", "+-------++++"]);
  expect(carries("dark")).toBe("+----+++++++");
});

test("homes that share all of their luck share one line, others have their own", () => {
  const { networks, of } = build();
  const lines = ["dark", "ups"].map((group) => new Set(of(group).map((home) => networks.lineOf(home))));
  expect(lines.map(({ size }) => size)).toEqual([1, 1]);
  expect([...(lines[0] ?? [])][0]).not.toBe([...(lines[1] ?? [])][0]);
  expect(networks.areaOf(of("cottage")[0] as never)).toBeUndefined();
});

test("a modem is told which networks beside its own it may use where its SIM roams, and none where it does not", () => {
  const { networks, of } = build();
  expect(["street", "dark", "cottage"].map((group) => networks.networksOf(of(group)[0] as never))).toEqual([
    ["24002"],
    [],
    [],
  ]);
});

test("a generation that is closed takes those away who can no other, and jamming is in the air of its building", () => {
  const { queue, air, networks, of } = build([
    "from: 1h, operator: alfa, generation: 4g, fault: gone",
    "from: 2h, to: 3h, building: trappa, fault: jammed",
  ]);
  const [home] = of("dark");
  const subscribe = (can?: readonly "4g"[]) =>
    networks.subscribe({ ...home, name: can === undefined ? "new" : "old" } as never, {
      operator: "alfa",
      cell: "mast",
      roamsTo: [],
      generations: can,
    });
  const modems = [subscribe(), subscribe(["4g"])];
  queue.runUntil(2 * hourMs);
  expect(modems.map((modem) => modem.state().registered)).toEqual(["home", "searching"]);
  expect(air.jamming("trappa").isActive(2 * hourMs)).toBe(true);
  expect(air.jamming("dark-001").isActive(2 * hourMs)).toBe(false);
});
