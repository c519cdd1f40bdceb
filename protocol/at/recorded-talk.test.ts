import { expect, test } from "vitest";
import { talksOf } from "./recorded-talk.ts";

test("a talk is its title and what is said, heard, sent and arrives, in order; comments and empty lines say nothing", () => {
  const file = [
    "# a comment",
    "",
    "== first",
    '> "AT\\r"      | live',
    '  < "\\r\\nOK\\r\\n" | manual',
    "== second",
    '! send "192.0.2.9" 5060 "a \\"b\\""',
    '! arrive "192.0.2.8" 7 ""',
    '! open "sip.example" 5061 "sip.example"',
    '! hang-up "" 0 ""',
  ].join("\n");
  const line = { host: "", port: 0 };
  expect(talksOf(file)).toEqual([
    {
      title: "first",
      steps: [
        { kind: "say", text: "AT\r", origin: "live", ...line },
        { kind: "hear", text: "\r\nOK\r\n", origin: "manual", ...line },
      ],
    },
    {
      title: "second",
      steps: [
        { kind: "send", text: 'a "b"', host: "192.0.2.9", port: 5060, origin: "" },
        { kind: "arrive", text: "", host: "192.0.2.8", port: 7, origin: "" },
        { kind: "open", text: "sip.example", host: "sip.example", port: 5061, origin: "" },
        { kind: "hang-up", text: "", host: "", port: 0, origin: "" },
      ],
    },
  ]);
});

test.each([
  ['> "AT" | live', "line 1 stands before any title"],
  ['== a\n> "AT"', "not a line"],
  ['== a\n? "AT" | live', "not a line"],
  ['== a\n! send "192.0.2.9" 5060', "not a deed"],
  ['== a\n! drop "192.0.2.9" 5060 "x"', "not a deed"],
])("a file of another form is a mistake of ours and throws: %j", (file, message) => {
  expect(() => talksOf(file)).toThrow(message);
});
