import fc from "fast-check";
import { expect, test } from "vitest";
import { anyLine } from "./arbitraries.ts";
import type { Dialect } from "./commands.ts";
import { quectel } from "./quectel.ts";
import { simcom } from "./simcom.ts";
import type { StreamPlan, StreamTalk } from "./stream-talk.ts";
import { secureFrom, secureNumber } from "./stream-talk.ts";
import { ublox, ubloxProfile } from "./ublox.ts";

const dialects: readonly Dialect[] = [quectel, simcom, ublox, ubloxProfile];
const kinds = dialects.flatMap((dialect) => [
  { name: `${dialect.name}, TCP`, talk: dialect.tcp },
  { name: `${dialect.name}, TLS`, talk: dialect.tls },
]);
const plan: StreamPlan = { host: "sip.example", port: 5061, serverName: "sip.example", caFile: "ca.pem" };

function said(talk: StreamTalk, change: Partial<StreamPlan>): string[] {
  return talk.connect(talk.firstNumber, { ...plan, ...change }).map((step) => step.exchange.text);
}

test.each(kinds)("no line makes it throw, and no length or count is more than was asked for: $name", ({ talk }) => {
  fc.assert(
    fc.property(anyLine, (line) => {
      expect(talk.readLengthOf(line)).toBeGreaterThanOrEqual(0);
      expect(talk.waitingOf(line, talk.firstNumber)).toBeGreaterThanOrEqual(0);
      const read = talk.read(talk.firstNumber);
      expect((read.dataLength ?? read.inlineLength)?.(line)).toBeGreaterThanOrEqual(0);
      const sent = talk.sentOf(line, line, 9);
      expect(sent).toBeGreaterThanOrEqual(-1);
      expect(sent).toBeLessThanOrEqual(9);
    }),
    { numRuns: 500 },
  );
});

test.each(kinds)("every exchange has a patience, and the last step begins the connection: $name", ({ talk }) => {
  const number = talk.firstNumber;
  const steps = talk.connect(number, plan);
  const last = steps[steps.length - 1];
  expect(last?.exchange.text).toContain('"sip.example",5061');
  for (const step of steps) expect(step.exchange.patienceMs).toBeGreaterThan(0);
  for (const exchange of [talk.send(number, 9), talk.read(number), talk.close(number)]) {
    expect(exchange.patienceMs).toBeGreaterThan(0);
    expect(exchange.optional).toBe(true);
  }
  expect(talk.numberCount).toBeGreaterThanOrEqual(2);
});

test.each(kinds)(
  "TLS is 1.2 and no older, whatever is checked; a CA is told before it is asked for: $name",
  ({ talk }) => {
    const checked = said(talk, {}).join(" ");
    const open = said(talk, { caFile: "" }).join(" ");
    if (!checked.includes("CFG") && !checked.includes("USECPRF")) return;
    for (const all of [checked, open]) expect(all).toMatch(/"sslversion",[01],3|USECPRF=0,1,3/);
    expect(checked).toMatch(/"ca.pem".*("seclevel",1,1|"authmode",0,1|USECPRF=0,0,2)/);
    expect(open).toMatch(/"seclevel",1,0|"authmode",0,0|USECPRF=0,0,0/);
    expect(open).not.toContain("ca.pem");
  },
);

test("a name is checked by u-blox, by Quectel where it is the one connected to, and never by SIMCom or without a CA", () => {
  const proves = (talk: StreamTalk, change: Partial<StreamPlan>): boolean =>
    talk.connect(talk.firstNumber, { ...plan, ...change }).some((step) => step.proves);
  const address = { host: "192.0.2.9" };
  expect([proves(quectel.tls, {}), proves(simcom.tls, {}), proves(ublox.tls, {})]).toEqual([true, false, true]);
  expect([proves(quectel.tls, address), proves(ublox.tls, address)]).toEqual([false, true]);
  expect(said(ublox.tls, address)).toContain('AT+USECPRF=0,4,"sip.example"');
  expect(said(ublox.tls, { serverName: undefined })).toContain('AT+USECPRF=0,10,"sip.example"');
  for (const dialect of dialects) expect(proves(dialect.tls, { caFile: "" })).toBe(false);
});

