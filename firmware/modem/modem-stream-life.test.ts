import { expect, test } from "vitest";
import { ascii } from "../../protocol/text/utf8.ts";
import { StreamBench } from "./test-bench.ts";

const host = "192.0.2.9";

function opened(model = "EG95", caFile = ""): StreamBench {
  const bench = new StreamBench(model, caFile);
  bench.open(host, 5060, undefined);
  bench.serve({
    "AT+QIOPEN": "\r\nOK\r\n\r\n+QIOPEN: 0,0\r\n",
    "AT+CIPOPEN": "\r\nOK\r\n\r\n+CIPOPEN: 0,0\r\n",
    "AT+CIPCLOSE": "\r\nERROR\r\n",
    "AT+USOCR": "\r\n+USOCR: 0\r\n\r\nOK\r\n",
    "AT+USOCO": "\r\nOK\r\n\r\n+UUSOCO: 0,0\r\n",
  });
  expect(bench.proof).toBe("unverified");
  return bench;
}

/** A chunk is asked for, taken at the prompt, and this is its result. */
function take(bench: StreamBench, result: string): string {
  const said = bench.desk.said();
  expect(said).toContain("SEND=0,");
  bench.desk.hear("\r\n> ");
  const payload = bench.desk.said();
  bench.desk.hear(result);
  return payload;
}

test("a long write goes out in chunks of what the modem takes, in order, and a next write behind it", () => {
  const bench = opened();
  const long = "x".repeat(1_460) + "y".repeat(1_000);
  bench.stream?.write(ascii(long));
  bench.stream?.write(ascii("z"));
  const sent = [take(bench, "\r\nSEND OK\r\n"), take(bench, "\r\nSEND OK\r\n")];
  bench.serve({ "AT+QIRD": "\r\n+QIRD: 0\r\n\r\nOK\r\n", "AT+QISEND": "\r\n> ", z: "\r\nSEND OK\r\n" });
  expect(sent).toEqual(["x".repeat(1_460), "y".repeat(1_000)]);
  expect(bench.faults).toEqual([]);
});

test("what is recalled is not said, unless it is on the line", () => {
  const bench = opened();
  const messages = ["a", "b", "c"].map(ascii);
  for (const bytes of messages) bench.stream?.write(bytes);
  for (const bytes of messages.slice(0, 2)) bench.stream?.recall?.(bytes);
  expect(take(bench, "\r\nSEND OK\r\n")).toBe("a");
  expect(take(bench, "\r\nSEND OK\r\n")).toBe("c");
  bench.stream?.write(new Uint8Array(16_384));
  expect(() => bench.stream?.write(new Uint8Array(1))).toThrow("write buffer full");
});

test("16,384 bytes may wait for the line; one more is a mistake of the caller", () => {
  const bench = opened();
  bench.stream?.write(new Uint8Array(16_000));
  bench.stream?.write(new Uint8Array(384));
  expect(() => bench.stream?.write(new Uint8Array(1))).toThrow("write buffer full");
  take(bench, "\r\nSEND OK\r\n");
  bench.stream?.write(new Uint8Array(1_460));
  expect(() => bench.stream?.write(new Uint8Array(1))).toThrow("write buffer full");
});

test("a chunk that was taken in part goes on where it ended", () => {
  const bench = opened("SIMCOM_SIM7600E");
  bench.stream?.write(ascii("123456789"));
  expect(take(bench, "\r\nOK\r\n\r\n+CIPSEND: 0,9,4\r\n")).toBe("123456789");
  expect(take(bench, "\r\nOK\r\n\r\n+CIPSEND: 0,5,5\r\n")).toBe("56789");
  expect(bench.faults).toEqual([]);
});

