import { expect, test } from "vitest";
import { StreamBench } from "./test-bench.ts";

test("TLS that the modem refuses is a fault at once, and a name it cannot check is no proof", () => {
  const refused = new StreamBench("EG95", "UFS:ca.pem");
  refused.open("sip.example", 5061, "sip.example");
  const said = refused.serve({ 'AT+QSSLCFG="cacert"': "\r\nERROR\r\n" });
  expect(refused.faults).toEqual(["connection-refused"]);
  expect(said[said.length - 1]).toBe("AT+QSSLCLOSE=0");
  const unknown = new StreamBench("EG95", "UFS:ca.pem");
  unknown.open("sip.example", 5061, "sip.example");
  const answers = { 'AT+QSSLCFG="checkhost"': "\r\nERROR\r\n", "AT+QSSLOPEN": "\r\nOK\r\n\r\n+QSSLOPEN: 0,0\r\n" };
  unknown.serve(answers);
  expect([unknown.proof, unknown.faults]).toEqual(["unverified", []]);
});

test("a modem without TLS faults within its first refusals, in every dialect", () => {
  for (const model of ["EG95", "SIMCOM_SIM7600E", "SARA-R510S"]) {
    const bench = new StreamBench(model, "");
    bench.open("sip.example", 5061, "sip.example");
    const from = bench.desk.clock.nowMs();
    const error = "\r\nERROR\r\n";
    const made = "\r\n+USOCR: 0\r\n\r\nOK\r\n";
    bench.serve({ "AT+QSSL": error, "AT+CSSL": error, "AT+CCH": error, "AT+USEC": error, "AT+USOCR": made });
    expect(bench.faults).toEqual(["connection-refused"]);
    expect(bench.desk.clock.nowMs() - from).toBeLessThan(1_000);
  }
});

test("SIMCom: data under TLS is read whether the modem says OK before it or behind it", () => {
  for (const isFirst of [true, false]) {
    const bench = new StreamBench("SIMCOM_SIM7600E", "");
    bench.open("sip.example", 5061, "sip.example");
    const data = "\r\n+CCHRECV: DATA,0,3\r\nabc\r\n+CCHRECV: 0,0\r\n";
    const ok = "\r\nOK\r\n";
    const replies = {
      "AT+CCHSTART": "\r\nERROR\r\n",
      "AT+CCHCLOSE": "\r\nERROR\r\n",
      "AT+CCHOPEN": "\r\nOK\r\n\r\n+CCHOPEN: 0,0\r\n\r\n+CCHEVENT: 0,RECV EVENT\r\n",
      "AT+CCHRECV=": isFirst ? ok + data : data + ok,
    };
    let waits = 3;
    for (let turn = 0; turn < 3; turn++) {
      bench.serve({ ...replies, "AT+CCHRECV?": `\r\n+CCHRECV: LEN,${waits},0\r\n\r\nOK\r\n`, "AT+CCHRECV=": "" });
      if (waits > 0) bench.desk.hear(replies["AT+CCHRECV="]);
      waits = 0;
    }
    expect([bench.heard.length, bench.faults]).toEqual([3, []]);
  }
});

test("a handshake that fails is a wrong certificate only where one is checked", () => {
  for (const caFile of ["UFS:ca.pem", ""]) {
    const bench = new StreamBench("EG95", caFile);
    bench.open("sip.example", 5061, "sip.example");
    bench.serve({ "AT+QSSLOPEN": "\r\nOK\r\n\r\n+QSSLOPEN: 0,579\r\n" });
    expect(bench.faults).toEqual([caFile === "" ? "connection-refused" : "certificate"]);
  }
});

test("SIMCom: there are two TLS sessions, and no third connection takes one of theirs", () => {
  const bench = new StreamBench("SIMCOM_SIM7600E", "");
  for (let i = 0; i < 3; i++) bench.open("sip.example", 5061, "sip.example");
  bench.desk.clock.runFor(1);
  expect(bench.faults).toEqual(["no-link"]);
});
