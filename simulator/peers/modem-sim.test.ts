/** A card that hands pull out of a running modem, and put back. */
import { expect, test } from "vitest";
import { ModemBench } from "./modem-bench.ts";

const pulled: readonly (readonly [string, string])[] = [
  ["EG95", "+QSIMSTAT: 1,0"],
  ["SIMCOM_SIM7600E", "+SIMCARD: NOT AVAILABLE"],
  ["SARA-R510S", "+UUSIMSTAT: 0"],
];

test.each(pulled)("a card pulled out of %s is known at once, and its return brings the modem back", (model, news) => {
  const bench = new ModemBench({ peer: { model } });
  const slot = bench.peer.cellular as unknown as { options: { sim: "present" | "absent" } };
  bench.runUntilReady(120_000);
  slot.options.sim = "absent";
  bench.bearer.change({});
  bench.peer.tell(news);
  bench.runFor(30_000);
  expect(bench.modem.report).toMatchObject({ at: "failed", simFault: "absent" });
  slot.options.sim = "present";
  bench.bearer.change({});
  bench.runFor(120_000);
  expect(bench.modem.report).toMatchObject({ at: "ready", simFault: "none" });
});
