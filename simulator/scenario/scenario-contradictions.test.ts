/** A scenario that contradicts itself is refused before it runs, with the place and what to do. */
import { expect, test } from "vitest";
import { ScenarioError } from "./scenario-error.ts";
import { parseScenario } from "./scenario-file.ts";

const story = `name: a story
duration: 1h
world:
  receivers: { first: {}, second: {} }
  operators: { a: {} }
  broadband: { fibre: {} }
fleet:
  - { name: two, count: 2, mobile: a, broadband: fibre, receivers: [first, second] }
  - { name: one, count: 1, mobile: a, broadband: fibre, policy: mobile-only, receivers: [first] }
faults:
  - { from: 1m, to: 2m, receiver: first, fault: busy }
timeline:
  - { at: 90s, press: one }
expect:
`;

function mistake(expectation: string, text: string = story): string {
  try {
    parseScenario(`${text}  - ${expectation}\n`, "story.yaml");
  } catch (thrown) {
    if (thrown instanceof ScenarioError) return thrown.message;
    throw thrown;
  }
  return "no mistake";
}

test.each([
  [
    "{ alarms: with-second-receiver, group: one, accepted-within: 5s }",
    "15:15: none of these units has a second receiver",
  ],
  [
    "{ alarms: with-second-receiver, unit: one, accepted-within: 5s }",
    "15:15: none of these units has a second receiver",
  ],
  [
    "{ alarms: without-second-receiver, group: two, accepted-within: 5s }",
    "none of these units is without a second receiver",
  ],
  ["{ alarms: all, group: one, route: broadband }", "15:39: none of these units has broadband"],
  ["{ alarms: all, group: one, receiver: second }", '15:42: none of these units knows receiver "second"'],
  ["{ receiver: second, suspected-within: 5m }", '15:5: receiver "second" has no fault that could be noticed'],
  ["{ operator: a, closed-within: 5m }", '15:5: operator "a" has no fault that could be noticed'],
])("the promise %s is about nobody, and is refused", (expectation, message) => {
  expect(mistake(expectation)).toContain(`story.yaml:${message}`.replace(/^story.yaml:(?=\D)/, ""));
});

test.each([
  "{ alarms: with-second-receiver, accepted-within: 5s }",
  "{ alarms: with-second-receiver, unit: two-001, route: broadband }",
  "{ alarms: without-second-receiver, route: mobile }",
  "{ alarms: all, receiver: second }",
  "{ alarms: all, pressed: during-faults, accepted-within: 5m }",
  "{ receiver: first, suspected-within: 5m }",
])("the promise %s is about somebody, and is taken", (expectation) => {
  expect(mistake(expectation)).toBe("no mistake");
});

test("what is pressed during faults is nothing where there is none", () => {
  const calm = story.replace(/faults:\n.*\n/, "");
  expect(mistake("{ alarms: all, pressed: during-faults, accepted-within: 5m }", calm)).toContain(
    "nothing is pressed during a fault where there is none",
  );
});

test("two receivers may share a host, but not a host and a port, whether both are written or one", () => {
  const at = (first: string, second: string): string =>
    mistake("{ lost: 0 }", story.replace("{ first: {}, second: {} }", `{ first: ${first}, second: ${second} }`));
  expect(at("{ host: 10.0.0.1 }", "{ host: 10.0.0.1, port: 5070 }")).toBe("no mistake");
  expect(at("{ host: 10.0.0.1 }", "{ host: 10.0.0.1, port: 5060 }")).toContain(
    'story.yaml:4:51: receiver "first" is at 10.0.0.1:5060 too (give one another "port")',
  );
  expect(at("{}", "{ host: 192.0.2.10 }")).toContain('receiver "first" is at 192.0.2.10:5060 too');
});

test("as many receivers as there are addresses are named without one, and one more is refused", () => {
  const named = (count: number): string => {
    const names = Array.from({ length: count }, (_, index) => `r${index}: {}`).join(", ");
    return mistake("{ lost: 0 }", story.replace("first: {}, second: {}", `first: {}, second: {}, ${names}`));
  };
  expect(named(244)).toBe("no mistake");
  expect(named(245)).toContain("there is no address left for it");
});
