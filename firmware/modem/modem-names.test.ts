import { expect, test } from "vitest";
import { ascii } from "../../protocol/text/utf8.ts";
import { bringUp, Desk, StreamBench } from "./test-bench.ts";

const ask = 'AT+QIDNSGIP=1,"sip.example"\r';
const found = '\r\n+QIURC: "dnsgip",0,1,600\r\n\r\n+QIURC: "dnsgip","192.0.2.9"\r\n';

test("a datagram to a name waits for the address, and others go first", () => {
  const desk = new Desk({});
  bringUp(desk);
  desk.clock.runFor(1_000);
  desk.socket.send(ascii("named"), { host: "sip.example", port: 5060 });
  expect(desk.said()).toBe(ask);
  desk.socket.send(ascii("plain"), { host: "192.0.2.7", port: 5060 });
  desk.hear("\r\nOK\r\n");
  expect(desk.said()).toBe('AT+QISEND=0,5,"192.0.2.7",5060\r');
  desk.hear("\r\n> ");
  expect(desk.said()).toBe("plain");
  desk.hear("\r\nSEND OK\r\n");
  expect(desk.said()).toBe("");
  desk.hear(found);
  expect(desk.said()).toBe('AT+QISEND=0,5,"192.0.2.9",5060\r');
  desk.hear("\r\n> ");
  desk.said();
  desk.hear("\r\nSEND OK\r\n");
  desk.said();
  desk.hear("\r\n+QIRD: 0\r\n\r\nOK\r\n");
  desk.socket.send(ascii("again"), { host: "sip.example", port: 5060 });
  expect(desk.said()).toBe('AT+QISEND=0,5,"192.0.2.9",5060\r');
});

test("a name that is first met while the line is being lent disturbs nobody", () => {
  const desk = new Desk({});
  bringUp(desk);
  desk.clock.runFor(1_000);
  const send = (text: string, host: string): void => desk.socket.send(ascii(text), { host, port: 5060 });
  send("first", "192.0.2.7");
  send("named", "sip.example");
  send("plain", "192.0.2.8");
  const log: string[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const said = desk.said();
    if (said === "") break;
    if (said.startsWith("AT")) log.push(said.trim());
    if (said.startsWith("AT+QISEND")) desk.hear("\r\n> ");
    else if (said === ask) desk.hear(`\r\nOK\r\n${found}`);
    else if (said.startsWith("AT+QIRD")) desk.hear("\r\n+QIRD: 0\r\n\r\nOK\r\n");
    else desk.hear("\r\nSEND OK\r\n");
  }
  const sends = log.filter((one) => !one.startsWith("AT+QIRD"));
  expect(sends).toEqual([
    'AT+QISEND=0,5,"192.0.2.7",5060',
    'AT+QISEND=0,5,"192.0.2.8",5060',
    ask.trim(),
    'AT+QISEND=0,5,"192.0.2.9",5060',
  ]);
});

test("each name is asked for once while the context lasts, and again after it", () => {
  const bench = new StreamBench("EG95", "");
  bench.lookUp("sip.example");
  bench.lookUp("sip.example");
  expect(bench.desk.said()).toBe(ask);
  bench.desk.hear(`\r\nOK\r\n${found}`);
  bench.lookUp("sip.example");
  bench.desk.clock.runFor(1);
  expect(bench.desk.said()).toBe("");
  expect(bench.addresses).toEqual([["192.0.2.9"], ["192.0.2.9"], ["192.0.2.9"]]);
  bench.lookUp("other.example");
  bench.desk.said();
  bench.desk.hear('\r\n+QIURC: "pdpdeact",1\r\n\r\nOK\r\n');
  bench.lookUp("sip.example");
  bench.desk.clock.runFor(1);
  expect(bench.addresses.slice(3)).toEqual([undefined, undefined]);
});

test("a name without an address costs the datagram, and is not asked for again for 30 s", () => {
  const desk = new Desk({});
  bringUp(desk);
  desk.clock.runFor(1_000);
  desk.socket.send(ascii("x"), { host: "sip.example", port: 5060 });
  desk.said();
  desk.hear('\r\nOK\r\n\r\n+QIURC: "dnsgip",565\r\n');
  for (const waitMs of [100, 29_000, 1_000]) {
    desk.clock.runFor(waitMs);
    desk.socket.send(ascii("x"), { host: "sip.example", port: 5060 });
    expect(desk.said()).toBe(waitMs === 1_000 ? ask : "");
  }
});

