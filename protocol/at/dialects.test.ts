import fc from "fast-check";
import { expect, test } from "vitest";
import { modelOf } from "./answers.ts";
import { anyLine } from "./arbitraries.ts";
import type { Dialect } from "./commands.ts";
import { dialectOf } from "./dialects.ts";
import { quectel } from "./quectel.ts";
import { simcom } from "./simcom.ts";
import { ublox, ubloxProfile } from "./ublox.ts";

const dialects: readonly Dialect[] = [quectel, simcom, ublox, ubloxProfile];

test.each(dialects)("no line makes the dialect throw, and no length is below zero: $name", (dialect) => {
  fc.assert(
    fc.property(anyLine, (line) => {
      dialect.factOf(line);
      const header = dialect.datagramOf(line);
      if (header !== undefined) expect(header.length).toBeGreaterThan(0);
      expect(dialect.waitingOf(line)).toBeGreaterThanOrEqual(0);
      const read = dialect.readFrom(0);
      expect((read.dataLength ?? read.inlineLength)?.(line)).toBeGreaterThanOrEqual(0);
      modelOf(line);
    }),
    { numRuns: 500 },
  );
});

test.each(dialects)("a context's login is said where there is one, and never shown in a log: $name", (dialect) => {
  const plain = dialect.defineContext("iot.example", "", "");
  const login = dialect.defineContext("iot.example", "user", "pass");
  expect(plain.text).not.toContain("AUTH");
  expect(login.text).toContain('"user"');
  expect(login.text).toContain('"pass"');
  expect([plain.secret, login.secret]).toEqual([true, true]);
});

test.each(dialects)("every exchange has a patience, and what is told at the start may be refused: $name", (dialect) => {
  const all = [dialect.activate, dialect.deactivate, dialect.askContext, dialect.askClock, ...dialect.look];
  for (const exchange of [...all, ...dialect.powerUp, dialect.openUdp(0, 5060), dialect.close(0), dialect.readFrom(0)])
    expect(exchange.patienceMs).toBeGreaterThan(0);
  for (const exchange of dialect.powerUp) expect(exchange.optional).toBe(true);
  expect(dialect.socketLimit).toBeGreaterThanOrEqual(6);
});

test("a model names its dialect, with or without its maker; a stranger names none", () => {
  expect(["EG95", "EG91-E", "EC21", "BG96", "Quectel_BG95-M3"].map(dialectOf)).toEqual(Array(5).fill(quectel));
  const simcoms = ["SIMCOM_SIM7600E", "SIM7500E", "A7672E-FASE", "a7670e"];
  expect(simcoms.map(dialectOf)).toEqual(Array(4).fill(simcom));
  expect(["SARA-R410M-02B", "SARA-R422", "LENA-R8001"].map(dialectOf)).toEqual(Array(3).fill(ublox));
  expect(["SARA-R510S", "SARA-U201", "LARA-R211"].map(dialectOf)).toEqual(Array(3).fill(ubloxProfile));
  expect(["", "SIM800L", "SIM7000E", "xG95"].map(dialectOf)).toEqual(Array(4).fill(undefined));
});

test("the answer to the question for the model is told from news that came between", () => {
  expect(["EG95", "+CGMM: SARA-R410M", '+CGMM: "A7672E"'].map(modelOf)).toEqual(["EG95", "SARA-R410M", "A7672E"]);
  expect(["SMS DONE", "PB DONE", "*ATREADY: 1", "+CPIN: READY", "APP READY"].map(modelOf)).toEqual(Array(5).fill(""));
});

test("SIMCom: the socket commands are those of the manual", () => {
  expect(simcom.openUdp(2, 5060)).toMatchObject({ text: 'AT+CIPOPEN=2,"UDP",,,5060', final: "+CIPOPEN: 2,0" });
  expect(simcom.sendTo(2, "192.0.2.7", 5060, 415)).toMatchObject({
    text: 'AT+CIPSEND=2,415,"192.0.2.7",5060',
    prompt: ">",
    final: "+CIPSEND: 2,415,415",
    failure: "+CIPSEND: 2,",
  });
  expect(simcom.askWaiting?.(2).text).toBe("AT+CIPRXGET=4,2");
  expect(simcom.readFrom(2).text).toBe("AT+CIPRXGET=2,2,1460");
  expect(simcom.waitingOf("+CIPRXGET: 4,2,77")).toBe(77);
  expect(simcom.waitingOf("+CIPRXGET: 2,2,77,0")).toBe(0);
  expect(simcom.datagramOf("+CIPRXGET: 2,2,5,0")).toEqual({ length: 5, host: "", port: 0 });
  expect(simcom.datagramOf("+CIPRXGET: 1,2")).toBeUndefined();
});

