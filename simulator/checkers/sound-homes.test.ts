/** What the checkers watch for holds for the firmware as it is, in the small worlds in which it could break soonest. */
import { expect, test } from "vitest";
import { foundOf, playSmall, type SmallWorld } from "../play-bench.ts";
import { duplicateCasesCheck, falseAcceptedCheck, lostAlarmsCheck, type RunResult } from "../record/run-result.ts";

const everyChecker = [
  "lost-alarms",
  "heard-presses",
  "false-accepted",
  "duplicate-cases",
  "order-of-kinds",
  "prompt-help",
  "kept-calls",
  "withdrawals",
  "no-ghosts",
  "right-person",
  "true-hours",
  "told-the-truth",
  "quiet-nights",
  "heartbeat",
  "lost-routes",
  "warned-before-flat",
  "steady-reports",
  "daily-tests",
  "whereabouts",
  "log-without-gaps",
  "bounds",
  "life-states",
  "fresh-counters",
  "duty-cycle",
];

const both = ["primary", "secondary"] as const;

const stories: Readonly<Record<string, SmallWorld>> = {
  "a receiver carries and never answers": { primary: "silent-after-200" },
  "a receiver asks for patience": { primary: "hold", duration: "10m" },
  "a receiver asks for patience and another takes the alarm": {
    primary: "hold",
    receivers: both,
    duration: "12m",
  },
  "a receiver answers for somebody else": {
    primary: "wrong-ref",
    duration: "10m",
  },
  "a receiver answers late": { primary: "late", duration: "10m" },
  "a receiver answers late and another takes the alarm": {
    primary: "late",
    receivers: both,
    duration: "10m",
  },
  "two persons press at once": {
    presses: ["at: 4m, press: u", "at: 4m, press: u, button: 2"],
    duration: "10m",
  },
  "a person presses again while help is on its way": {
    presses: ["at: 4m, press: u", "at: 5m, press: u"],
    faults: ["from: 270s, to: 10m, receiver: primary, fault: silent-after-200"],
  },
  "a stranger answers in the receiver's place": {
    primary: "silent-after-200",
    faults: ["from: 2m, strangers: u, fault: forged"],
    duration: "12m",
  },
  "a stranger plays packets again": {
    presses: [4, 8, 12].map((minute) => `at: ${minute}m, press: u`),
    faults: ["from: 1m, strangers: u, fault: replayed"],
    duration: "75m",
  },
};

const played = new Map<string, Promise<RunResult>>();

function playOnce(story: string): Promise<RunResult> {
  const before = played.get(story);
  if (before !== undefined) return before;
  const run = playSmall(stories[story] as SmallWorld);
  played.set(story, run);
  return run;
}

const laws = [
  {
    checker: falseAcceptedCheck,
    law: '"accepted" is shown only after an acceptance',
  },
  { checker: lostAlarmsCheck, law: "no alarm that was taken over is lost" },
  { checker: duplicateCasesCheck, law: "no alarm stands as two open cases" },
];

for (const story of Object.keys(stories)) {
  for (const { checker, law } of laws)
    test(`while ${story}: ${law}`, async () => {
      const { checks } = await playOnce(story);
      const verdict = checks.find((each) => each.checker === checker);
      expect(verdict?.found).toEqual([]);
      expect(verdict?.held).toBe(true);
    });
  test(`while ${story}: nothing else is found either`, async () => {
    const result = await playOnce(story);
    expect(foundOf(result)).toEqual([]);
    expect(result.checks.map(({ checker }) => checker)).toEqual(everyChecker);
  });
}
