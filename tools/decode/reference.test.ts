/**
 * The decoders against whole examples of the protocol, against what units of several makers are seen to send, and against every kind
 * of bad input that SS 91100 table 2 or our own safety tells apart. What a receiver and a unit then do is tested where they stand:
 * `simulator/peers/receiver-intake.test.ts`, `simulator/peers/case-book.test.ts`, `firmware/sip/incoming.test.ts`.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { faultText } from "../../protocol/result.ts";
import { decodeRequest } from "../../protocol/scaip/request.ts";
import { digestResponse, digestSecret } from "../../protocol/sip/digest.ts";
import { decodeSip, encodeSip } from "../../protocol/sip/message.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import { readBody } from "../../simulator/peers/receiver-intake.ts";
import { reportText } from "./report.ts";
import { reportScaip } from "./scaip.ts";
import { reportSip } from "./sip.ts";

interface Vector {
  readonly name: string;
  readonly xml: string;
  readonly value: object;
  readonly row: string;
  readonly at: number;
  readonly reason: string;
  /** What a receiver answers; undefined for responses, which a unit passes over. */
  readonly answer: string | undefined;
}

interface Step {
  readonly from: "unit" | "centre";
  readonly name: string;
  readonly text: string;
}

function read<T>(path: string): readonly T[] {
  return JSON.parse(readFileSync(new URL(`../../protocol/vectors/${path}`, import.meta.url), "utf8")) as readonly T[];
}

const field = read<Vector>("scaip/field.json");
const refused = read<Vector>("scaip/refused.json");
const exchange = read<Step>("sip/alarm-exchange.json");

test("an alarm's whole exchange is read message by message, with what each says", () => {
  const values = exchange.map(({ name, text }) => {
    const report = reportSip(utf8(text));
    if (!report.ok) throw new Error(`${name}: ${faultText(report.fault)}`);
    expect(reportText(report.value.lines)).not.toContain("leaves out");
    return report.value.values;
  });
  expect(values).toMatchObject([
    { method: "MESSAGE", cseq: 1, maxForwards: 70, scaip: { mty: "ME", dty: 3, stc: 10, dte: "Armband vänster" } },
    { status: 401, cseq: 1, headers: [{ name: "WWW-Authenticate" }] },
    { method: "MESSAGE", cseq: 2, headers: [{ name: "Authorization" }], scaip: { ref: "Q4T8A0000127" } },
    { status: 200, cseqMethod: "MESSAGE", body: "" },
    { method: "MESSAGE", uri: "sip:4607110231@198.51.100.23:5060", scaip: { snu: 0, mre: 1, cre: 62 } },
    { status: 200, body: "" },
  ]);
});

test("each message of the exchange says the same when it is written again, and its credentials are right", () => {
  for (const { text } of exchange) {
    const decoded = decodeSip(utf8(text));
    if (!decoded.ok) throw new Error(faultText(decoded.fault));
    expect(decodeSip(encodeSip(decoded.value))).toEqual(decoded);
  }
  const response = digestResponse({
    algorithm: "MD5",
    secret: digestSecret("MD5", "4607110231", "larm.example.net", "provkod-77"),
    nonce: "b7c1e0d94f2a",
    method: "MESSAGE",
    uri: "sip:mottagning@larm.example.net",
    qop: "auth",
    nc: 1,
    cnonce: "0a4f113b",
  });
  expect(exchange[2]?.text).toContain(`response="${response}"`);
});

test.each(field)("what is seen in the field is read: $name", ({ xml, value }) => {
  const report = reportScaip(utf8(xml));
  expect(report).toMatchObject({ ok: true });
  if (!report.ok) return;
  expect(report.value.values).toEqual(value);
  expect(reportText(report.value.lines)).not.toBe("");
});

test("codes with and without their zeros are one code, whoever wrote them", () => {
  for (const [short, full] of [
    ["2", "0002"],
    ["02", "0002"],
    ["010", "0010"],
    ["10", "0010"],
  ])
    expect(decodeRequest(utf8(`<mrq><ref>A1</ref><cid>46</cid><dty>${short}</dty></mrq>`))).toEqual(
      decodeRequest(utf8(`<mrq><ref>A1</ref><cid>46</cid><dty>${full}</dty></mrq>`)),
    );
});

test.each(refused)("bad input ($row) is refused at its byte, with its reason: $name", (vector) => {
  const { xml, at, reason, answer } = vector;
  const bytes = utf8(xml);
  const report = reportScaip(bytes);
  if (report.ok) throw new Error("taken");
  expect({ at: report.fault.at, reason: faultText(report.fault) }).toEqual({ at, reason });
  if (answer === undefined) return;
  const intake = readBody(bytes);
  expect(intake.type === "refused" ? `snu ${intake.snu}` : intake.type).toBe(
    answer === "sip 400" ? "unreadable" : answer,
  );
});

test("in a SIP message the byte is that of the whole message, and a body of another type is not looked at", () => {
  const [alarm] = exchange;
  const text = alarm?.text ?? "";
  const broken = text.replace("<dty>0003</dty>", "<dty>000x</dty>");
  expect(reportSip(utf8(broken))).toMatchObject({
    ok: false,
    fault: { field: "dty", at: utf8(broken.slice(0, broken.indexOf("000x"))).length },
  });
  const other = utf8(broken.replace("application/scaip+xml", "text/plain"));
  expect(reportSip(other)).toMatchObject({ ok: true, value: { values: { contentType: "text/plain" } } });
});

test("plain XML is read as SCAIP where it is that, as a receiver does, and left alone where it is not", () => {
  const text = exchange[0]?.text.replace("application/scaip+xml", "application/xml") ?? "";
  expect(reportSip(utf8(text))).toMatchObject({ ok: true, value: { values: { scaip: { dty: 3 } } } });
  const other = text.replace(/<mrq>.*$/, "<scaip><ref>A1</ref></scaip>").replace(/Content-Length: \d+/, "Subject: x");
  const report = reportSip(utf8(other));
  expect(report).toMatchObject({ ok: true });
  expect(report.ok && report.value.values).not.toHaveProperty("scaip");
});
