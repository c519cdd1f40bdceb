import { expect, test } from "vitest";
import type { Contact } from "./contact.ts";
import { parseContact } from "./contact.ts";
import type { SipRequest } from "./message.ts";
import { encodeSip } from "./message.ts";
import type { RegisterOutcome } from "./registration.ts";
import { registerHeaders, registerOutcome } from "./registration.ts";
import { answerWith, request } from "./test-messages.ts";

const ownText = '<sip:4607110231@198.51.100.23>;+sip.instance="<urn:uuid:0-1>";reg-id=1;expires=600';
const own = parseContact(ownText) as Contact;

function outcome(status: number, headers: readonly string[], contact = own): RegisterOutcome {
  return registerOutcome({ ...answerWith(headers), status }, contact);
}

test("RFC 3261 24.1: the registration F1 comes out, but for the order of its headers and quotes around names", () => {
  const bare = request([
    "REGISTER sip:registrar.biloxi.com SIP/2.0",
    "Via: SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bKnashds7",
    "Max-Forwards: 70",
    "To: Bob <sip:bob@biloxi.com>",
    "From: Bob <sip:bob@biloxi.com>;tag=456248",
    "Call-ID: 843817637684230@998sdasdh09",
    "CSeq: 1826 REGISTER",
    "Expires: 7200",
  ]);
  const contact = parseContact("<sip:bob@192.0.2.4>") as Contact;
  const full: SipRequest = { ...bare, headers: registerHeaders(contact).concat(bare.headers) };
  expect(
    Array.from(encodeSip(full), (byte) => String.fromCharCode(byte))
      .join("")
      .split("\r\n"),
  ).toEqual([
    "REGISTER sip:registrar.biloxi.com SIP/2.0",
    "Via: SIP/2.0/UDP bobspc.biloxi.com:5060;branch=z9hG4bKnashds7",
    "Max-Forwards: 70",
    'From: "Bob" <sip:bob@biloxi.com>;tag=456248',
    'To: "Bob" <sip:bob@biloxi.com>',
    "Call-ID: 843817637684230@998sdasdh09",
    "CSeq: 1826 REGISTER",
    "Contact: <sip:bob@192.0.2.4>",
    "Expires: 7200",
    "Content-Length: 0",
    "",
    "",
  ]);
});

test("RFC 5626 4.2.1: a device with a name says that it can keep a flow", () => {
  expect(registerHeaders(own)).toEqual([
    { name: "Supported", value: "path, outbound" },
    { name: "Contact", value: ownText },
  ]);
});

test("a 200 binds for as long as it says of our own Contact, and tells whether the flow is kept and how lively", () => {
  const bound = { type: "bound", isOutbound: false, flowTimerS: undefined };
  expect(outcome(200, ["Contact: " + ownText.replace("600", "120")])).toEqual({ ...bound, expiresS: 120 });
  expect(outcome(299, ["Contact: " + ownText])).toEqual({ ...bound, expiresS: 600 });
  expect(outcome(200, ["Contact: " + ownText, "Require: Path, Outbound", "flow-timer: 95"])).toEqual({
    ...bound,
    expiresS: 600,
    isOutbound: true,
    flowTimerS: 95,
  });
});

test("a 200 without our Contact binds nothing, unless it was to be dropped", () => {
  expect(outcome(200, [])).toEqual({ type: "refused", status: 200 });
  const dropped = { ...own, expiresS: 0 };
  expect(outcome(200, ["Contact: <sip:x@y>"], dropped)).toMatchObject({ type: "bound", expiresS: 0 });
  expect(outcome(200, ["Contact: " + ownText], dropped)).toMatchObject({ type: "bound", expiresS: 600 });
});

test("423 says how long to ask for; without a longer time than was asked for it is a refusal like any other", () => {
  expect(outcome(423, ["Min-Expires: 3600"])).toEqual({ type: "too-brief", leastS: 3600 });
  expect(outcome(423, ["Min-Expires: 1"], { ...own, expiresS: undefined })).toEqual({ type: "too-brief", leastS: 1 });
  expect(outcome(423, ["Min-Expires: 601"])).toEqual({ type: "too-brief", leastS: 601 });
  for (const headers of [["Min-Expires: 600"], ["Min-Expires: x"], []])
    expect(outcome(423, headers), headers[0]).toEqual({ type: "refused", status: 423 });
});

test.each([199, 300, 401, 404, 503])("%i is a refusal, whatever it lists", (status) => {
  expect(outcome(status, ["Contact: " + ownText, "Min-Expires: 3600"])).toEqual({ type: "refused", status });
});
