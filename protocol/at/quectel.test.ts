import fc from "fast-check";
import { expect, test } from "vitest";
import { anyLine } from "./arbitraries.ts";
import { quectel } from "./quectel.ts";

test("no line makes the dialect throw, and a datagram's length is never below zero", () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      quectel.factOf(line);
      const header = quectel.datagramOf(line);
      if (header !== undefined) expect(header.length).toBeGreaterThan(0);
      expect(quectel.readFrom(0).dataLength?.(line)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 1_000 },
  );
});

test("the socket commands are those of the manual", () => {
  expect(quectel.openUdp(2, 5060).text).toBe('AT+QIOPEN=1,2,"UDP SERVICE","127.0.0.1",0,5060,0');
  expect(quectel.sendTo(2, "192.0.2.7", 5060, 415)).toMatchObject({
    text: 'AT+QISEND=2,415,"192.0.2.7",5060',
    prompt: ">",
    final: "SEND OK",
  });
  expect(quectel.readFrom(2)).toMatchObject({ text: "AT+QIRD=2", prefix: "+QIRD:" });
  expect(quectel.close(2).text).toBe("AT+QICLOSE=2");
  expect(quectel.defineContext("iot.example", "", "").text).toBe('AT+QICSGP=1,1,"iot.example"');
  expect(quectel.defineContext("iot.example", "u", "p").text).toBe('AT+QICSGP=1,1,"iot.example","u","p",1');
});

test("a datagram's header is its length and origin; none waits where the length is 0", () => {
  expect(quectel.datagramOf('+QIRD: 5,"192.0.2.7",5060')).toEqual({ length: 5, host: "192.0.2.7", port: 5060 });
  expect(quectel.datagramOf("+QIRD: 5,192.0.2.7,5060")).toEqual({ length: 5, host: "192.0.2.7", port: 5060 });
  for (const line of ["+QIRD: 0", "+QIRD: 5", '+QIRD: 5,"192.0.2.7",70000', "+QIRD: x"])
    expect(quectel.datagramOf(line)).toBeUndefined();
});

test("news of sockets, context, clock, signal and start are told apart", () => {
  expect(quectel.factOf('+QIURC: "recv",3')).toEqual({ type: "socket-readable", socket: 3 });
  expect(quectel.factOf('+QIURC: "closed",3')).toEqual({ type: "socket-closed", socket: 3 });
  expect(quectel.factOf('+QIURC: "pdpdeact",1')).toEqual({ type: "context-lost" });
  expect(quectel.factOf('+QIURC: "pdpdeact",2')).toBeUndefined();
  expect(quectel.factOf("+QIOPEN: 0,0")).toEqual({ type: "socket-opened", socket: 0, error: 0 });
  expect(quectel.factOf("+QIOPEN: 0,563")).toEqual({ type: "socket-opened", socket: 0, error: 563 });
  expect(quectel.factOf("+QIOPEN: 0")).toMatchObject({ error: 550 });
  expect(quectel.factOf('+QIACT: 1,1,1,"10.1.2.3"')).toEqual({ type: "context", active: true, address: "10.1.2.3" });
  expect(quectel.factOf('+QIACT: 2,1,1,"10.1.2.3"')).toBeUndefined();
  expect(quectel.factOf("+QIACT: 1,0,1")).toEqual({ type: "context", active: false, address: "" });
  expect(quectel.factOf('+QIND: "csq",12,99')).toEqual({ type: "signal", signal: 12 });
  expect(quectel.factOf('+QIND: "csq",31,99')).toEqual({ type: "signal", signal: 31 });
  expect(quectel.factOf('+QIND: "csq",32,99')).toEqual({ type: "signal", signal: 99 });
  expect(quectel.factOf('+QIND: "act","LTE"')).toBeUndefined();
  expect(quectel.factOf('+CTZE: "+04",1,"2026/03/02,07:10:05"')).toEqual({ type: "clock-set" });
  expect(quectel.factOf('+QLTS: "2026/03/02,06:10:05+04,0"')).toEqual({ type: "clock", wallMs: 1_772_431_805_000 });
  expect(quectel.factOf("RDY")).toEqual({ type: "started" });
  expect(quectel.factOf("POWERED DOWN")).toEqual({ type: "powered-down" });
});
