/** Telephones, operators and granted calls in scenario files, good and bad. */
import { expect, test } from "vitest";
import { parseScenario } from "./scenario-file.ts";

const story = `name: a story
duration: 1h
world:
  receivers:
    primary: { call: { mre: 2, cre: 62, tnu: ["gsm:+468500000"] }, operators: { count: 3, voice: no-answer, talk: 2m } }
    secondary: { call: { mre: 1 }, operators: {} }
    third:
  operators: { a: }
  broadband: { fibre: }
fleet:
  - { count: 1, name: one, mobile: a, broadband: fibre, telephone: both, receivers: [primary] }
  - { count: 1, name: two, policy: broadband-only, broadband: fibre, telephone: sip, receivers: [primary] }
  - { count: 1, name: three, mobile: a, telephone: mobile, mobile-calls: beside-data, relatives: ["070123456"], voicemail: ["070123456"], receivers: [primary] }
  - { count: 1, name: four, mobile: a, telephone: mobile, fallback-number: "+468123", receivers: [primary] }
  - { count: 1, name: five, mobile: a, telephone: none, receivers: [primary] }
  - { count: 1, name: six, mobile: a, receivers: [primary] }
`;

test("receivers ask for calls and have operators, and units have telephones, where the file says so", () => {
  const { world, fleet } = parseScenario(story, "story.yaml");
  expect(world.receivers.map(({ call }) => call)).toEqual([
    { mre: 2, cre: 62, tnu: ["gsm:+468500000"] },
    { mre: 1, cre: 61, tnu: [] },
    undefined,
  ]);
  expect(world.receivers.map(({ operators }) => operators)).toEqual([
    { count: 3, shifts: [], voice: "no-answer", talkMs: 120_000 },
    { count: 1, shifts: [], voice: "answers", talkMs: 20_000 },
    undefined,
  ]);
  expect(fleet.map(({ telephone }) => telephone)).toEqual([
    { sip: true, mobile: "instead-of-data", fallbackNumber: "", relatives: [], voicemail: [] },
    { sip: true, mobile: "none", fallbackNumber: "", relatives: [], voicemail: [] },
    { sip: false, mobile: "beside-data", fallbackNumber: "", relatives: ["070123456"], voicemail: ["070123456"] },
    { sip: false, mobile: "instead-of-data", fallbackNumber: "+468123", relatives: [], voicemail: [] },
    undefined,
    undefined,
  ]);
});

test.each([
  ["telephone: both", "telephone: yes", "11:68: expected one of none, sip, mobile, both"],
  ["broadband: fibre, telephone: both", "telephone: both", "telephone both needs a broadband route"],
  [
    "mobile: a, broadband: fibre, telephone: both",
    "policy: mobile-only, mobile: a, broadband: fibre, telephone: both",
    "telephone both needs a broadband route",
  ],
  ["broadband: fibre, telephone: sip", "broadband: fibre, telephone: mobile", "telephone mobile needs a mobile route"],
  [
    "telephone: none",
    'telephone: none, fallback-number: "+468123"',
    '"fallback-number" needs calls over mobile (add "telephone: mobile"',
  ],
  ["telephone: sip", "telephone: sip, mobile-calls: beside-data", '"mobile-calls" needs calls over mobile'],
  ["telephone: none", 'telephone: none, relatives: ["070123456"]', '"relatives" needs calls over mobile'],
  [
    'relatives: ["070123456"], voicemail: ["070123456"]',
    'relatives: ["070123456"], voicemail: ["+468123"]',
    "nobody calls +468123",
  ],
  ["+468123", "08-123 45", 'expected a telephone number such as "+4670123456"'],
  ["gsm:+468500000", "tel:+468500000", 'expected a medium and an address such as "gsm:+4686001"'],
  ["mre: 2", "mre: 4", "expected a whole number from 0 to 3"],
  ["cre: 62", "cre: 63", "expected a whole number from 1 to 62"],
  ["voice: no-answer", "voice: asleep", "expected one of answers, presses, hangs-up"],
  ["count: 3", "count: 0", "expected a whole number from 1 to 1000"],
])("%s for %s is told", (right, wrong, message) => {
  expect(story).toContain(right);
  expect(() => parseScenario(story.replace(right, wrong), "story.yaml")).toThrow(message);
});
