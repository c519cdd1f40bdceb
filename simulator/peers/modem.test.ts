import fc from "fast-check";
import { expect, test } from "vitest";
import type { RecoveryStep } from "../../firmware/modem/modem-state.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { BearerState } from "../network/bearer.ts";
import { far, ModemBench } from "./modem-bench.ts";

/** One model of each dialect. */
const models: readonly string[] = ["EG95", "SIMCOM_SIM7600E", "SARA-R410M-02B", "SARA-R510S"];

test.each(models)("a modem comes up, opens a socket, and a datagram goes each way: %s", (model) => {
  const bench = new ModemBench({ peer: { model } });
  const took = bench.runUntilReady(30_000);
  expect(took).toBeLessThan(15_000);
  expect(bench.local).toEqual({ host: "10.1.2.3", port: 5060 });
  bench.socket.send(ascii("MESSAGE\r\n"), far);
  bench.runFor(2_000);
  expect(bench.bearer.sent).toEqual([{ bytes: ascii("MESSAGE\r\n"), fromPort: 5060, to: far }]);
  bench.bearer.receive?.(ascii("\r\nOK\r\n> AT"), far, 5060);
  bench.runFor(2_000);
  expect(bench.heard).toEqual([{ bytes: ascii("\r\nOK\r\n> AT"), from: far }]);
  expect(bench.modem.report).toMatchObject({
    at: "ready",
    signal: 17,
    operator: "Nord",
    generation: "4g",
    model,
  });
  expect(bench.times[0]).toBe(1_772_431_805_000);
});

/** As long as every dialect can carry. */
const anyDatagram = fc.uint8Array({ minLength: 1, maxLength: 1_024 });
const smallDatagram = fc.oneof({ weight: 3, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 40 }) }, anyDatagram);
const steps: readonly RecoveryStep[] = ["reopen", "reattach", "reselect", "reset", "power-cycle"];

test.each(models)(
  "whatever the line does to the bytes, datagrams arrive whole and in order, both ways: %s",
  (model) => {
    const turn = fc.record({
      out: fc.array(smallDatagram, { maxLength: 8 }),
      back: fc.array(smallDatagram, { maxLength: 8 }),
      waitMs: fc.integer({ min: 0, max: 3_000 }),
    });
    const line = fc.record({
      seed: fc.nat(),
      pieceLimit: fc.integer({ min: 1, max: 64 }),
      most: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(line, fc.array(turn, { maxLength: 4 }), ({ seed, pieceLimit, most }, turns) => {
        const bench = new ModemBench({ seed, pieceLimit, delayMs: { least: 0, most }, peer: { model } });
        bench.runUntilReady(120_000);
        const out: Uint8Array[] = [];
        const back: Uint8Array[] = [];
        for (const turn of turns) {
          for (const bytes of turn.out) {
            bench.socket.send(bytes, far);
            out.push(bytes);
          }
          for (const bytes of turn.back) {
            bench.bearer.receive?.(bytes, far, 5060);
            back.push(bytes);
          }
          bench.runFor(turn.waitMs + 60_000);
        }
        expect(bench.bearer.sent.map((sent) => sent.bytes)).toEqual(out);
        expect(bench.heard.map((heard) => heard.bytes)).toEqual(back);
        expect(bench.faults).toEqual([]);
      }),
      { numRuns: 40 },
    );
  },
);

type Trouble =
  | { kind: "silent" | "slow"; forMs: number }
  | { kind: "restart" | "power-off" | "prompts" | "send-failures" | "no-data" }
  | { kind: "refuse"; name: string; code: number; count: number }
  | { kind: "bearer"; change: Partial<BearerState> }
  | { kind: "noise"; bytes: Uint8Array }
  | { kind: "order"; step: RecoveryStep }
  | { kind: "send" | "arrive"; bytes: Uint8Array };

const anyTrouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("silent" as const, "slow" as const),
    forMs: fc.integer({ min: 100, max: 90_000 }),
  }),
  fc.record({
    kind: fc.constantFrom(
      "restart" as const,
      "power-off" as const,
      "prompts" as const,
      "send-failures" as const,
      "no-data" as const,
    ),
  }),
  fc.record({
    kind: fc.constant("refuse" as const),
    name: fc.constantFrom(
      "+CPIN",
      "+QIACT",
      "+QIOPEN",
      "+QISEND",
      "+QIRD",
      "+QICLOSE",
      "+NETOPEN",
      "+IPADDR",
      "+CIPOPEN",
      "+CIPSEND",
      "+CIPRXGET",
      "+CIPSRIP",
      "+CIPCLOSE",
      "+CGMM",
      "+CGACT",
      "+CGPADDR",
      "+UPSDA",
      "+USOCR",
      "+USOST",
      "+USORF",
      "+USOCL",
      "+CEREG",
      "+COPS",
      "+CFUN",
      "",
      "E",
    ),
    code: fc.constantFrom(-1, 3, 13, 14, 30, 100),
    count: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({
    kind: fc.constant("bearer" as const),
    change: fc.record({
      registered: fc.constantFrom("home" as const, "roaming" as const, "searching" as const, "denied" as const),
      generation: fc.constantFrom("2g" as const, "4g" as const),
    }),
  }),
  fc.record({
    kind: fc.constant("noise" as const),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .constantFrom(
          "\r\nOK\r\n",
          "\r\nRDY\r\n",
          '+QIRD: 1400,"1.2.3.4",5\r\n',
          "+CIPRXGET: 2,0,1400,0\r\n",
          '+USORF: 0,"1.2.3.4",5,1000,"',
          "@",
          "> ",
          "\r\nERROR\r\n",
          '\r\n+QIURC: "pdpdeact",1\r\n',
        )
        .map(ascii),
    ),
  }),
  fc.record({ kind: fc.constant("order" as const), step: fc.constantFrom(...steps) }),
  fc.record({ kind: fc.constantFrom("send" as const, "arrive" as const), bytes: smallDatagram }),
);

