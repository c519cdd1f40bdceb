/** Alarms and news of accessories: named calls, each of its own device, and their order among the kinds. */
import { expect, test } from "vitest";
import { fallSeries, pressSeries, seriesOf } from "../pairing/bonds.ts";
import { reportLimit } from "./alarm-state.ts";
import { alarmBench } from "./arbitraries.ts";
import { stepOfPress } from "./calls.ts";
import {
  type AccessoryHeard,
  eventOfAccessory,
  eventOfFall,
  eventOfPress,
  type FallHeard,
  originOfBond,
  seriesOfFacts,
} from "./heard.ts";
import { messageOf } from "./message.ts";
import { answering } from "./test-bench.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };
const smoke = { kind: "fire-and-gas", dty: 23, stc: 9, bond: 3, did: "0A0B0C0D" } as const;
const battery = { kind: "technical", dty: 23, stc: 16, bond: 3, did: "0A0B0C0D" } as const;

const caller = { bond: 3, did: "0A0B0C0D", person: 2, where: "kök", batteryMv: 2980, low: true, rssiDbm: -70 };
const smokeHeard: AccessoryHeard = {
  ...caller,
  type: "accessory-heard",
  name: 40,
  counter: 41,
  times: 2,
  ageS: 5,
  accessory: "smoke",
  happening: "alarm",
  condition: { alarm: true, fault: false, tamper: false },
};
const fallHeard: FallHeard = {
  ...caller,
  type: "fall-heard",
  name: 50,
  counter: 51,
  falls: 1,
  ageS: 0,
  phase: "fell",
  form: "neck",
};

test("fire and gas races like an alarm, before other life safety and behind a person", () => {
  const bench = alarmBench();
  bench.useRoute("mobile");
  const door = bench.raise("life-safety", 0);
  const fire = bench.raiseOrder(smoke, { name: 1 });
  const person = bench.press(0, 1);
  bench.clear();
  bench.run(5_000);
  expect(bench.sent("ME").map(({ attempt }) => attempt.number)).toEqual([person, fire, door]);
  bench.run(10_000);
  expect(bench.sent("ME").filter(({ attempt }) => attempt.number === fire)).toHaveLength(3);
});

test("an accessory's alarm is stored before it is told received, and told accepted by its own name", () => {
  const bench = alarmBench();
  const number = bench.raiseOrder(smoke, { name: 40 });
  expect(bench.done.map(({ effect }) => effect.type).slice(0, 3)).toEqual(["store", "log", "tell-button"]);
  bench.answer(bench.last(), 0);
  expect(bench.told()).toEqual(["received 40", "accepted 40"]);
  expect(bench.report(number)?.at).toBe("open");
  expect(stepOfPress(bench.state.reports, 3, 40)).toBe("accepted");
  expect(bench.shown()).toEqual([]);
});

test("a recurring device counts in its own report and suppresses no other device of the same kind", () => {
  const bench = alarmBench();
  const first = bench.raiseOrder(smoke, { name: 1 });
  for (let name = 2; name <= 40; name++) bench.raiseOrder(smoke, { name });
  const other = bench.raiseOrder({ ...smoke, bond: 4, did: "other" }, { name: 1 });
  expect(bench.report(first)?.pressCount).toBe(40);
  expect(bench.report(other)?.pressCount).toBe(1);
  expect(bench.sent("ME").map(({ attempt }) => attempt.number)).toContain(other);
});

test("another happening of the same device is a report of its own", () => {
  const bench = alarmBench();
  bench.raiseOrder(smoke, { name: 1 });
  bench.raiseOrder(battery, { name: 2 });
  expect(bench.state.reports).toHaveLength(2);
  expect(bench.told()).toEqual(["received 1", "received 2"]);
});

test("a second alarm of an accessory on its accepted one is told as an update and accepted by that alone", () => {
  const bench = alarmBench();
  bench.raiseOrder(smoke, { name: 1 });
  bench.answer(bench.last(), 0);
  bench.raiseOrder(smoke, { name: 2 });
  expect(bench.told()).toEqual(["received 1", "accepted 1", "received 2"]);
  bench.far = answering(() => 0);
  bench.run(6_000);
  expect(bench.told().at(-1)).toBe("accepted 2");
});

test("an older frame of a known call raises nothing and is told how far it is", () => {
  const bench = alarmBench();
  bench.raiseOrder(battery, { name: 7 });
  bench.raiseOrder(battery, { name: 7 });
  expect(bench.state.reports).toHaveLength(1);
  expect(bench.told()).toEqual(["received 7", "received 7"]);
});

test("a new device in the place of an old one is heard, whatever names it uses again", () => {
  const bench = alarmBench();
  bench.raiseOrder(smoke, { name: 1 });
  bench.answer(bench.last(), 0);
  bench.clear();
  bench.raiseOrder({ ...smoke, did: "other" }, { name: 1 });
  expect(bench.told()).toEqual(["received 1"]);
  expect(bench.sent("ME")).toHaveLength(1);
});