test("a modem without room is asked again after growing waits, and given up after five refusals", () => {
  const bench = opened();
  bench.stream?.write(ascii("1"));
  const from = bench.desk.clock.nowMs();
  const waits: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const at = bench.desk.clock.nowMs();
    expect(take(bench, "\r\nSEND FAIL\r\n")).toBe("1");
    for (let ms = 0; ms < 10_000 && bench.desk.written === "" && bench.faults.length === 0; ms += 10)
      bench.desk.clock.runFor(10);
    waits.push(Math.floor((bench.desk.clock.nowMs() - at) / 500) * 500);
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 0]);
  expect(bench.desk.clock.nowMs() - from).toBeLessThan(9_000);
  expect(bench.faults).toEqual(["connection-lost"]);
  expect(bench.desk.said()).toBe("AT+QICLOSE=0\r");
});

test("a send without any answer ends the connection: nobody knows what was taken", () => {
  const bench = opened();
  bench.stream?.write(ascii("1"));
  expect(bench.desk.said()).toBe("AT+QISEND=0,1\r");
  bench.desk.clock.runFor(15_000);
  expect(bench.faults).toEqual(["connection-lost"]);
  // A blank for a modem that may still wait for the payload.
  expect(bench.desk.said()).toBe(" \rAT+CSQ\r");
  bench.desk.hear("\r\n+CSQ: 9,99\r\n\r\nOK\r\n");
  expect(bench.serve({})).toContain("AT+QICLOSE=0");
});

test("data that is longer or shorter than its told length ends the connection", () => {
  for (const damaged of ["\r\n+QIRD: 3\r\nabcd\r\n\r\nOK\r\n", "\r\n+QIRD: 0\r\nERROR\r\n"]) {
    const bench = opened();
    bench.desk.hear('\r\n+QIURC: "recv",0\r\n');
    expect(bench.desk.said()).toBe("AT+QIRD=0,1460\r");
    bench.desk.hear(damaged);
    expect(bench.faults).toEqual(["connection-lost"]);
    expect(bench.heard).toHaveLength(0);
  }
  for (const damaged of ['+USORD: 0,3,"abcd"', '+USORD: 0,3,"ab"']) {
    const bench = opened("SARA-R410M-02B");
    bench.desk.hear("\r\n+UUSORD: 0,3\r\n");
    bench.serve({ "AT+USORD=0,0": "\r\n+USORD: 0,3\r\n\r\nOK\r\n", "AT+USORD": `\r\n${damaged}\r\n\r\nOK\r\n` });
    expect(bench.faults).toEqual(["connection-lost"]);
    expect(bench.heard).toHaveLength(0);
  }
});

test("what arrived before the far side ended is read first, and nothing more is written", () => {
  const bench = opened();
  bench.desk.hear('\r\n+QIURC: "closed",0\r\n');
  bench.stream?.write(ascii("late"));
  expect(bench.desk.said()).toBe("AT+QIRD=0,1460\r");
  bench.desk.hear("\r\n+QIRD: 3\r\nabc\r\n\r\nOK\r\n");
  expect([bench.heard.length, bench.faults]).toEqual([3, []]);
  expect(bench.desk.said()).toBe("AT+QIRD=0,1460\r");
  bench.desk.hear("\r\n+QIRD: 0\r\n\r\nOK\r\n");
  expect(bench.faults).toEqual(["connection-lost"]);
});

test("fetching stops at 4,096 bytes that nobody has read, and goes on when they are", () => {
  const bench = opened();
  bench.reads = false;
  bench.desk.hear('\r\n+QIURC: "recv",0\r\n');
  const chunk = `\r\n+QIRD: 1460\r\n${"x".repeat(1_460)}\r\n\r\nOK\r\n`;
  expect(bench.serve({ "AT+QIRD": chunk })).toHaveLength(3);
  bench.take();
  expect(bench.heard).toHaveLength(4_380);
  expect(bench.desk.said()).toBe("AT+QIRD=0,1460\r");
});

