import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii } from "../../protocol/text/utf8.ts";
import type { BenchStream } from "./bench-bearer.ts";
import { ModemBench } from "./modem-bench.ts";
import { Stand } from "./modem-stand.ts";
import { StreamUser } from "./modem-stream-bench.ts";

const models: readonly string[] = ["EG95", "SIMCOM_SIM7600E", "SARA-R410M-02B", "SARA-R510S"];

test.each(models)("whatever the line does, a connection's bytes arrive whole and in order, both ways: %s", (model) => {
  const piece = fc.uint8Array({ minLength: 1, maxLength: 3_000 });
  const turn = fc.record({
    out: fc.array(piece, { maxLength: 3 }),
    back: fc.array(piece, { maxLength: 3 }),
    waitMs: fc.integer({ min: 0, max: 4_000 }),
  });
  const line = fc.record({
    seed: fc.nat(),
    pieceLimit: fc.integer({ min: 1, max: 64 }),
    most: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(
    fc.property(line, fc.array(turn, { maxLength: 4 }), ({ seed, pieceLimit, most }, turns) => {
      const bench = new ModemBench({ seed, pieceLimit, delayMs: { least: 0, most }, peer: { model } });
      const user = new StreamUser(bench);
      bench.runUntilReady(120_000);
      user.open();
      for (let at = 0; at < 30 && !user.isReady; at++) user.runFor(2_000);
      const [out, back]: [number[], number[]] = [[], []];
      for (const { out: said, back: answered, waitMs } of turns) {
        for (const bytes of said) {
          user.write(bytes);
          out.push(...bytes);
        }
        for (const bytes of answered) {
          user.farEnd?.arrive(bytes);
          back.push(...bytes);
        }
        user.runFor(waitMs + 60_000);
      }
      expect(user.faults).toEqual([]);
      expect(user.farEnd?.written.flatMap((bytes) => [...bytes])).toEqual(out);
      expect(user.heard).toEqual(back);
    }),
    { numRuns: 12 },
  );
});

/** A Quectel modem with a connection of number 0 that stands. */
function connected(): { stand: Stand; stream: BenchStream } {
  const stand = new Stand();
  stand.openContext("EG95");
  expect(stand.ask('AT+QIOPEN=1,0,"TCP","192.0.2.9",5060,0,0\r')).toBe("\r\nOK\r\n\r\n+QIOPEN: 0,0\r\n");
  return { stand, stream: stand.bearer.streams[0] as BenchStream };
}

test("what came before the other side closed can still be read, and the number is taken until it is closed", () => {
  const { stand, stream } = connected();
  stream.arrive(ascii("last words"));
  stream.options.onFault("connection-lost");
  expect(stand.saidAfter(100)).toBe('\r\n+QIURC: "recv",0\r\n\r\n+QIURC: "closed",0\r\n');
  expect(stand.ask("AT+QISEND=0,3\r")).toBe("\r\nERROR\r\n");
  expect(stand.ask("AT+QIRD=0,4\r")).toBe("\r\n+QIRD: 4\r\nlast\r\n\r\nOK\r\n");
  expect(stand.ask("AT+QIRD=0,1500\r")).toBe("\r\n+QIRD: 6\r\n words\r\n\r\nOK\r\n");
  expect(stand.ask('AT+QIOPEN=1,0,"TCP","192.0.2.9",5060,0,0\r')).toContain("+QIOPEN: 0,563");
  stand.ask("AT+QICLOSE=0\r");
  expect(stand.ask('AT+QIOPEN=1,0,"TCP","192.0.2.9",5060,0,0\r')).toContain("+QIOPEN: 0,0");
});

test("news of waiting bytes is told once, and again when all were read and more have come", () => {
  const { stand, stream } = connected();
  stream.arrive(ascii("one"));
  stream.arrive(ascii("two"));
  expect(stand.saidAfter(100)).toBe('\r\n+QIURC: "recv",0\r\n');
  expect(stand.ask("AT+QIRD=0,2\r")).toContain("+QIRD: 2\r\non\r\n");
  stream.arrive(ascii("three"));
  expect(stand.saidAfter(100)).toBe("");
  expect(stand.ask("AT+QIRD=0,0\r")).toBe("\r\n+QIRD: 11,2,9\r\n\r\nOK\r\n");
  expect(stand.ask("AT+QIRD=0,1500\r")).toContain("+QIRD: 9\r\netwothree\r\n");
  stream.arrive(ascii("four"));
  expect(stand.saidAfter(100)).toBe('\r\n+QIURC: "recv",0\r\n');
});

test("a buffer that the other side does not empty fails a send and says how full it is", () => {
  const { stand, stream } = connected();
  stream.unsentCount = 11_680 - 5;
  stand.ask("AT+QISEND=0,5\r");
  expect(stand.ask("12345")).toBe("\r\nSEND OK\r\n");
  stand.ask("AT+QISEND=0,6\r");
  expect(stand.ask("123456")).toBe("\r\nSEND FAIL\r\n");
  stream.unsentCount = 2;
  expect(stand.ask("AT+QISEND=0,0\r")).toBe("\r\n+QISEND: 5,3,2\r\n\r\nOK\r\n");
});

test("no more than a modem's buffer is taken from the network before it is read", () => {
  const { stand, stream } = connected();
  for (let at = 0; at < 40; at++) stream.arrive(new Uint8Array(1_000));
  const waits = Number(/\+QIRD: (\d+),/.exec(stand.ask("AT+QIRD=0,0\r"))?.[1]);
  expect(waits).toBeGreaterThanOrEqual(16_384);
  expect(waits).toBeLessThan(18_000);
  let read = 0;
  for (let at = 0; at < 60; at++) read += Number(/\+QIRD: (\d+)\r/.exec(stand.ask("AT+QIRD=0,1500\r"))?.[1]);
  expect(read).toBe(40_000);
});

test("connections end with the context, and who waits for one or for a name hears that it failed", () => {
  const { stand } = connected();
  stand.bearer.answers = () => undefined;
  stand.ask('AT+QIOPEN=1,1,"TCP","192.0.2.9",5060,0,0\r');
  stand.bearer.swallows = true;
  stand.ask('AT+QIDNSGIP=1,"larm.example"\r');
  stand.bearer.change({ registered: "searching" });
  const said = stand.saidAfter(1_000);
  expect(said).toContain('+QIURC: "pdpdeact",1');
  expect(said).toContain("+QIOPEN: 1,566");
  expect(said).toContain('+QIURC: "dnsgip",565');
  expect(stand.bearer.streams.every(({ isClosed }) => isClosed)).toBe(true);
  expect(stand.ask("AT+QISTATE=1,0\r")).toBe("\r\nOK\r\n");
});

test("a far side that never answers is given up, and a name that nobody knows of too", () => {
  const { stand } = connected();
  stand.bearer.swallows = true;
  stand.ask('AT+QIOPEN=1,1,"TCP","192.0.2.9",5060,0,0\r');
  stand.ask('AT+QIDNSGIP=1,"larm.example"\r');
  const said = stand.saidAfter(80_000);
  expect(said).toContain("+QIOPEN: 1,569");
  expect(said).toContain('+QIURC: "dnsgip",565');
  expect(stand.bearer.streams[1]?.isClosed).toBe(true);
});

test("a blocking command of u-blox is answered although its context goes meanwhile", () => {
  const stand = new Stand({ model: "SARA-R510S" });
  stand.openContext("SARA-R510S");
  stand.bearer.answers = () => undefined;
  stand.ask("AT+USOCR=6\r");
  stand.peer.receive(ascii('AT+USOCO=0,"192.0.2.9",5060\r'));
  expect(stand.saidAfter(10_000)).toBe("");
  stand.bearer.change({ registered: "searching" });
  expect(stand.saidAfter(1_000)).toContain("\r\nERROR\r\n");
  expect(stand.ask("AT\r")).toBe("\r\nOK\r\n");
});

test("a u-blox modem's sockets are free again once their context is gone", () => {
  const stand = new Stand({ model: "SARA-R510S" });
  for (let turn = 0; turn < 2; turn++) {
    stand.openContext("SARA-R510S");
    for (let id = 0; id < 7; id++) expect(stand.ask("AT+USOCR=6\r")).toContain(`+USOCR: ${id}`);
    expect(stand.ask("AT+USOCR=6\r")).toContain("ERROR");
    stand.bearer.change({ registered: "searching" });
    stand.bearer.change({ registered: "home" });
    stand.saidAfter(10_000);
  }
});

test("a certificate that is only out of date is refused where the modem was told to look at dates", () => {
  for (const [ignores, answer] of [
    [1, "+QSSLOPEN: 0,0"],
    [0, "+QSSLOPEN: 0,579"],
  ] as const) {
    const stand = new Stand({ files: [{ name: "ca.pem", text: "PEM" }] });
    stand.openContext("EG95");
    stand.bearer.answers = () => "expired";
    for (const line of ['"cacert",1,"UFS:ca.pem"', '"seclevel",1,1', `"ignorelocaltime",1,${ignores}`])
      stand.ask(`AT+QSSLCFG=${line}\r`);
    expect(stand.ask('AT+QSSLOPEN=1,1,0,"larm.example",5061,0\r')).toContain(answer);
  }
});

test("a certificate is taken by its length, kept over a restart, and wanted where one is to be checked", () => {
  const stand = new Stand();
  stand.openContext("EG95");
  stand.ask('AT+QSSLCFG="seclevel",1,1\r');
  stand.ask('AT+QSSLCFG="cacert",1,"UFS:ca.pem"\r');
  expect(stand.ask('AT+QSSLOPEN=1,1,0,"larm.example",5061,0\r')).toBe("\r\nERROR\r\n");
  expect(stand.ask('AT+QFUPL="UFS:ca.pem",4,5\r')).toBe("\r\nCONNECT\r\n");
  expect(stand.ask("PEM\n")).toBe("\r\n+QFUPL: 4,1d4f\r\n\r\nOK\r\n");
  expect(stand.ask('AT+QFUPL="UFS:ca.pem",4,5\r')).toContain("ERROR: 407");
  stand.peer.restart();
  stand.saidAfter(20_000);
  stand.openContext("EG95");
  expect(stand.ask('AT+QSSLCFG="seclevel",1\r')).toBe('\r\n+QSSLCFG: "seclevel",1,0\r\n\r\nOK\r\n');
  expect(stand.ask("AT+QFLST\r")).toContain('+QFLST: "ca.pem",4');
  stand.ask('AT+QSSLCFG="seclevel",1,1\r');
  stand.ask('AT+QSSLCFG="cacert",1,"UFS:ca.pem"\r');
  expect(stand.ask('AT+QSSLOPEN=1,1,0,"larm.example",5061,0\r')).toContain("+QSSLOPEN: 0,0");
  expect(stand.bearer.streams[0]?.options.authorities).toEqual(["PEM\n"]);
  for (let at = 0; at < 8; at++) {
    stand.ask(`AT+QFUPL="${at}.pem",1,5\r`);
    expect(stand.ask("x")).toContain(at < 7 ? "+QFUPL: 1," : "ERROR: 407");
  }
});

test("a modem that restarts forgets its connections and says nothing of them", () => {
  const { stand, stream } = connected();
  stand.peer.restart();
  expect(stand.saidAfter(20_000)).toBe("\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n");
  expect(stream.isClosed).toBe(true);
  stream.options.onReadable(3);
  stream.options.onFault("connection-lost");
  expect(stand.saidAfter(1_000)).toBe("");
});

test("the states of sockets and connections are told in each vendor's own way", () => {
  const { stand } = connected();
  stand.ask('AT+QIOPEN=1,2,"UDP SERVICE","127.0.0.1",0,5060,0\r');
  const states = stand.ask("AT+QISTATE=0,1\r");
  expect(states).toContain('+QISTATE: 0,"TCP","192.0.2.9",5060,49152,2,1,0,0,"uart1"');
  expect(states).toContain('+QISTATE: 2,"UDP SERVICE","127.0.0.1",0,5060,2,1,2,0,"uart1"');
  const simcom = new Stand({ model: "SIMCOM_SIM7600E" });
  simcom.openContext("SIMCOM_SIM7600E");
  simcom.ask('AT+CIPOPEN=3,"TCP","192.0.2.9",5060\r');
  expect(simcom.ask("AT+CIPCLOSE?\r")).toContain("+CIPCLOSE: 0,0,0,1,0,0,0,0,0,0");
  const ublox = new Stand({ model: "SARA-R510S" });
  ublox.openContext("SARA-R510S");
  ublox.ask("AT+USOCR=6\r");
  expect(ublox.ask("AT+USOCTL=0,10\r")).toContain("+USOCTL: 0,10,0");
  ublox.ask('AT+USOCO=0,"192.0.2.9",5060,1\r');
  expect(ublox.ask("AT+USOCTL=0,10\r")).toContain("+USOCTL: 0,10,4");
});
