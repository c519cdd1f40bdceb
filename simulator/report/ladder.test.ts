/** The way of one alarm, hop by hop. */
import { expect, test } from "vitest";
import type { Journey, JourneyTry, RunPress } from "../record/run-result.ts";
import { type LadderFacts, ladderOf } from "./ladder.ts";
import { english } from "./page/english.ts";
import { hopText } from "./page/hop-text.ts";
import { swedish } from "./page/swedish.ts";
import { sampleRun } from "./sample-run.ts";

const press: RunPress = {
  ...(sampleRun().presses[0] as RunPress),
  unit: "u",
  stem: "K7Q2M0000001",
  pressedMs: 1_000,
  storedMs: 1_033,
  acceptedMs: 8_000,
};
const oneTry: JourneyTry = {
  what: "ME",
  route: "mobile",
  receiver: "primary",
  startedMs: 1_033,
  sentMs: 1_100,
  packets: 1,
  heardMs: 1_300,
  carriedMs: 1_400,
  status: 200,
  repliedMs: 1_500,
  snu: 0,
  answeredMs: 1_700,
};
const never = { heardMs: null, carriedMs: null, status: null, repliedMs: null, snu: null, answeredMs: null } as const;

function factsOf(tries: readonly JourneyTry[], more: Partial<LadderFacts> & Partial<Journey> = {}): LadderFacts {
  const { stem = press.stem, leftOut = 0, signals = [], faults = [] } = more;
  const journey: Journey = { unit: "u", stem, beganMs: 1_033, tries, leftOut };
  return { journeys: [journey], signals, faults, virtualMs: 100_000 };
}

const hopsOf = (facts: LadderFacts, of: RunPress = press): string[] =>
  ladderOf(facts, of).hops.map((hop) => {
    const way = hop.from === hop.to ? hop.from : `${hop.from}>${hop.to}`;
    return `${hop.atMs} ${way} ${hopText(hop, english)}${hop.tookMs === null ? "" : ` ${hop.tookMs}`} ${hop.fate}`;
  });

test("an alarm over mobile goes by the modem to the receiver, and its answers come back to the unit", () => {
  expect(hopsOf(factsOf([oneTry]))).toEqual([
    "1000 button>unit pressed 33 arrived",
    "1033 unit stored in the journal arrived",
    "1033 unit>modem alarm, primary, mobile 67 arrived",
    "1100 modem>receiver alarm, primary, mobile 200 arrived",
    "1300 receiver>unit taken, SIP 200 100 arrived",
    "1500 receiver>operator case opened, primary 0 arrived",
    "1500 receiver>unit accepted, snu 0 200 arrived",
  ]);
});

test("what is lost on the way ends in the network, what the modem never sends ends there", () => {
  const lost = { ...oneTry, ...never, packets: 7 };
  const stuck = { ...lost, sentMs: null, packets: 0 };
  const wired = { ...stuck, route: "broadband" } as const;
  expect(hopsOf(factsOf([lost, stuck, wired])).filter((text) => text.includes("alarm"))).toEqual([
    "1033 unit>modem alarm, primary, mobile ×7 67 arrived",
    "1033 unit>modem alarm, primary, mobile lost",
    "1033 unit>network alarm, primary, broadband lost",
    "1100 modem>network alarm, primary, mobile ×7 lost",
  ]);
});

test("a refusal is no acceptance, and an acceptance that nobody saw on its way still ends the ladder", () => {
  const refused = { ...oneTry, status: 503, repliedMs: 1_500, snu: 5 };
  const hops = hopsOf(factsOf([refused]));
  expect(hops).toContain("1300 receiver>unit refused, SIP 503 100 refused");
  expect(hops).toContain("1500 receiver>unit not accepted, snu 5 200 refused");
  expect(hops.at(-1)).toBe("8000 receiver>unit accepted, primary 0 arrived");
});