test("all names that one message of a lower kind told of are accepted with it", () => {
  const bench = alarmBench();
  bench.raiseOrder(battery, { name: 7, spreadMs: 60_000 });
  bench.raiseOrder({ ...battery, stc: 15, restores: 16 }, { name: 9, spreadMs: 60_000 });
  bench.far = answering(() => 0);
  bench.run(120_000);
  expect(bench.told()).toEqual(["received 7", "received 9", "accepted 7", "accepted 9"]);
});

test("what a device was told is safe never makes room; one beyond the bound is not answered", () => {
  const bench = alarmBench();
  for (let bond = 0; bond < reportLimit; bond++) bench.raiseOrder({ ...smoke, bond, did: `S${bond}` }, { name: 1 });
  bench.clear();
  bench.press(60, 1);
  bench.raiseOrder({ ...smoke, bond: 61 }, { name: 1 });
  expect(bench.told()).toEqual([]);
  expect(bench.state.reports).toHaveLength(reportLimit);
});

test("a department's own alarm has no name and tells no device", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  const number = bench.raiseOrder({ kind: "user-alarm", dty: 10, stc: 9 }, {});
  bench.run(0);
  expect(bench.report(number)?.at).toBe("open");
  expect(bench.shown()).toEqual(["sending", "accepted"]);
  expect(bench.told()).toEqual([]);
});

test("the acceptance of a report is told to the department under its number", () => {
  const bench = alarmBench();
  bench.far = answering(() => 0);
  const number = bench.raiseOrder({ stc: 85 }, {});
  bench.run(0);
  expect(bench.done.map(({ effect }) => effect)).toContainEqual({ type: "tell-department", number });
});

test("what the radio proved becomes an event with all that it says of its origin", () => {
  const bench = alarmBench();
  const { order, call, origin, ageS } = eventOfAccessory(smokeHeard, 0, 1) as Extract<
    ReturnType<typeof eventOfAccessory>,
    { type: "raised" }
  >;
  expect(call).toEqual({ bond: 3, name: 40, counter: 41, times: 2 });
  bench.nowMs = 10_000;
  bench.raiseOrder(order, { name: 40, times: 2, ageS, origin });
  const [sent] = bench.sent("ME");
  if (sent === undefined) throw new Error("a message");
  expect(messageOf(sender, sent.report, sent.attempt)).toMatchObject({
    dty: 23,
    stc: 9,
    did: "0A0B0C0D",
    dte: "person 2",
    lte: "kök",
    ite: "at T+05s device battery 2.98 V low",
  });
});

test("an end knows the code of what it ends", () => {
  const ends = { restored: 9, "tamper-restored": 125, "battery-ok": 16, "fault-gone": 67, alarm: -1 } as const;
  for (const happening of ["restored", "tamper-restored", "battery-ok", "fault-gone", "alarm"] as const)
    expect(eventOfAccessory({ ...smokeHeard, happening }, 0, 1)).toMatchObject({
      order: { restores: ends[happening] },
    });
});

test("of a bond it is known who wears it and where it hangs, and only a button has a form", () => {
  const bond = { address: 1, person: 2, form: "neck", key: new Uint8Array(16), revoked: false, where: "hall" } as const;
  expect(originOfBond(bond)).toEqual({ person: 2, form: "neck", where: "hall", dco: 0, batteryMv: 0, low: false });
  expect(originOfBond({ ...bond, form: "door", where: undefined })).toMatchObject({ form: "none", where: "" });
});

test("a kept report is known again in the series that its device called in", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.press(0, 2, { reason: "fall" });
  bench.raiseOrder(smoke, { name: 1 });
  bench.raiseOrder(battery, { name: 2 });
  bench.raiseOrder({ ...battery, stc: 105 }, { name: 3 });
  const forms = ["wrist", "wrist", "smoke", "smoke", "smoke"] as const;
  const series = bench.state.reports.map(({ facts }, i) => seriesOfFacts(facts, forms[i] ?? "wrist"));
  expect(series).toEqual([pressSeries, fallSeries, seriesOf("alarm"), seriesOf("battery-low"), seriesOf("alarm")]);
});

test("a fall and its taking back are presses of their own series", () => {
  expect(eventOfFall(fallHeard, 5, 9)).toMatchObject({ type: "pressed", reason: "fall", presses: 1, number: 9 });
  expect(eventOfFall({ ...fallHeard, phase: "withdrawn" }, 5, 9)).toMatchObject({ reason: "fall-withdrawn" });
  const { falls: _falls, phase: _phase, ...rest } = fallHeard;
  const press = eventOfPress({ ...rest, type: "press-heard", presses: 3, reason: "call" }, 5, 9);
  expect(press).toMatchObject({ reason: "call", presses: 3, did: "0A0B0C0D", origin: { person: 2, form: "neck" } });
});