test("SIMCom: news of sockets, network, origin and start are told apart", () => {
  expect(simcom.factOf("+CIPRXGET: 1,3")).toEqual({ type: "socket-readable", socket: 3 });
  expect(simcom.factOf("+CIPRXGET: 4,3,9")).toBeUndefined();
  expect(simcom.factOf("+CIPOPEN: 3,0")).toEqual({ type: "socket-opened", socket: 3, error: 0 });
  expect(simcom.factOf("+CIPOPEN: 3,4")).toEqual({ type: "socket-opened", socket: 3, error: 4 });
  expect(simcom.factOf("+CIPOPEN: 3")).toMatchObject({ error: 1 });
  expect(simcom.factOf("+IPCLOSE: 3,1")).toEqual({ type: "socket-closed", socket: 3 });
  expect(simcom.factOf("+CIPSEND: 3,9,-1")).toEqual({ type: "socket-closed", socket: 3 });
  expect(simcom.factOf("+CIPSEND: 3,9,9")).toBeUndefined();
  expect(simcom.factOf("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY")).toEqual({ type: "context-lost" });
  expect(simcom.factOf("+IPADDR: 10.1.2.3")).toEqual({ type: "context", active: true, address: "10.1.2.3" });
  expect(simcom.factOf("RECV FROM:192.0.2.9:5060")).toEqual({ type: "datagram-origin", host: "192.0.2.9", port: 5060 });
  expect(simcom.factOf("RECV FROM:192.0.2.9:x")).toBeUndefined();
  for (const line of ["RDY", "START", "*ATREADY: 1"]) expect(simcom.factOf(line)).toEqual({ type: "started" });
  for (const line of ["POWER DOWN", "NORMAL POWER DOWN"]) expect(simcom.factOf(line)).toEqual({ type: "powered-down" });
  for (const line of ["PB DONE", "+CIPEVENT: SOCKET CLOSED", "+CIPCLOSE: 1,0"])
    expect(simcom.factOf(line)).toBeUndefined();
});

test("u-blox: the socket commands are those of the manual", () => {
  expect(ublox.openUdp(2, 5060)).toMatchObject({ text: "AT+USOCR=17,5060", prefix: "+USOCR:" });
  expect(ublox.sendTo(2, "192.0.2.7", 5060, 415)).toMatchObject({
    text: 'AT+USOST=2,"192.0.2.7",5060,415',
    prompt: "@",
    payloadAfterMs: 50,
    prefix: "+USOST:",
  });
  expect(ublox.askWaiting?.(2)).toMatchObject({ text: "AT+USORF=2,0", prefix: "+USORF:", optional: true });
  expect(ublox.readFrom(2).text).toBe("AT+USORF=2,1024");
  expect([ublox.waitingOf("+USORF: 2,77"), ublox.waitingOf('+USORF: 2,"192.0.2.9",5,3,""')]).toEqual([77, 0]);
  expect(ublox.datagramOf('+USORF: 2,"192.0.2.9",5060,3,""')).toEqual({ length: 3, host: "192.0.2.9", port: 5060 });
  expect(ublox.datagramOf('+USORF: 2,"192.0.2.9",70000,3,""')).toBeUndefined();
});

test("u-blox: the length alone says where data inside a line begins and how much it is", () => {
  const length = ublox.readFrom(0).inlineLength as (head: string) => number;
  expect(length('+USORF: 0,"192.0.2.9",5060,12,"')).toBe(12);
  for (const head of ['+USORF: 0,"', '+USORF: 0,"192.0.2.9"', '+USORF: 0,"192.0.2.9",5060,"', '+X: 0,"a",5060,12,"'])
    expect(length(head)).toBe(0);
});

test("u-blox: news of sockets and contexts are told apart, with a context of 27.007 or a profile", () => {
  expect(ublox.factOf("+UUSORF: 3,18")).toEqual({ type: "socket-readable", socket: 3 });
  expect(ublox.factOf("+UUSORD: 3,18")).toEqual({ type: "socket-readable", socket: 3 });
  expect(ublox.factOf("+UUSOCL: 3")).toEqual({ type: "socket-closed", socket: 3 });
  expect(ublox.factOf("+UUSOCO: 3,0")).toEqual({ type: "socket-opened", socket: 3, error: 0 });
  expect(ublox.factOf("+UUSOCO: 3,111")).toEqual({ type: "socket-opened", socket: 3, error: 111 });
  expect(ublox.factOf("+USOCR: 3")).toEqual({ type: "socket-chosen", socket: 3 });
  expect(ublox.factOf('+CGPADDR: 1,"10.1.2.3"')).toEqual({ type: "context", active: true, address: "10.1.2.3" });
  expect(ublox.factOf("+CGPADDR: 1,10.1.2.3")).toEqual({ type: "context", active: true, address: "10.1.2.3" });
  for (const line of ["+CGPADDR: 1", '+CGPADDR: 1,"0.0.0.0"', '+UPSND: 0,0,"0.0.0.0"', '+UPSND: 0,0,""'])
    expect(ublox.factOf(line)).toEqual({ type: "context", active: false, address: "" });
  expect(ublox.factOf("+CGPADDR: 2,10.1.2.3")).toBeUndefined();
  expect(ubloxProfile.factOf('+UPSND: 0,0,"10.1.2.3"')).toEqual({ type: "context", active: true, address: "10.1.2.3" });
  for (const line of ["+UUPSDD: 0", "+CGEV: NW PDN DEACT 1", "+CGEV: NW DETACH"])
    expect(ublox.factOf(line)).toEqual({ type: "context-lost" });
  expect(ublox.factOf("+CGEV: NW PDN DEACT 2")).toBeUndefined();
});
