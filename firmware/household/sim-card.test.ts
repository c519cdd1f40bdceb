import { expect, test } from "vitest";
import { Bench, hourMs, minuteMs } from "../power/test-bench.ts";
import { SimCard } from "./sim-card.ts";

test("a SIM that is gone for two minutes is told, and its return", () => {
  const bench = new Bench();
  const sim = new SimCard(bench.context);
  sim.fault("none");
  sim.fault("absent");
  bench.pass(minuteMs);
  sim.fault("none");
  bench.pass(hourMs);
  expect(bench.raised).toEqual([]);
  sim.fault("absent");
  sim.fault("absent");
  bench.pass(2 * minuteMs);
  expect(bench.raised).toMatchObject([{ dty: 2, stc: 31, stt: "SIM gone" }]);
  sim.fault("none");
  bench.pass(minuteMs);
  expect(bench.raised[1]).toMatchObject({ stc: 91, restores: 31 });
});

test.each(["locked", "pin-refused", "pin-missing"] as const)(
  "a SIM that is %s is told as locked, and its end",
  (fault) => {
    const bench = new Bench();
    const sim = new SimCard(bench.context);
    sim.fault(fault);
    bench.pass(hourMs);
    sim.fault("none");
    bench.pass(hourMs);
    expect(bench.raised).toMatchObject([
      { stc: 118, stt: "SIM locked" },
      { stc: 127, restores: 118 },
    ]);
  },
);

test("another SIM than before is told as tamper with its number, the first one and the same one are not", () => {
  const bench = new Bench();
  new SimCard(bench.context).seen("89462036051000000012");
  bench.newLife();
  const sim = new SimCard(bench.context);
  expect(sim.iccid).toBe("89462036051000000012");
  sim.seen("89462036051000000012");
  expect(bench.raised).toEqual([]);
  sim.seen("8946203605100000002F");
  sim.seen("8946203605100000002F");
  expect(bench.raised).toMatchObject([{ dty: 2, stc: 125, stt: "SIM 8946203605100000002F" }]);
  expect(sim.iccid).toBe("8946203605100000002F");
});

test.each(["", "8946203605100000", "894620360510000000123", "ERROR: no SIM here!", "8946F036051000000012"])(
  "what is no card number is passed over: %s",
  (text) => {
    const bench = new Bench();
    const sim = new SimCard(bench.context);
    sim.seen("89462036051000000012");
    sim.seen(text);
    expect(sim.iccid).toBe("89462036051000000012");
    expect(bench.raised).toEqual([]);
  },
);

test("after a restart a SIM that was told as gone is not back before the modem says so", () => {
  const bench = new Bench();
  new SimCard(bench.context).fault("absent");
  bench.pass(hourMs);
  bench.newLife();
  const sim = new SimCard(bench.context);
  bench.pass(hourMs);
  expect(bench.codes).toEqual([31]);
  sim.fault("none");
  bench.pass(hourMs);
  expect(bench.codes).toEqual([31, 91]);
});
