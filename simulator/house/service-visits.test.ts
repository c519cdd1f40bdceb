/** What service people do when a unit refuses, does not answer, or does as it is told. */
import { expect, test } from "vitest";
import type { ConsoleEvent } from "../../protocol/console/messages.ts";
import type { ConsoleOrder } from "../../protocol/console/orders.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { ServiceVisits, type VisitNews } from "./service-visits.ts";

const minuteMs = 60_000;

/** A unit that answers as it is told, and devices that note what is done to them. */
class Scene {
  readonly queue = new EventQueue();
  readonly orders: string[] = [];
  readonly orderedMs: number[] = [];
  readonly done: string[] = [];
  readonly news: VisitNews[] = [];
  answer: (order: ConsoleOrder, say: (event: ConsoleEvent) => void) => void = () => {};
  readonly visits: ServiceVisits;

  constructor() {
    this.visits = new ServiceVisits({
      queue: this.queue,
      tool: {
        give: (order, onEvent) => {
          this.orders.push(order.type);
          this.orderedMs.push(this.queue.nowMs);
          this.answer(order, onEvent);
        },
        forget: () => {},
      },
      devices: {
        pairing: () => ({ address: new Uint8Array(4), label: new Uint8Array(16), person: 1, form: "wrist", where: "" }),
        askForUnit: (place) => this.done.push(`ask ${place}`),
        tryOut: (place) => this.done.push(`try ${place}`),
        isButton: (place) => place < 3,
      },
      chance: new Stream(1, "visits", 0),
      onNews: (news) => this.news.push(news),
    });
  }

  outcomes(): readonly string[] {
    return this.news.map(({ act, outcome, tries, why }) => `${act.type} ${outcome} ${tries} ${why ?? ""}`.trim());
  }

  pass(ms: number): void {
    this.queue.runUntil(this.queue.nowMs + ms);
  }
}

const joined: ConsoleEvent = { type: "pairing", what: "joined", place: 1, person: 1, why: "none" };
const ended = (why: "paired" | "timed-out"): ConsoleEvent => ({
  type: "pairing",
  what: "ended",
  place: 0,
  person: 0,
  why,
});

test("one act follows the other, with the time that hands need between them", () => {
  const scene = new Scene();
  scene.answer = (_order, say) => say({ type: "done", to: 0 });
  scene.visits.begin([
    { type: "life", life: "prepared" },
    { type: "life", life: "installed" },
    { type: "revoke", place: 1 },
  ]);
  scene.pass(3 * minuteMs);
  expect(scene.outcomes()).toEqual(["life done 1", "life done 1", "revoke done 1"]);
  const gaps = scene.orderedMs.slice(1).map((atMs, at) => atMs - (scene.orderedMs[at] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(40_000);
});

test("an order that an alarm stands in the way of is given again, one that cannot be followed ends the visit", () => {
  const scene = new Scene();
  let refusals = 0;
  scene.answer = (order, say) => {
    if (order.type === "revoke") say({ type: "refused", to: 0, why: "unknown" });
    else if (refusals++ < 2) say({ type: "refused", to: 0, why: "alarm" });
    else say({ type: "done", to: 0 });
  };
  scene.visits.begin([
    { type: "life", life: "returned" },
    { type: "revoke", place: 9 },
    { type: "life", life: "wiped" },
  ]);
  scene.pass(60 * minuteMs);
  expect(scene.outcomes()).toEqual(["life done 3", "revoke refused 1 unknown"]);
});

test("a unit that never answers is tried soon at first, then each twenty minutes, and given up after half a day", () => {
  const scene = new Scene();
  scene.visits.begin([{ type: "life", life: "returned" }]);
  scene.pass(14 * 60 * minuteMs);
  expect(scene.outcomes()).toEqual(["life given-up 36"]);
  const gaps = scene.orderedMs.slice(1).map((atMs, at) => atMs - (scene.orderedMs[at] ?? 0));
  expect(gaps.slice(0, 3)).toEqual([75_000, 75_000, 1_215_000]);
  expect(scene.orders).toHaveLength(36);
  scene.answer = (_order, say) => say({ type: "done", to: 0 });
  scene.visits.begin([{ type: "life", life: "suspended" }]);
  expect(scene.outcomes().at(-1)).toBe("life done 1");
});

test("a device is made to ask once the unit expects it, and again where the window went by", () => {
  const scene = new Scene();
  let tries = 0;
  scene.answer = (_order, say) => {
    say({ type: "begun", to: 0 });
    const first = tries++ === 0;
    scene.queue.after(first ? 130_000 : 20_000, () => {
      if (!first) say(joined);
      say(ended(first ? "timed-out" : "paired"));
    });
  };
  scene.visits.begin([{ type: "pair", place: 2, person: 1 }]);
  scene.pass(10 * minuteMs);
  expect(scene.outcomes()).toEqual(["pair done 2"]);
  expect(scene.done).toEqual(["ask 2", "ask 2"]);
});

test("a device that got another place than it should have ends the visit: all that follows would be about another", () => {
  const scene = new Scene();
  scene.answer = (_order, say) => {
    say({ type: "begun", to: 0 });
    scene.queue.after(20_000, () => say({ ...joined, place: 5 }));
  };
  scene.visits.begin([
    { type: "pair", place: 2, person: 1 },
    { type: "prove", place: 2 },
  ]);
  scene.pass(60 * minuteMs);
  expect(scene.outcomes()).toEqual(["pair refused 1 it has place 6"]);
});

test("a button is pressed until it shows accepted, an accessory tested until the unit lists it as verified", () => {
  const scene = new Scene();
  scene.visits.begin([
    { type: "prove", place: 1 },
    { type: "prove", place: 3 },
  ]);
  scene.visits.sees(1, "received");
  scene.visits.sees(2, "accepted");
  scene.pass(4 * minuteMs);
  expect(scene.done).toEqual(["try 1", "try 1"]);
  scene.visits.sees(1, "accepted");
  expect(scene.outcomes()).toEqual(["prove done 2"]);
  let looks = 0;
  scene.answer = (order, say) => {
    expect(order).toEqual({ type: "devices", from: 2 });
    const state = looks++ === 0 ? "not-verified" : "verified";
    say({ type: "device", to: 0, place: 2, did: "01000002", person: 1, where: "", state, lacks: "nothing", days: 9 });
  };
  scene.pass(6 * minuteMs);
  expect(scene.outcomes()).toEqual(["prove done 2", "prove done 2"]);
  expect(scene.done).toEqual(["try 1", "try 1", "try 3", "try 3"]);
});