test("tries that are not kept are counted where they were, and the wearer's signs stand between", () => {
  const later = [2_000, 3_000, 4_000, 5_000, 6_000, 7_000].map((ms) => ({
    ...oneTry,
    ...never,
    startedMs: ms,
    sentMs: ms,
  }));
  const signals = [
    { atMs: 1_050, unit: "u", by: "button", button: 1, what: "received" },
    { atMs: 1_060, unit: "u", by: "button", button: 2, what: "received" },
    { atMs: 4_500, unit: "u", by: "lamp", button: 0, what: "not-accepted" },
    { atMs: 900_000, unit: "u", by: "button", button: 1, what: "accepted" },
  ] as const;
  const hops = hopsOf(factsOf([oneTry, ...later], { leftOut: 97, signals }));
  expect(hops).toContain("5000 unit 97 tries not shown arrived");
  expect(hops.filter((text) => text.includes("wearer"))).toEqual([
    "1050 button wearer sees: the unit has it arrived",
    "4500 unit wearer hears: not accepted yet arrived",
  ]);
});

test("an alarm that one receiver accepts over and over opens one case there, and one at each other receiver", () => {
  const again = { ...oneTry, startedMs: 2_000, sentMs: 2_001, heardMs: 2_100, repliedMs: 2_200, answeredMs: 2_300 };
  const hops = hopsOf(factsOf([oneTry, again, { ...again, receiver: "secondary" }]));
  expect(hops.filter((text) => text.includes("case"))).toEqual([
    "1500 receiver>operator case opened, primary 0 arrived",
    "2200 receiver>operator case opened, secondary 0 arrived",
  ]);
});

test("the first word between operator and home is a hop, though it comes after the acceptance", () => {
  const talks = [60_000, 900_000].map((atMs) => ({ atMs, unit: "u", by: "lamp", button: 0, what: "talking" }) as const);
  expect(hopsOf(factsOf([oneTry], { signals: talks })).at(-1)).toBe(
    "60000 operator>unit operator and home talk 0 arrived",
  );
});

test("an alarm that outlives a restart of its unit has one ladder", () => {
  const facts = factsOf([{ ...oneTry, ...never }]);
  const [before] = facts.journeys;
  if (before === undefined) throw new Error("sample");
  const after = { ...before, beganMs: 5_000, tries: [{ ...oneTry, startedMs: 5_000, sentMs: 5_001 }] };
  const hops = hopsOf({ ...facts, journeys: [before, after] });
  expect(hops.filter((text) => text.includes("unit>modem")).map((text) => text.split(" ")[0])).toEqual([
    "1033",
    "5000",
  ]);
});

test("a fault that the alarm met is told where it was, in words of the language; one of other units is not", () => {
  const fault = {
    fromMs: 500,
    toMs: 5_000,
    object: "receiver",
    name: "primary",
    fault: "silent-after-200",
    units: null,
  } as const;
  const other = { ...fault, object: "unit", name: "v", fault: "dead", units: ["v"] } as const;
  const before = { ...fault, fromMs: 0, toMs: 900 };
  const { hops } = ladderOf(factsOf([oneTry], { faults: [fault, other, before] }), press);
  const told = hops.filter(({ what }) => what.startsWith("fault"));
  expect(told.map((hop) => `${hop.atMs} ${hop.to} ${hopText(hop, swedish)}`)).toEqual([
    "500 receiver felet börjar: larmmottagaren primary tar emot larm men lämnar dem inte vidare",
    "5000 receiver felet slutar: larmmottagaren primary tar emot larm men lämnar dem inte vidare",
  ]);
});

test("a press that no unit heard has one hop, and an alarm that never left is found by its time", () => {
  const unheard = { ...press, storedMs: null, acceptedMs: null, stem: null };
  expect(hopsOf({ ...factsOf([]), journeys: [] }, unheard)).toEqual(["1000 button>unit pressed lost"]);
  const stuck = { ...oneTry, ...never, sentMs: null };
  const hops = hopsOf(factsOf([stuck], { stem: null }), { ...press, acceptedMs: null, stem: null });
  expect(hops.at(-1)).toBe("1033 unit>modem alarm, primary, mobile lost");
});
