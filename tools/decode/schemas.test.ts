import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { talksOf } from "../../protocol/at/recorded-talk.ts";
import { anyCommand } from "../../protocol/console/arbitraries.ts";
import { encodeFrame } from "../../protocol/console/frame.ts";
import { encodeCommand } from "../../protocol/console/messages.ts";
import {
  anyAccessoryCheckIn,
  anyAccessoryEvent,
  anyAddress,
  anyAnswer,
  anyBondOrder,
  anyBondTold,
  anyCounter,
  anyFall,
  anyPress,
  anyReport,
  anyStatusRequest,
} from "../../protocol/radio/arbitraries.ts";
import { sealAs } from "../../protocol/radio/envelope.ts";
import {
  encodePairingCancel,
  encodePairingConfirm,
  encodePairingOffer,
  encodePairingReject,
  encodePairingRequest,
  rejectReasons,
} from "../../protocol/radio/pairing.ts";
import { faultText, type Result } from "../../protocol/result.ts";
import { anyRequest, anyResponse } from "../../protocol/scaip/arbitraries.ts";
import { encodeRequest } from "../../protocol/scaip/request.ts";
import { encodeResponse } from "../../protocol/scaip/response.ts";
import { anyMessage } from "../../protocol/sip/arbitraries.ts";
import { encodeSip } from "../../protocol/sip/message.ts";
import { ascii, utf8 } from "../../protocol/text/utf8.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import { dialectNamed, dialects, reportAt } from "./at.ts";
import { reportConsole } from "./console.ts";
import { reportRadio } from "./radio.ts";
import { sealedTypes } from "./radio-types.ts";
import type { Report } from "./report.ts";
import { reportScaip } from "./scaip.ts";
import { decodeJsonSchema, decodeSchema, schemaKinds } from "./schemas.ts";
import { reportSip } from "./sip.ts";

const schemas = Object.fromEntries(schemaKinds.map((kind) => [kind, decodeSchema(kind)]));

function vectors(path: string): readonly Record<string, string>[] {
  return JSON.parse(readFileSync(new URL(`../../protocol/vectors/${path}`, import.meta.url), "utf8"));
}

/** What the command would print is what the schema allows; true where the input was valid. */
function holds(kind: string, report: Result<Report>): boolean {
  const printed = report.ok
    ? report.value.values
    : { valid: false, at: report.fault.at, reason: faultText(report.fault), fault: report.fault };
  const asked = schemas[kind]?.safeParse(JSON.parse(JSON.stringify(printed)));
  if (asked?.success !== true) throw new Error(`${kind}: ${JSON.stringify(printed)}\n${asked?.error.message}`);
  return report.ok;
}

test("the vectors of every kind print what the published schema describes", () => {
  for (const file of ["requests", "responses", "field", "refused"])
    for (const { xml = "" } of vectors(`scaip/${file}.json`))
      expect(holds("scaip", reportScaip(utf8(xml)))).toBe(file !== "refused");
  for (const { text = "" } of vectors("sip/alarm-exchange.json"))
    expect(holds("sip", reportSip(utf8(text)))).toBe(true);
  for (const { frame = "", key = "" } of vectors("radio/frames.json")) {
    const bytes = new Uint8Array(Buffer.from(frame, "hex"));
    expect(holds("radio", reportRadio(bytes, undefined))).toBe(true);
    expect(holds("radio", reportRadio(bytes, new Uint8Array(Buffer.from(key, "hex"))))).toBe(true);
    expect(holds("radio", reportRadio(bytes, new Uint8Array(16)))).toBe(false);
  }
  for (const name of ["quectel", "simcom", "ublox"]) {
    const file = readFileSync(new URL(`../../protocol/vectors/at/${name}.txt`, import.meta.url), "utf8");
    for (const { steps } of talksOf(file))
      for (const dialect of dialects) {
        const bytes = ascii(steps.map((step) => (step.origin === "" ? "" : step.text)).join(""));
        const isOwn = dialect.name.startsWith(name);
        expect(holds("at", reportAt(bytes, dialect)) || !isOwn).toBe(true);
      }
  }
});