test("where the news of data was lost, it is looked for after the second send", () => {
  const bench = opened();
  bench.stream?.write(ascii("1"));
  take(bench, "\r\nSEND OK\r\n");
  expect(bench.desk.said()).toBe("");
  bench.stream?.write(ascii("2"));
  take(bench, "\r\nSEND OK\r\n");
  expect(bench.desk.said()).toBe("AT+QIRD=0,1460\r");
});

test("a connection that is told nothing of is given up after 40 s, and late news of it changes nothing", () => {
  const bench = new StreamBench("EG95", "");
  bench.open(host, 5060, undefined);
  expect(bench.serve({})).toEqual(["AT+QICLOSE=0", 'AT+QIOPEN=1,0,"TCP","192.0.2.9",5060,0,0']);
  bench.desk.clock.runFor(39_000);
  expect(bench.faults).toEqual([]);
  bench.desk.clock.runFor(1_000);
  expect(bench.faults).toEqual(["connect-timeout"]);
  bench.desk.hear("\r\n+QIOPEN: 0,0\r\n");
  expect(bench.proof).toBe("");
  expect(bench.serve({})).toEqual(["AT+QICLOSE=0"]);
});

test("u-blox: a modem that cannot connect beside other work is asked to wait for the connection", () => {
  const bench = new StreamBench("SARA-U201", "");
  bench.open(host, 5060, undefined);
  const said = bench.serve({
    "AT+USOCR": "\r\n+USOCR: 2\r\n\r\nOK\r\n",
    'AT+USOCO=2,"192.0.2.9",5060,1': "\r\nERROR\r\n",
  });
  expect(said).toEqual(["AT+USOCR=6", 'AT+USOCO=2,"192.0.2.9",5060,1', 'AT+USOCO=2,"192.0.2.9",5060']);
  expect([bench.proof, bench.faults]).toEqual(["unverified", []]);
});

test("u-blox: where no socket is to be had, all numbers that nobody knows are closed before the next", () => {
  const bench = opened("SARA-R410M-02B");
  bench.open(host, 5060, undefined);
  expect(
    bench.serve({
      "AT+USOCR": "\r\n+CME ERROR: 3\r\n",
      "AT+CGPADDR": '\r\n+CGPADDR: 1,"10.1.2.3"\r\n\r\nOK\r\n',
      "AT+COPS": '\r\n+COPS: 0,0,"Nord",7\r\n\r\nOK\r\n',
      "AT+CSQ": "\r\n+CSQ: 9,9\r\n\r\nOK\r\n",
    })[0],
  ).toBe("AT+USOCR=6");
  expect(bench.faults).toEqual(["no-address"]);
  bench.open(host, 5060, undefined);
  const said = bench.serve({ "AT+USOCR": "\r\n+USOCR: 1\r\n\r\nOK\r\n" });
  // 0 is the first connection's own.
  expect(said.slice(0, 7)).toEqual([1, 2, 3, 4, 5, 6].map((id) => `AT+USOCL=${id}`).concat("AT+USOCR=6"));
  expect(bench.faults).toEqual(["no-address"]);
});

test("u-blox: a close that nobody answers leaves a number behind, which the next connection closes", () => {
  const bench = opened("SARA-R410M-02B");
  bench.stream?.close();
  expect(bench.desk.said()).toBe("AT+USOCL=0\r");
  bench.desk.clock.runFor(15_000);
  bench.serve({ "AT+CSQ": "\r\n+CSQ: 9,99\r\n\r\nOK\r\n" });
  bench.open(host, 5060, undefined);
  const said = bench.serve({ "AT+USOCR": "\r\n+USOCR: 1\r\n\r\nOK\r\n" });
  expect(said.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6].map((id) => `AT+USOCL=${id}`).concat("AT+USOCR=6"));
});

test("u-blox: a number that the modem gives to another is lost to whoever had it", () => {
  const bench = opened("SARA-R410M-02B");
  bench.open(host, 5060, undefined);
  expect(bench.desk.said()).toBe("AT+USOCR=6\r");
  bench.desk.hear("\r\n+USOCR: 0\r\n\r\nOK\r\n");
  expect(bench.faults).toEqual(["connection-lost"]);
  expect(bench.desk.said()).toBe('AT+USOCO=0,"192.0.2.9",5060,1\r');
});

