/** The unit's question for its SIM, and a modem's answers, in virtual time. */
import { expect, test } from "vitest";
import { SimReader } from "../../firmware/modem/sim-reader.ts";
import { ModemBench } from "./modem-bench.ts";
import { IdentityPart } from "./modem-identity.ts";

const first = "89462036051000000012";
const second = "8946203605100000002";

class SimBench {
  iccid = first;
  readonly seen: string[] = [];
  readonly bench: ModemBench;

  constructor(model: string, withoutCardCommand = false) {
    this.bench = new ModemBench({
      peer: {
        model,
        parts: [
          (modem) => new IdentityPart(modem, { model, number: "+46701", iccid: () => this.iccid, withoutCardCommand }),
        ],
      },
    });
    this.bench.modem.attach(
      new SimReader({ onWant: () => this.bench.modem.wake(), onIccid: (iccid) => this.seen.push(iccid) }),
    );
  }
}

const models = ["EG95", "BG96", "SIMCOM_SIM7600E", "SARA-R410M-02B", "SARA-R510S"];

test.each(models)("%s tells its card, once for each start", (model) => {
  const bench = new SimBench(model);
  bench.bench.runFor(30_000);
  bench.bench.runFor(60_000);
  expect(bench.seen).toEqual([first]);
  bench.iccid = second;
  bench.bench.peer.restart();
  bench.bench.runFor(120_000);
  expect(bench.seen).toEqual([first, second]);
});

test.each(models)("%s without its vendor's command gives the card's own file", (model) => {
  const bench = new SimBench(model, true);
  bench.bench.runFor(30_000);
  bench.bench.runFor(60_000);
  expect(bench.seen).toEqual([first]);
  bench.iccid = second;
  bench.bench.peer.restart();
  bench.bench.runFor(120_000);
  expect(bench.seen).toEqual([first, second]);
});

test("a card that was taken out and another that was put in are told while the modem runs on", () => {
  const bench = new SimBench("EG95");
  bench.bench.runFor(30_000);
  bench.bench.runFor(10_000);
  bench.bench.peer.tell("+QSIMSTAT: 1,0");
  bench.iccid = second;
  bench.bench.peer.tell("+CPIN: READY");
  bench.bench.runFor(10_000);
  expect(bench.seen).toEqual([first, second]);
});

test("a modem that answers neither question is asked each of them once", () => {
  const bench = new SimBench("EG95");
  bench.bench.peer.faults.refusals.push(
    { name: "+QCCID", code: -1, count: 9 },
    { name: "+CRSM", code: -1, count: 9 },
    { name: "+QSIMSTAT", code: -1, count: 9 },
  );
  bench.bench.runFor(30_000);
  bench.bench.runFor(600_000);
  expect(bench.seen).toEqual([]);
  expect(bench.bench.peer.faults.refusals.map(({ count }) => count)).toEqual([8, 8, 8]);
});