function inflict(bench: ModemBench, trouble: Trouble): void {
  const faults = bench.peer.faults;
  switch (trouble.kind) {
    case "silent":
      faults.silent = true;
      bench.runFor(trouble.forMs);
      faults.silent = false;
      return;
    case "slow":
      faults.slowMs = 4_000;
      bench.runFor(trouble.forMs);
      faults.slowMs = 0;
      return;
    case "restart":
      bench.peer.restart();
      return;
    case "power-off":
      bench.peer.power(false);
      bench.runFor(5_000);
      bench.peer.power(true);
      return;
    case "prompts":
      faults.lostPrompts = 2;
      return;
    case "send-failures":
      faults.sendFailures = 4;
      return;
    case "no-data":
      bench.bearer.refusesData = true;
      return;
    case "refuse":
      faults.refusals.push({ name: trouble.name, code: trouble.code, count: trouble.count });
      return;
    case "bearer":
      bench.bearer.change(trouble.change);
      return;
    case "noise":
      bench.peer.disturb(trouble.bytes);
      return;
    case "order":
      bench.modem.recover(trouble.step);
      return;
    case "send":
      bench.socket.send(trouble.bytes, far);
      return;
    case "arrive":
      bench.bearer.receive?.(trouble.bytes, far, 5060);
      return;
  }
}

test.each(models)("after any troubles a modem that can be reached is ready again within six minutes: %s", (model) => {
  const plan = fc.record({
    seed: fc.nat(),
    pieceLimit: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    canPower: fc.boolean(),
    troubles: fc.array(fc.record({ trouble: anyTrouble, waitMs: fc.integer({ min: 0, max: 20_000 }) }), {
      maxLength: 12,
    }),
  });
  let slowest = 0;
  fc.assert(
    fc.property(plan, ({ seed, pieceLimit, canPower, troubles }) => {
      const bench = new ModemBench({
        seed,
        canPower,
        peer: { model },
        ...(pieceLimit === undefined ? {} : { pieceLimit }),
      });
      for (const { trouble, waitMs } of troubles) {
        bench.runFor(waitMs);
        inflict(bench, trouble);
      }
      bench.bearer.refusesData = false;
      bench.peer.faults.refusals.length = 0;
      bench.peer.faults.lostPrompts = 0;
      bench.peer.faults.sendFailures = 0;
      bench.bearer.change({ registered: "home" });
      slowest = Math.max(slowest, bench.runUntilCarrying(360_000));
    }),
    { numRuns: 100 },
  );
  expect(slowest).toBeGreaterThan(1_000);
});