test("a lost context ends every connection, one that stands and one that is being opened", () => {
  const bench = opened();
  bench.desk.modem.openStream({
    to: { host, port: 5070 },
    serverName: undefined,
    onReady: () => {},
    onReadable: () => {},
    onFault: (fault) => bench.faults.push(`second ${fault}`),
  });
  bench.desk.hear('\r\n+QIURC: "pdpdeact",1\r\n\r\nOK\r\n');
  expect(bench.faults).toEqual(["connection-lost", "second no-link"]);
  bench.stream?.write(ascii("x"));
  bench.stream?.close();
  expect(bench.faults).toHaveLength(2);
});

test("a step of recovery that opens sockets anew ends a connection; its user opens the next", () => {
  const bench = opened();
  bench.desk.modem.recover("reopen");
  expect(bench.faults).toEqual(["connection-lost"]);
  expect(bench.desk.said()).toBe("AT+QICLOSE=0\r");
});

test("a fault comes after the call that opens, never from inside, and once", () => {
  const bench = new StreamBench("EG95", "");
  for (const to of ['x",1', "a b", ""]) {
    bench.open(to, 5060, undefined);
    expect(bench.faults).toEqual([]);
    bench.desk.clock.runFor(1);
    expect(bench.faults.splice(0)).toEqual(["name-not-found"]);
  }
  bench.open(host, 5060, 'x"');
  bench.desk.clock.runFor(1);
  expect(bench.faults.splice(0)).toEqual(["name-not-found"]);
  bench.desk.hear("\r\nRDY\r\n");
  bench.open(host, 5060, undefined);
  expect(bench.faults).toEqual([]);
  bench.desk.clock.runFor(1);
  expect(bench.faults).toEqual(["no-link"]);
  expect(bench.desk.said()).toBe("");
});

test("six sockets and connections share the modem, a seventh connection has no place; an ended one gives its own back", () => {
  const bench = new StreamBench("EG95", "");
  const first = { localPort: 0, onReady: () => {}, onReadable: () => {}, onFault: () => {} };
  bench.desk.modem.openDatagram(first);
  for (let i = 0; i < 5; i++) bench.open(host, 5060, undefined);
  const last = bench.stream;
  bench.open(host, 5060, undefined);
  bench.desk.clock.runFor(1);
  expect(bench.faults).toEqual(["no-link"]);
  last?.close();
  bench.serve({ "AT+QIOPEN": "\r\nOK\r\n" });
  bench.open(host, 5060, undefined);
  bench.desk.clock.runFor(1);
  expect(bench.faults).toEqual(["no-link"]);
});

test("after close no callback comes, and the modem's socket is closed, also while it is being opened", () => {
  const open = opened();
  open.stream?.close();
  expect(open.desk.said()).toBe("AT+QICLOSE=0\r");
  open.desk.hear('\r\n+QIURC: "recv",0\r\n\r\nOK\r\n');
  expect([open.faults, open.heard.length, open.desk.said()]).toEqual([[], 0, ""]);
  const opening = new StreamBench("SARA-R410M-02B", "");
  opening.open(host, 5060, undefined);
  opening.stream?.close();
  expect(opening.serve({ "AT+USOCR": "\r\n+USOCR: 4\r\n\r\nOK\r\n" })).toEqual(["AT+USOCR=6", "AT+USOCL=4"]);
  expect([opening.faults, opening.proof]).toEqual([[], ""]);
});

test("a connection that ends while it is being opened was turned away", () => {
  const bench = new StreamBench("EG95", "");
  bench.open(host, 5060, undefined);
  bench.serve({});
  bench.desk.hear('\r\n+QIURC: "closed",0\r\n');
  expect(bench.faults).toEqual(["connection-refused"]);
});
