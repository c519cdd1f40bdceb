/** Networks with several generations, foreign networks and wrong clocks, as one modem meets them. */
import { expect, test } from "vitest";
import { EventQueue } from "../core/event-queue.ts";
import { CellLoad } from "./cell-load.ts";
import { Cell, type Mast, Operator } from "./cells.ts";
import { Subscriber, usualRegistration } from "./mobile.ts";
import { Network, perfectAccess } from "./network.ts";
import { Calendar, type LinkWindow } from "./outage.ts";

const minuteMs = 60_000;
const window = (fault: LinkWindow["fault"], fromMs: number, toMs: number | undefined, more = {}): LinkWindow => {
  return { fault, fromMs, toMs, extraDelayMs: 0, lossPpm: 0, ...more };
};

/** At home 2G is stronger than 4G; abroad there is 4G, stronger than both. */
function build({ load, mains }: Partial<Mast> = {}) {
  const queue = new EventQueue();
  const network = new Network(queue, 1);
  const delay = { leastMs: 40, mostMs: 40 };
  const home = new Operator({ name: "Hemma", plmn: "24001", delay, lossPpm: 0, clockErrorMs: 5_000 });
  const foreign = new Operator({ name: "Borta", plmn: "24002", delay, lossPpm: 0, clockErrorMs: 0 });
  const mast: Mast = { calendar: new Calendar(), mains, load };
  const own = new Calendar<LinkWindow>();
  const received: [number, number][] = [];
  network.attach("203.0.113.1", perfectAccess, (bytes) => received.push([queue.nowMs, bytes[0] as number]));
  const modem = new Subscriber(queue, network, 1, {
    name: "unit",
    home,
    roaming: true,
    reach: [
      { cell: new Cell("mast", home, "4g", mast), signal: 10, own: [own] },
      { cell: new Cell("mast", home, "2g", mast), signal: 25, own: [own] },
      { cell: new Cell("borta", foreign, "4g"), signal: 31 },
    ],
    address: "10.128.0.0",
    registration: usualRegistration,
    startWallMs: 1_000_000,
  });
  const seen: string[] = [];
  modem.listen(() => {
    const { plmn, generation } = modem.state();
    seen.push(`${Math.floor(queue.nowMs / minuteMs)} ${plmn} ${plmn === "" ? "" : generation}`);
  });
  return { queue, home, foreign, mast, own, modem, seen, received };
}

test("the newest generation is taken though an older one is stronger; when it closes, the older one, in the same session", () => {
  const { queue, home, modem, seen, received } = build();
  home.calendarOf("4g").add(window("gone", 5 * minuteMs, undefined));
  queue.runUntil(minuteMs);
  const session = modem.activate(() => {});
  queue.runUntil(10 * minuteMs);
  session?.send(new Uint8Array([1]), 1, { host: "203.0.113.1", port: 5060 });
  queue.runUntil(200 * minuteMs);
  expect(seen).toEqual(["0 24001 4g", "5  ", "5 24001 2g"]);
  expect(received).toEqual([[10 * minuteMs + 40, 1]]);
});

test("a modem goes back to the newer generation a minute after it has returned", () => {
  const { queue, home, seen } = build();
  home.calendarOf("4g").add(window("down", 5 * minuteMs, 8 * minuteMs));
  queue.runUntil(20 * minuteMs);
  expect(seen).toEqual(["0 24001 4g", "5  ", "5 24001 2g", "9 24001 4g"]);
});

test("a roaming modem looks for its own network each hour, and not in between", () => {
  const { queue, home, seen } = build();
  home.calendar.add(window("down", 5 * minuteMs, 30 * minuteMs));
  queue.runUntil(200 * minuteMs);
  expect(seen).toEqual(["0 24001 4g", "5  ", "5 24002 4g", "90  ", "90 24001 4g"]);
});

test("what hits only this modem is felt by it: in each generation of that network, and not abroad", () => {
  const { queue, own, seen } = build();
  own.add(window("down", 5 * minuteMs, undefined));
  queue.runUntil(20 * minuteMs);
  expect(seen).toEqual(["0 24001 4g", "5  ", "5 24002 4g"]);
});

test("a mast without mains, battery and generator takes all its generations with it", () => {
  const { queue, seen } = build({ mains: new Calendar([window("down", 5 * minuteMs, undefined)]) });
  queue.runUntil(20 * minuteMs);
  expect(seen).toEqual(["0 24001 4g", "5  ", "5 24002 4g"]);
});

test("a network that tells the wrong time tells it instead of its usual one, and only then", () => {
  const { queue, home, modem } = build();
  home.calendar.add(window("wrong-time", 5 * minuteMs, 6 * minuteMs, { clockErrorMs: -3_600_000 }));
  const told = [4, 5, 6].map((minute) => {
    queue.runUntil(minute * minuteMs);
    return (modem.wallMs() ?? 0) - 1_000_000 - minute * minuteMs;
  });
  expect(told).toEqual([5_000, -3_600_000, 5_000]);
});

test("datagrams beyond what a cell can carry wait for their turn", () => {
  const { queue, modem, received } = build({ load: new CellLoad(1) });
  queue.runUntil(minuteMs);
  const session = modem.activate(() => {});
  for (let i = 0; i < 8; i++) session?.send(new Uint8Array([i]), 1, { host: "203.0.113.1", port: 5060 });
  queue.runUntil(2 * minuteMs);
  expect(received).toEqual([0, 1, 2, 3, 4].map((i) => [minuteMs + 40 + i * 1_000, i]));
});