test("a question without an answer is given up after 20 s; its late answer is its own, and not the next one's", () => {
  const bench = new StreamBench("EG95", "");
  bench.lookUp("sip.example");
  expect(bench.desk.said()).toBe(ask);
  bench.desk.hear("\r\nOK\r\n");
  bench.desk.clock.runFor(20_000);
  expect(bench.addresses).toEqual([undefined]);
  bench.lookUp("other.example");
  expect(bench.desk.said()).toBe("");
  bench.desk.hear('\r\n+QIURC: "dnsgip","192.0.2.9"\r\n');
  expect(bench.addresses).toEqual([undefined]);
  expect(bench.desk.said()).toBe('AT+QIDNSGIP=1,"other.example"\r');
  bench.desk.hear('\r\nOK\r\n\r\n+QIURC: "dnsgip","192.0.2.8"\r\n');
  bench.lookUp("sip.example");
  bench.desk.clock.runFor(1);
  expect(bench.addresses).toEqual([undefined, ["192.0.2.8"], ["192.0.2.9"]]);
});

test("the address counts wherever it stands, before or behind the modem's OK", () => {
  for (const answer of [
    '+CDNSGIP: 1,"sip.example","192.0.2.9"\r\n\r\nOK',
    'OK\r\n\r\n+CDNSGIP: 1,"sip.example","192.0.2.9"',
  ]) {
    const bench = new StreamBench("SIMCOM_SIM7600E", "");
    bench.lookUp("sip.example");
    bench.lookUp("other.example");
    expect(bench.desk.said()).toBe('AT+CDNSGIP="sip.example"\r');
    bench.desk.hear(`\r\n${answer}\r\n`);
    expect(bench.addresses).toEqual([["192.0.2.9"]]);
    expect(bench.desk.said()).toBe('AT+CDNSGIP="other.example"\r');
  }
});

test("where even the late answer never comes, the next question waits for a minute from the first", () => {
  const bench = new StreamBench("EG95", "");
  bench.lookUp("sip.example");
  bench.desk.said();
  bench.desk.hear("\r\nOK\r\n");
  bench.desk.clock.runFor(20_000);
  bench.lookUp("other.example");
  bench.desk.clock.runFor(39_900);
  expect(bench.desk.said()).toBe("");
  bench.desk.clock.runFor(200);
  expect(bench.desk.said()).toBe('AT+QIDNSGIP=1,"other.example"\r');
});

test("services, more than eight questions at once, and what is no name have no answer; an address is its own", () => {
  const bench = new StreamBench("EG95", "");
  for (const name of ["192.0.2.9", "2001:db8::7", 'a"b', ""]) bench.lookUp(name);
  bench.desk.modem.lookUp({ kind: "services", name: "_sip._udp.example" }, (answer) =>
    bench.addresses.push(answer?.addresses),
  );
  expect(bench.addresses).toEqual([]);
  bench.desk.clock.runFor(1);
  expect(bench.addresses.splice(0)).toEqual([["192.0.2.9"], ["2001:db8::7"], [], [], undefined]);
  for (let i = 0; i < 9; i++) bench.lookUp(`n${i}.example`);
  bench.desk.clock.runFor(1);
  expect(bench.addresses).toEqual([undefined]);
});

test("eight names are kept, the oldest makes room", () => {
  const bench = new StreamBench("EG95", "");
  for (let i = 0; i < 9; i++) {
    bench.lookUp(`n${i}.example`);
    expect(bench.desk.said()).toBe(`AT+QIDNSGIP=1,"n${i}.example"\r`);
    bench.desk.hear(`\r\nOK\r\n\r\n+QIURC: "dnsgip","192.0.2.${i}"\r\n`);
  }
  bench.lookUp("n1.example");
  expect(bench.desk.said()).toBe("");
  bench.lookUp("n0.example");
  expect(bench.desk.said()).toBe('AT+QIDNSGIP=1,"n0.example"\r');
});
