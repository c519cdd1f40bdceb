import fc from "fast-check";
import { expect, test } from "vitest";
import { anyMessage } from "../../protocol/sip/arbitraries.ts";
import { encodeSip } from "../../protocol/sip/message.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import { reportText } from "./report.ts";
import { reportSip } from "./sip.ts";

const document = "<mrs><ref>Q4T8A0000127</ref><snu>0</snu></mrs>";

function message(body: string, type: string, length = utf8(body).length): Uint8Array {
  const head = [
    "MESSAGE sip:4607110231@198.51.100.23:5060 SIP/2.0",
    "v: SIP/2.0/UDP 203.0.113.9:5060;rport;branch=z9hG4bKq7r2",
    "Max-Forwards: 70",
    "From: <sip:mottagning@larm.example.net>;tag=z88",
    "To: <sip:4607110231@larm.example.net>",
    "Call-ID: 91fb3a06@203.0.113.9",
    "CSeq: 1 MESSAGE",
    `Content-Type: ${type}`,
    `Content-Length: ${length}`,
  ];
  return utf8(`${head.join("\r\n")}\r\n\r\n${body}`);
}

test("the head stands line by line at its offsets, and the SCAIP body behind it", () => {
  const bytes = message(document, "Application/SCAIP+xml;charset=utf-8");
  const report = reportSip(bytes);
  if (!report.ok) throw new Error(JSON.stringify(report.fault));
  const bodyAt = bytes.length - document.length;
  expect(report.value.lines.slice(0, 3)).toEqual([
    { at: 0, depth: 0, label: "request", text: "MESSAGE sip:4607110231@198.51.100.23:5060 SIP/2.0" },
    { at: 51, depth: 1, label: "Via", text: "SIP/2.0/UDP 203.0.113.9:5060;rport;branch=z9hG4bKq7r2" },
    { at: 109, depth: 1, label: "Max-Forwards", text: "70" },
  ]);
  expect(report.value.lines.slice(-4)).toMatchObject([
    { at: bodyAt, depth: 0, label: "body", text: "46 bytes" },
    { at: bodyAt, depth: 1, label: "mrs" },
    { at: bodyAt + 5, depth: 2, label: "ref" },
    { at: bodyAt + 28, depth: 2, label: "snu", text: "status number: 0 = handled · mottaget" },
  ]);
  expect(report.value.values).toMatchObject({
    kind: "request",
    method: "MESSAGE",
    via: [{ host: "203.0.113.9", port: 5060, branch: "z9hG4bKq7r2", rport: 0 }],
    from: { uri: "sip:mottagning@larm.example.net", tag: "z88" },
    cseq: 1,
    body: document,
    scaip: { ref: "Q4T8A0000127", snu: 0 },
  });
});

test("a body of another type is not read as SCAIP, and bytes that Content-Length leaves out are told", () => {
  const plain = reportSip(message(document, "text/plain"));
  expect(plain).toMatchObject({ ok: true, value: { values: { body: document } } });
  expect(plain.ok && plain.value.values).not.toHaveProperty("scaip");
  const longer = reportSip(message(`${document}\r\n`, "application/scaip+xml", document.length));
  expect(longer.ok && longer.value.lines.at(-1)).toMatchObject({ label: "rest", depth: 0 });
  expect(longer).toMatchObject({ ok: true, value: { values: { scaip: { snu: 0 } } } });
});

test("a fault in the head or in the SCAIP body names its byte of the whole message", () => {
  const wrong = message("<mrs><ref>A1</ref><snu>x</snu></mrs>", "application/scaip+xml");
  expect(reportSip(wrong)).toMatchObject({ ok: false, fault: { field: "snu", at: wrong.length - 13 } });
  const bare = utf8("OPTIONS sip:a@example.net SIP/2.0\n");
  expect(reportSip(bare)).toMatchObject({ ok: false, fault: { at: 33 } });
});

test("a body that is not text is hexadecimal in the values", () => {
  const bytes = message("xx", "application/octet-stream");
  bytes.set([0xff, 0x00], bytes.length - 2);
  expect(reportSip(bytes)).toMatchObject({ ok: true, value: { values: { bodyHex: "ff00" } } });
});

test("every message that can be written can be shown, and no bytes make it throw", () => {
  const anyBytes = fc.oneof(anyMessage.map(encodeSip), fc.uint8Array({ maxLength: 300 }));
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const report = reportSip(bytes);
      if (!report.ok) return;
      JSON.stringify(report.value.values);
      reportText(report.value.lines);
    }),
  );
});