test("a connection that did not come about has its reason", () => {
  const reasons = (talk: StreamTalk, errors: readonly number[]): string[] =>
    errors.map((error) => talk.openFaultOf(error));
  expect(reasons(quectel.tls, [565, 564, 569, 561, 562, 570, 566, 563, 579])).toEqual(
    ["name-not-found", "name-not-found", "connect-timeout"].concat(
      Array(3).fill("no-address"),
      Array(2).fill("connection-refused"),
      "handshake",
    ),
  );
  expect(reasons(simcom.tcp, [11, 10, 2, 1])).toEqual([
    "name-not-found",
    "connect-timeout",
    "no-address",
    "connection-refused",
  ]);
  expect(reasons(simcom.tls, [12, 4, 14, 8, 16, 3])).toEqual(
    ["name-not-found", "connect-timeout", "handshake", "no-address", "no-address"].concat("connection-refused"),
  );
  expect(reasons(ublox.tls, [110, 116, 100, 101, 113, 104, 111, 1])).toEqual(
    ["connect-timeout", "connect-timeout"].concat(
      Array(3).fill("no-address"),
      Array(2).fill("connection-refused"),
      "handshake",
    ),
  );
});

test("how much of a send was taken is told by its result, and where that is damaged nobody knows", () => {
  expect(["SEND OK", "SEND FAIL", "ERROR"].map((final) => quectel.tcp.sentOf(final, "", 9))).toEqual([9, 0, -1]);
  const plain = [
    "+CIPSEND: 0,9,9",
    "+CIPSEND: 0,9,4",
    "+CIPSEND: 0,8,8",
    "+CIPSEND: 0,9,10",
    "+CIPSEND: 0,9,-1",
    "ERROR",
  ];
  expect(plain.map((final) => simcom.tcp.sentOf(final, "", 9))).toEqual([9, 4, -1, -1, -1, -1]);
  expect(["+CCHSEND: 0,0", "+CCHSEND: 0,3", "ERROR"].map((final) => simcom.tls.sentOf(final, "", 9))).toEqual([
    9, -1, -1,
  ]);
  const line = (text: string): number => ublox.tcp.sentOf("OK", text, 9);
  expect(["+USOWR: 0,9", "+USOWR: 0,4", "+USOWR: 0,10", "+USOWR: 0,x", ""].map(line)).toEqual([9, 4, -1, -1, -1]);
  expect(ublox.tcp.sentOf("ERROR", "+USOWR: 0,9", 9)).toBe(-1);
});

test("what waits and what is read is told by the line of that kind alone", () => {
  expect(quectel.tcp.waitingOf("+QIRD: 8", 0)).toBe(0);
  expect(quectel.tls.waitingOf("+QSSLRECV: 8", secureFrom)).toBe(0);
  expect([quectel.tcp.readLengthOf("+QIRD: 8"), quectel.tls.readLengthOf("+QSSLRECV: 0")]).toEqual([8, 0]);
  const { tcp, tls } = simcom;
  expect(["+CIPRXGET: 4,0,8", "+CIPRXGET: 2,0,8,0"].map((line) => tcp.waitingOf(line, 0))).toEqual([8, 0]);
  expect(["+CIPRXGET: 4,0,8", "+CIPRXGET: 2,0,8,0"].map(tcp.readLengthOf)).toEqual([0, 8]);
  expect([secureFrom, secureFrom + 1].map((number) => tls.waitingOf("+CCHRECV: LEN,8,3", number))).toEqual([8, 3]);
  expect(tls.waitingOf("+CCHRECV: DATA,0,8", secureFrom)).toBe(0);
  expect(["+CCHRECV: DATA, 0,8", "+CCHRECV: LEN,8,0"].map(tls.readLengthOf)).toEqual([8, 0]);
  expect(["+USORD: 0,8", '+USORD: 0,8,""'].map((line) => ublox.tcp.waitingOf(line, 0))).toEqual([8, 0]);
  expect(["+USORD: 0,8", '+USORD: 0,8,""'].map(ublox.tcp.readLengthOf)).toEqual([0, 8]);
  const inline = ublox.tcp.read(0).inlineLength as (head: string) => number;
  expect(['+USORD: 0,8,"', '+USORD: 0,"', '+USORF: 0,8,"', "+USORD: 0,8,", '+USORD: 0,8,"a","'].map(inline)).toEqual([
    8, 0, 0, 0, 0,
  ]);
});

