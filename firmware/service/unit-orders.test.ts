import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCommand } from "../../protocol/console/arbitraries.ts";
import type { ConsoleCommand } from "../../protocol/console/messages.ts";
import { checks } from "../supervision/faults.ts";
import { bench, type Home, wrist } from "./arbitraries.ts";
import type { ServiceOrder } from "./service-desk.ts";
import { restartAfterMs } from "./unit-orders.ts";

const pair: ServiceOrder = {
  type: "pair",
  address: Uint8Array.of(1, 2, 3, 4),
  label: new Uint8Array(16),
  person: 1,
  form: "neck",
  where: "hall",
};

test.each([
  [{ type: "test-mode", mode: "on" }, "done", "test on"],
  [{ type: "test-mode", mode: "off" }, "done", "test off"],
  [{ type: "life", life: "in-service" }, "done", "life in-service true"],
  [pair, "begun", "pair 16909060 16 1 neck hall"],
  [{ type: "revoke", place: 3 }, "done", "revoke 3"],
  [{ type: "range-walk", place: 3, where: "hall" }, "begun", "walk 3 hall"],
  [{ type: "range-end" }, "done", "walk over"],
  [{ type: "path-test" }, "begun", "paths"],
  [{ type: "self-check" }, "begun", "check"],
  [{ type: "maintenance", from: 5, to: 86_405 }, "done", "plan 5 86405"],
  [{ type: "battery-replaced" }, "done", "battery"],
  [{ type: "press-ask" }, "done", "ask"],
  [{ type: "query" }, "done", "query one-path-lost"],
] as const)("the order %j is answered %s and reaches its department", (order, answer, act) => {
  const { give, acts } = bench();
  expect(give(order)).toBe(answer);
  expect(acts).toEqual([act]);
});

test.each([
  [{ type: "revoke", place: 4 }, {}, "unknown"],
  [{ type: "range-walk", place: 4, where: "hall" }, {}, "unknown"],
  [{ type: "range-walk", place: 3, where: "hall" }, { devices: [{ ...wrist, revoked: true }] }, "unknown"],
  [{ type: "range-walk", place: 3, where: "hall" }, { devices: [{ ...wrist, form: "smoke" }] }, "unsupported"],
  [{ type: "range-walk", place: 3, where: "" }, {}, "unusable"],
  [{ type: "life", life: "wiped" }, { life: "not-from-here" }, "not-now"],
  [{ type: "life", life: "wiped" }, { life: "not-kept" }, "no-room"],
  [pair, { pair: "no-place" }, "no-room"],
  [pair, { pair: "slot-taken" }, "busy"],
  [pair, { pair: "stopped" }, "not-now"],
  [{ ...pair, address: new Uint8Array(3) }, {}, "unreadable"],
  [{ ...pair, label: new Uint8Array(15) }, {}, "unreadable"],
  [{ ...pair, person: 0 }, {}, "unusable"],
  [{ type: "maintenance", from: 5, to: 5 }, {}, "unusable"],
  [{ type: "maintenance", from: 5, to: 86_406 }, {}, "unusable"],
  [{ type: "maintenance", from: 5, to: 6 }, { plan: "the window could not be stored" }, "no-room"],
  [pair, { absent: { radio: true } }, "unsupported"],
  [{ type: "revoke", place: 3 }, { absent: { radio: true } }, "unsupported"],
  [{ type: "range-walk", place: 3, where: "hall" }, { absent: { radio: true } }, "unsupported"],
  [{ type: "range-end" }, { absent: { radio: true } }, "unsupported"],
  [{ type: "devices", from: 0 }, { absent: { radio: true } }, "unsupported"],
  [{ type: "battery-replaced" }, { absent: { power: true } }, "unsupported"],
  [{ type: "self-check" }, { absent: { checks: true } }, "unsupported"],
  [{ type: "restart" }, { absent: { starts: true } }, "unsupported"],
  [{ type: "settings-staged", version: 4 }, { absent: { trial: true } }, "unsupported"],
] as const)("the order %j of a home %j is refused: %s", (order, home, why) => {
  const { give, queue, acts, said } = bench(home as Home);
  expect(give(order)).toBe(why);
  queue.runUntil(restartAfterMs);
  expect([acts.includes("restart ordered"), said]).toEqual([false, []]);
});

