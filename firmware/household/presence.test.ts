import { expect, test } from "vitest";
import { Bench, hourMs } from "../power/test-bench.ts";
import { Presence } from "./presence.ts";

test("a planned visit and one after an alarm have codes of their own, and both end with the same key", () => {
  const bench = new Bench();
  const presence = new Presence(bench.context);
  presence.pressed(false, false);
  expect(presence.isSomebodyThere).toBe(true);
  presence.pressed(false, true);
  expect(presence.isSomebodyThere).toBe(false);
  presence.pressed(false, true);
  presence.pressed(false, false);
  expect(bench.raised.map((order) => `${order.kind} ${order.dty}/${order.stc} ${order.stt}`)).toEqual([
    "technical 2/87 ",
    "technical 2/111 intervention complete",
    "technical 2/88 ",
    "technical 2/111 intervention complete",
  ]);
  expect(bench.said).toEqual(["presence-noted", "presence-ended", "presence-noted", "presence-ended"]);
});

test("a long press calls a colleague as urgently as any alarm, and whoever calls is there", () => {
  const bench = new Bench();
  const presence = new Presence(bench.context);
  presence.pressed(true, false);
  presence.pressed(true, false);
  expect(bench.raised).toMatchObject([
    { kind: "user-alarm", dty: 2, stc: 110 },
    { kind: "user-alarm", dty: 2, stc: 110 },
  ]);
  expect(presence.isSomebodyThere).toBe(true);
  presence.pressed(false, false);
  expect(bench.codes).toEqual([110, 110, 111]);
});

test("a visit that nobody ended ends after twelve hours, and only that one", () => {
  const bench = new Bench();
  const presence = new Presence(bench.context);
  presence.pressed(false, false);
  bench.pass(11 * hourMs);
  presence.pressed(false, false);
  presence.pressed(false, false);
  bench.pass(12 * hourMs - 1);
  expect(presence.isSomebodyThere).toBe(true);
  bench.pass(1);
  expect(presence.isSomebodyThere).toBe(false);
  expect(bench.codes).toEqual([87, 111, 87, 92]);
});

test("a restart does not end a visit, and the end of one stays ended", () => {
  const bench = new Bench();
  new Presence(bench.context).pressed(false, false);
  bench.newLife();
  const presence = new Presence(bench.context);
  expect(presence.isSomebodyThere).toBe(true);
  presence.pressed(false, false);
  bench.newLife();
  expect(new Presence(bench.context).isSomebodyThere).toBe(false);
  expect(bench.codes).toEqual([87, 111]);
});
