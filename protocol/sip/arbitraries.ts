/** Random SIP messages for tests: well-formed values that must survive being written and read. */
import fc from "fast-check";
import type { Header, NameAddress, SipMessage, SipRequest, SipResponse, Via } from "./message.ts";
import type { Param } from "./scan.ts";

const token = fc.stringMatching(/^[A-Za-z0-9.!%*_+`'~-]{1,12}$/);
const host = fc.oneof(
  fc.constantFrom("larm.example.net", "198.51.100.23", "2001:db8::7", "::ffff:192.0.2.1", "a"),
  fc.ipV6(),
  fc.ipV4(),
);
const port = fc.option(fc.integer({ min: 1, max: 65535 }), { nil: undefined });
const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...'"\\<>;,= åäöÅ日\t\u0007\u0000'), fc.constantFrom(..."abcXYZ019")),
});

/** Parameters with names that no header gives a field of its own. */
const params: fc.Arbitrary<Param[]> = fc.array(
  fc.record({
    name: token.map((name) => "x" + name),
    value: fc.option(fc.oneof(token, fc.constantFrom('"a;b,c"', '"\\""', "[2001:db8::1]", "a:5060")), {
      nil: undefined,
    }),
  }),
  { maxLength: 3 },
);

export const anyUri: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("sip:", "sips:", "SIP:"),
    fc.option(fc.stringMatching(/^[A-Za-z0-9_.!~*'()&=+$,;?/-]{1,12}$/)),
    host,
    port,
    fc.constantFrom("", ";transport=udp", ";lr", ";a=b;c"),
  )
  .map(([scheme, user, name, number, rest]) => {
    const written = name.includes(":") ? `[${name}]` : name;
    return scheme + (user === null ? "" : user + "@") + written + (number === undefined ? "" : ":" + number) + rest;
  });

export const anyVia: fc.Arbitrary<Via> = fc.record({
  transport: fc.constantFrom("UDP", "TCP", "TLS", "x"),
  host,
  port,
  branch: fc.oneof(fc.constant(""), token),
  received: fc.option(host, { nil: undefined }),
  rport: fc.option(fc.nat({ max: 65535 }), { nil: undefined }),
  params,
});

const nameAddress: fc.Arbitrary<NameAddress> = fc.record({
  display: fc.option(text, { nil: undefined }),
  uri: fc.oneof(anyUri, fc.constantFrom("tel:+4670", "sip:a@b?subject=x")),
  tag: fc.option(token, { nil: undefined }),
  params,
});

const header: fc.Arbitrary<Header> = fc.oneof(
  fc.record({
    name: fc.constantFrom("Date", "WWW-Authenticate", "Authorization", "Retry-After", "Allow", "Supported", "X-Own"),
    value: text.map((value) => value.replace(/^[ \t]+|[ \t]+$/g, "")),
  }),
  fc.record({ name: token.map((name) => "X-" + name), value: fc.constant("") }),
);

const common = {
  via: fc.array(anyVia, { minLength: 1, maxLength: 3 }),
  from: nameAddress,
  to: nameAddress,
  callId: fc.stringMatching(/^[A-Za-z0-9@.:<>()"]{1,20}$/),
  cseq: fc.nat({ max: 0x7fffffff }),
  contentType: fc.option(fc.constantFrom("application/scaip+xml", "text/plain;charset=utf-8"), { nil: undefined }),
  headers: fc.array(header, { maxLength: 4 }),
  body: fc.uint8Array({ maxLength: 60 }),
};

export const anyRequest: fc.Arbitrary<SipRequest> = fc
  .record({
    ...common,
    kind: fc.constant("request" as const),
    method: fc.oneof(fc.constantFrom("MESSAGE", "OPTIONS"), token),
    uri: anyUri,
    maxForwards: fc.option(fc.nat({ max: 255 }), { nil: undefined }),
  })
  .map((request) => ({ ...request, cseqMethod: request.method }));

export const anyResponse: fc.Arbitrary<SipResponse> = fc.record({
  ...common,
  kind: fc.constant("response" as const),
  cseqMethod: fc.oneof(fc.constant("MESSAGE"), token),
  status: fc.integer({ min: 100, max: 699 }),
  reason: fc.oneof(fc.constantFrom("OK", "", "Går inte"), token),
});

export const anyMessage: fc.Arbitrary<SipMessage> = fc.oneof(anyRequest, anyResponse);