test("a network selection that was cut short by a silence is taken up again", () => {
  const bench = new ModemBench({ peer: { answerMs: { least: 100, most: 100 } } });
  bench.runUntilReady(30_000);
  bench.runFor(5_000);
  bench.modem.recover("reselect");
  bench.runFor(50);
  // AT+COPS=2 has been heard and will be obeyed; its answer is lost, and so is AT+COPS=0.
  bench.peer.faults.silent = true;
  bench.runFor(40_000);
  bench.peer.faults.silent = false;
  expect(bench.runUntilCarrying(120_000)).toBeLessThan(120_000);
});

test.each(models)("a datagram whose news was lost on the line is found after the next sends: %s", (model) => {
  const bench = new ModemBench({ peer: { model } });
  bench.runUntilReady(30_000);
  bench.runFor(2_000);
  bench.peer.faults.silent = true;
  bench.bearer.receive?.(ascii("lost news"), far, 5060);
  bench.peer.faults.silent = false;
  bench.runFor(60_000);
  expect(bench.heard).toEqual([]);
  for (let turn = 0; turn < 2; turn++) {
    bench.socket.send(ascii("again"), far);
    bench.runFor(2_000);
  }
  expect(bench.heard).toEqual([{ bytes: ascii("lost news"), from: far }]);
});

test("a modem that does not tell where a datagram came from is believed to pass on the last one's answer", () => {
  const bench = new ModemBench({ peer: { model: "A7672E" } });
  bench.peer.faults.refusals.push({ name: "+CIPSRIP", code: -1, count: 99 });
  bench.runUntilReady(30_000);
  bench.bearer.receive?.(ascii("from nobody"), far, 5060);
  bench.runFor(5_000);
  expect(bench.heard).toEqual([]);
  bench.socket.send(ascii("question"), far);
  bench.runFor(2_000);
  bench.bearer.receive?.(ascii("answer"), { host: "198.51.100.1", port: 9 }, 5060);
  bench.runFor(5_000);
  expect(bench.heard).toEqual([{ bytes: ascii("answer"), from: far }]);
});

test("two sockets of a modem that chooses the numbers keep apart, whatever number each gets", () => {
  const bench = new ModemBench({ peer: { model: "SARA-R410M-02B" } });
  const heard: string[] = [];
  const other = bench.modem.openDatagram({
    localPort: 5070,
    onReady: () => {},
    onReadable: () => {
      for (let next = other.read(); next !== undefined; next = other.read()) heard.push(textOf(next.bytes, 0, 9));
    },
    onFault: () => {},
  });
  bench.runUntilReady(60_000);
  bench.runFor(10_000);
  for (const step of ["reopen", "reattach", "reset"] as const) {
    bench.modem.recover(step);
    bench.runFor(60_000);
    bench.bearer.receive?.(ascii("to-second"), far, 5070);
    bench.runUntilCarrying(60_000);
    expect(heard.pop()).toBe("to-second");
  }
});

test("a stranger that refuses every way of being spoken to is asked again who it is", () => {
  const bench = new ModemBench({ peer: { model: "SARA-R510S" } });
  bench.peer.faults.refusals.push({ name: "+CGMM", code: -1, count: 5 });
  bench.runUntilReady(120_000);
  expect(bench.modem.report.model).toBe("SARA-R510S");
  bench.runUntilCarrying(30_000);
});

test("a modem that did not say at once who it is hears no other vendor's commands", () => {
  const bench = new ModemBench({ peer: { model: "SARA-R510S" } });
  bench.peer.faults.refusals.push({ name: "+CGMM", code: -1, count: 2 });
  bench.runUntilReady(60_000);
  expect(bench.talk.join("")).not.toContain("AT+Q");
});

test("a context that was lost without a word is found missing when a socket cannot be opened", () => {
  for (const model of models) {
    const bench = new ModemBench({ peer: { model } });
    bench.runUntilReady(60_000);
    bench.runFor(5_000);
    bench.peer.faults.silent = true;
    bench.bearer.change({ registered: "searching" });
    bench.bearer.change({ registered: "home" });
    bench.peer.faults.silent = false;
    bench.modem.recover("reopen");
    expect(bench.runUntilCarrying(120_000)).toBeLessThan(60_000);
  }
});