test("while an alarm waits nothing is begun that could stand in its way, and new settings are told of it", () => {
  const { orders, give, acts, queue } = bench();
  orders.alarm(true);
  expect(give({ type: "restart" })).toBe("alarm");
  expect(give({ type: "life", life: "wiped" })).toBe("alarm");
  expect(give({ type: "range-walk", place: 3, where: "hall" })).toBe("alarm");
  expect(give({ type: "press-ask" })).toBe("alarm");
  expect(acts).toEqual([]);
  give({ type: "settings-staged", version: 4 });
  queue.runUntil(restartAfterMs);
  expect(acts).toEqual(["trial 4 true"]);
  orders.alarm(false);
  expect(give({ type: "press-ask" })).toBe("done");
});

test("a restart comes once its answer has left the port", () => {
  const { give, queue, acts } = bench();
  expect(give({ type: "restart" })).toBe("done");
  queue.runUntil(restartAfterMs - 1);
  expect(acts).toEqual([]);
  queue.runUntil(restartAfterMs);
  expect(acts).toEqual(["restart ordered"]);
});

test("the trial of new settings, which starts the unit anew, begins once their answer has left the port", () => {
  const { give, queue, acts } = bench();
  expect(give({ type: "settings-staged", version: 4 })).toBe("done");
  queue.runUntil(restartAfterMs - 1);
  expect(acts).toEqual([]);
  queue.runUntil(10 * restartAfterMs);
  expect(acts).toEqual(["trial 4 false"]);
});

test("an alarm between a restart and its answer holds the restart until nobody waits any more", () => {
  const { orders, give, queue, acts } = bench();
  give({ type: "restart" });
  orders.alarm(true);
  queue.runUntil(10 * restartAfterMs);
  expect(acts).toEqual([]);
  orders.alarm(false);
  expect(acts).toEqual(["restart ordered"]);
  orders.alarm(false);
  expect(acts).toHaveLength(1);
});

test("a unit that is wiped starts anew, one that changes its life otherwise does not", () => {
  for (const life of ["wiped", "returned"] as const) {
    const { give, queue, acts } = bench();
    expect(give({ type: "life", life })).toBe("done");
    queue.runUntil(restartAfterMs);
    expect(acts).toEqual(life === "wiped" ? ["life wiped true", "restart ordered"] : ["life returned true"]);
  }
});

test("the paths of a test are told once, to who asked for it", () => {
  const { orders, give, said } = bench();
  const paths = [
    { route: "mobile", receiver: 0, id: 1, result: "passed" },
    { route: "mobile", receiver: 1, id: 2, result: "failed" },
    { route: "broadband", receiver: 0, id: 3, result: "waiting" },
  ] as const;
  orders.pathsTested(paths);
  expect(said).toEqual([]);
  give({ type: "path-test" });
  orders.pathsTested(paths);
  orders.pathsTested(paths);
  expect(said).toEqual([
    { type: "path", route: "mobile", receiver: 1, result: "accepted" },
    { type: "path", route: "mobile", receiver: 2, result: "no-answer" },
    { type: "path", route: "broadband", receiver: 1, result: "not-measured" },
  ]);
});

test("every check has its line when a round that was ordered is over, and a second finding counts", () => {
  const { orders, give, said } = bench();
  orders.checked("program", "program-damaged");
  orders.checksFinished();
  expect(said).toEqual([]);
  give({ type: "self-check" });
  for (const check of checks) if (check !== "modem") orders.checked(check, "passed");
  orders.checked("battery", "absent");
  orders.checked("radio", "radio-deaf");
  orders.checksFinished();
  orders.checksFinished();
  expect(said.map((event) => (event.type === "check" ? event.part : ""))).toEqual(checks);
  const told = said.filter((event) => event.type === "check" && event.result !== "passed");
  expect(told).toEqual([
    { type: "check", part: "radio", result: "failed", code: 31 },
    { type: "check", part: "modem", result: "failed", code: 91 },
    { type: "check", part: "battery", result: "absent", code: 0 },
  ]);
});

test("a walk's end tells every room, within what the line can carry", () => {
  const { give, said } = bench();
  give({ type: "range-end" });
  expect(said).toEqual([
    { type: "walk", place: 3, where: "k-k", presses: 99, margin: 120, result: "passed" },
    { type: "walk", place: 3, where: "hall", presses: 2, margin: 0, result: "failed" },
    { type: "walk", place: 3, where: "balkong", presses: 0, margin: 0, result: "unheard" },
  ]);
});