test("whatever can be sent prints what the published schema describes", () => {
  const cipher = aesBlock(new Uint8Array(16));
  const anyOf = [
    anyPress,
    anyReport,
    anyStatusRequest,
    anyFall,
    anyAccessoryEvent,
    anyAccessoryCheckIn,
    anyBondTold,
    anyAnswer,
    anyAnswer,
    anyBondOrder,
  ];
  const anyFrame = fc.oneof(
    ...sealedTypes.map(({ type }, index) =>
      fc
        .tuple(anyAddress, anyCounter, anyOf[index] as fc.Arbitrary<object>)
        .map(([address, counter, message]) => sealAs(type, cipher, address, counter, message)),
    ),
  );
  fc.assert(
    fc.property(
      anyRequest,
      anyResponse,
      anyMessage,
      anyFrame,
      anyCommand,
      (request, response, message, frame, said) => {
        expect(holds("scaip", reportScaip(encodeRequest(request)))).toBe(true);
        expect(holds("scaip", reportScaip(encodeResponse(response)))).toBe(true);
        holds("sip", reportSip(encodeSip(message)));
        expect(holds("radio", reportRadio(frame, new Uint8Array(16)))).toBe(true);
        const text = encodeCommand(said);
        expect(holds("console", reportConsole(encodeFrame({ speaker: "tool", sequence: 1, atMs: 2, text })))).toBe(
          true,
        );
      },
    ),
  );
});

test("the open frames of pairing print what the published schema describes", () => {
  const cipher = aesBlock(new Uint8Array(16));
  const random = new Uint8Array(8).fill(9);
  const talk = { address: 7, buttonRandom: random, unitRandom: random, person: 1 };
  const frames = [
    encodePairingRequest(cipher, 7, random),
    encodePairingOffer(cipher, talk),
    encodePairingConfirm(cipher, talk),
    encodePairingCancel(cipher, talk),
    ...rejectReasons.map((reason) => encodePairingReject(cipher, 7, random, reason)),
  ];
  for (const frame of frames) expect(holds("radio", reportRadio(frame, new Uint8Array(16)))).toBe(true);
});

test("any bytes print what the published schema describes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...dialects), (bytes, dialect) => {
      holds("scaip", reportScaip(bytes));
      holds("sip", reportSip(bytes));
      holds("radio", reportRadio(bytes, undefined));
      holds("at", reportAt(bytes, dialect));
      holds("console", reportConsole(bytes));
    }),
  );
});

test("every fact that a line of a modem can tell is one that the published schema describes", () => {
  const told = {
    quectel:
      'RDY;POWERED DOWN;+CPIN: READY;+CREG: 1;+CSQ: 9,99;+COPS: 0,0,"x",7;+QIACT: 1,1,1,"10.1.2.3";+QIURC: "pdpdeact",1;+QLTS: "2026/03/02,06:10:05+04,0";+CTZV: +04;+QIOPEN: 0,0;+QIURC: "recv",0;+QIURC: "closed",0;RING;+CLIP: "1";+CRING: VOICE;VOICE CALL: BEGIN;VOICE CALL: END;+UCALLSTAT: 1,3;+CCWA: "1",129,1;+QTONEDET: 53;+CLCC: 1,0,0,0,0;+CMTI: "SM",1;+CDS: 9;+CMGL: 1,0,,9',
    simcom: "RECV FROM:192.0.2.9:5060;+IPCLOSE: 0,1;+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY",
  };
  const types = new Set<string>();
  for (const [name, text] of Object.entries(told)) {
    const report = reportAt(ascii(`${text.replaceAll(";", "\r\n")}\r\n`), dialectNamed(name));
    expect(holds("at", report)).toBe(true);
    const { lines } = (report.ok ? report.value.values : { lines: [] }) as {
      readonly lines: readonly { readonly fact?: { readonly type: string } }[];
    };
    for (const { fact } of lines) if (fact !== undefined) types.add(fact.type);
  }
  expect(types.size).toBe(25);
});

test("a schema refuses what is not printed: another property, a value beyond its table, another kind's values", () => {
  const scaip = decodeSchema("scaip");
  const request = { ref: "A1", mty: "ME", cid: "46", dty: 3 };
  expect(scaip.safeParse(request).success).toBe(true);
  for (const change of [
    { dty: 10_000 },
    { mty: "XX" },
    { mreq: 4 },
    { ref: undefined },
    { mty: undefined },
    { crd: "sip:" },
  ])
    expect(scaip.safeParse({ ...request, ...change }).success, JSON.stringify(change)).toBe(false);
  for (const kind of schemaKinds) {
    expect(schemas[kind]?.safeParse({}).success, kind).toBe(false);
    expect(schemas[kind]?.safeParse(request).success).toBe(kind === "scaip");
    expect(decodeJsonSchema(kind)).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: `livlina decode ${kind} --json`,
    });
  }
  expect(() => decodeSchema("morse")).toThrow("no schema");
});