test("Quectel: news of TLS and of names are told apart; TLS counts its connections from 100 on", () => {
  expect(quectel.factOf("+QSSLOPEN: 2,0")).toEqual({ type: "socket-opened", socket: 102, error: 0 });
  expect(quectel.factOf("+QSSLOPEN: 2")).toMatchObject({ error: 550 });
  expect(quectel.factOf('+QSSLURC: "recv",2')).toEqual({ type: "socket-readable", socket: 102 });
  expect(quectel.factOf('+QSSLURC: "closed",2')).toEqual({ type: "socket-closed", socket: 102 });
  expect(quectel.factOf('+QSSLURC: "other",2')).toBeUndefined();
  expect(quectel.factOf('+QIURC: "dnsgip","192.0.2.9"')).toEqual({ type: "name-resolved", address: "192.0.2.9" });
  expect(quectel.factOf('+QIURC: "dnsgip",565')).toEqual({ type: "name-resolved", address: "" });
  for (const line of ['+QIURC: "dnsgip",0,1,600', '+QIURC: "dnsgip"', '+QIURC: "dnsgip",""'])
    expect(quectel.factOf(line)).toBeUndefined();
  expect([secureNumber(-1), secureNumber(0)]).toEqual([-1, secureFrom]);
});

test("SIMCom and u-blox: news of TLS, connections and names are told apart", () => {
  expect(simcom.factOf("+CCHOPEN: 1,0")).toEqual({ type: "socket-opened", socket: 101, error: 0 });
  expect(simcom.factOf("+CCHOPEN: 1")).toMatchObject({ error: 1 });
  expect(simcom.factOf("+CCHEVENT: 1,RECV EVENT")).toEqual({ type: "socket-readable", socket: 101 });
  expect(simcom.factOf("+CCH_PEER_CLOSED: 1")).toEqual({ type: "socket-closed", socket: 101 });
  for (const line of [
    "+CCHEVENT: 1,SEND EVENT",
    "+CCHSEND: 0,0",
    "+CCHRECV: DATA,0,8",
    "+CCHCLOSE: 0,0",
    "+CDNSGIP: 2",
  ])
    expect(simcom.factOf(line)).toBeUndefined();
  const name = '+CDNSGIP: 1,"sip.example","192.0.2.9"';
  expect(simcom.factOf(name)).toEqual({ type: "name-resolved", address: "192.0.2.9" });
  expect(simcom.factOf("+CDNSGIP: 0,10")).toEqual({ type: "name-resolved", address: "" });
  expect(simcom.factOf("+CDNSGIP: 1")).toBeUndefined();
  expect(ublox.factOf('+UDNSRN: "192.0.2.9"')).toEqual({ type: "name-resolved", address: "192.0.2.9" });
  expect(ublox.factOf("+UUSOCO: 3")).toEqual({ type: "socket-opened", socket: 3, error: 1 });
  expect(ublox.factOf('+UUSOLI: 3,"192.0.2.9",5060,0,"10.1.2.3",5060')).toBeUndefined();
});