test("a state names unproven devices and persons by bits, and the receivers that anybody could play", () => {
  const { give, said } = bench();
  expect(give({ type: "state" })).toBe("done");
  const unverified = Uint8Array.of(0x80, 0, 2, 1);
  const warned = Uint8Array.of(0x80, 0, 0, 1);
  const home = { life: "suspended", test: "on", open: "1.3", days: 9_998, faults: 1 };
  expect(said).toEqual([{ type: "state", to: 7, unverified, warned, ...home }]);
  const bare = bench({ absent: { radio: true, power: true } });
  bare.give({ type: "state" });
  const none = new Uint8Array(4);
  expect(bare.said).toEqual([{ type: "state", to: 7, unverified: none, warned: none, ...home, days: 9_999 }]);
});

test("devices are told eight at a time, and the end says where to go on", () => {
  const devices = Array.from({ length: 9 }, (_, i) => ({ ...wrist, place: 3 + i }));
  const { give, said } = bench({ devices });
  expect(give({ type: "devices", from: 3 })).toBe("done");
  expect(said.map((event) => ("place" in event ? event.place : event.type))).toEqual([
    ...[3, 4, 5, 6, 7, 8, 9, 10],
    "devices-end",
  ]);
  expect(said.at(-1)).toEqual({ type: "devices-end", to: 7, next: 11 });
  said.length = 0;
  give({ type: "devices", from: 4 });
  expect(said.at(-1)).toEqual({ type: "devices-end", to: 7, next: 32 });
  expect(said).toHaveLength(9);
});

test("a device is told with what it lacks and how long its battery lasts", () => {
  const devices = [
    wrist,
    { ...wrist, place: 4, verified: true, low: true, where: "övre hall & trappa till vind" },
    { ...wrist, place: 5, verified: true, revoked: true, missing: true, where: "å" },
    { ...wrist, place: 6, low: true, missing: true },
  ];
  const { give, said } = bench({ devices });
  give({ type: "devices", from: 0 });
  const same = { type: "device", to: 7, did: "0102030A", person: 1 };
  expect(said.slice(0, 4)).toEqual([
    { ...same, place: 3, where: "sovrum", state: "not-verified", lacks: "nothing", days: 41 },
    { ...same, place: 4, where: "-vre-hall---trappa-t", state: "verified", lacks: "battery", days: 9_999 },
    { ...same, place: 5, where: "", state: "revoked", lacks: "contact", days: 9_999 },
    { ...same, place: 6, where: "sovrum", state: "not-verified", lacks: "both", days: 9_999 },
  ]);
});

test("what a window for new devices brings is told as it comes", () => {
  const { orders, said } = bench();
  orders.pairing({ type: "window-opened" });
  orders.pairing({ type: "found" });
  orders.pairing({ type: "refused", reason: "slot-taken", person: 2 });
  orders.pairing({ type: "joined", place: 5, person: 2 });
  orders.pairing({ type: "window-ended", how: "timed-out" });
  expect(said).toEqual([
    { type: "pairing", what: "opened", place: 0, person: 0, why: "none" },
    { type: "pairing", what: "found", place: 0, person: 0, why: "none" },
    { type: "pairing", what: "refused", place: 0, person: 2, why: "slot-taken" },
    { type: "pairing", what: "joined", place: 5, person: 2, why: "none" },
    { type: "pairing", what: "ended", place: 0, person: 0, why: "timed-out" },
  ]);
});

test("every order of the table has an answer, whatever the board lacks, and no restart begins while an alarm waits", () => {
  const atDesk = ["hello", "status", "unlock", "lock", "log-read"];
  const any = anyCommand.filter((each) => !atDesk.includes(each.type) && !each.type.startsWith("settings-"));
  const absent = fc.record({ radio: fc.boolean(), power: fc.boolean(), starts: fc.boolean(), checks: fc.boolean() });
  const words = ["done", "begun", "alarm", "not-now", "busy", "unknown", "unsupported", "unreadable", "unusable"];
  fc.assert(
    fc.property(absent, fc.array(fc.tuple(any, fc.boolean()), { maxLength: 15 }), (lacks, given) => {
      const { orders, give, acts, queue } = bench({ absent: lacks });
      for (const [command, isPending] of given as [ConsoleCommand, boolean][]) {
        orders.alarm(isPending);
        const before = acts.length;
        expect([...words, "no-room"]).toContain(give(command as ServiceOrder));
        queue.runUntil(queue.nowMs + restartAfterMs);
        if (isPending) expect(acts.slice(before)).not.toContain("restart ordered");
      }
    }),
    { numRuns: 100 },
  );
});
