import { expect, test } from "vitest";
import type { ModemReport } from "../modem/modem-state.ts";
import { modemOff } from "../modem/modem-state.ts";
import { Bench, dayMs } from "../power/test-bench.ts";
import { OldNetwork } from "./old-network.ts";

function report(changes: Partial<ModemReport>): ModemReport {
  return { ...modemOff.report, at: "ready", generation: "4g", model: "EG95", ...changes };
}

test("a unit on an old network says so at once and each week, with what its modem cannot do", () => {
  const bench = new Bench();
  const watch = new OldNetwork(bench.context);
  watch.modemIs(report({ generation: "2g", model: "BG96" }));
  expect(bench.raised.map(({ stc, stt }) => [stc, stt])).toEqual([[105, "mobile network 2G, no voice"]]);
  bench.pass(7 * dayMs - 1);
  expect(bench.raised.length).toBe(1);
  bench.pass(1);
  expect(bench.raised.length).toBe(2);
});

test("news of the modem says it no more often, and one that has found another network ends it", () => {
  const bench = new Bench();
  const watch = new OldNetwork(bench.context);
  for (let i = 0; i < 50; i++) {
    watch.modemIs(report({ generation: "3g", signal: i % 31 }));
    watch.modemIs(report({ at: "registering", generation: "unknown" }));
    bench.pass(3_600_000);
  }
  expect(bench.raised.map(({ stt }) => stt)).toEqual(["mobile network 3G"]);
  watch.modemIs(report({ generation: "4g" }));
  bench.pass(30 * dayMs);
  expect(bench.raised.length).toBe(1);
});

test("a new network, and one of which nothing is known, is no warning", () => {
  const bench = new Bench();
  const watch = new OldNetwork(bench.context);
  watch.modemIs(report({ generation: "4g" }));
  watch.modemIs(report({ generation: "unknown" }));
  watch.modemIs(report({ generation: "2g", at: "attaching" }));
  bench.pass(30 * dayMs);
  expect(bench.raised).toEqual([]);
});
