import { expect, test } from "vitest";
import type { Play } from "./arbitraries.ts";
import { ready, roamingPlan } from "./arbitraries.ts";
import { operatorsFault } from "./modem-state.ts";

/** Orders the step and lets a good modem carry it out; the network that was chosen. */
function reselect(play: Play): string {
  const from = play.asked.length;
  play.feed({ type: "ordered", step: "reselect" });
  play.goReady();
  return play.asked.slice(from).find((text) => text.startsWith("AT+COPS=") && text !== "AT+COPS=2") ?? "";
}

function settle(play: Play): void {
  play.feed({ type: "settled" });
}

test("the modem chooses first, then each network of the settings in turn, and the report tells which", () => {
  const play = ready(roamingPlan);
  const told: string[] = [];
  for (let turn = 0; turn < 4; turn++) {
    told.push(reselect(play), play.state.report.selection);
    settle(play);
  }
  expect(told).toEqual([
    "AT+COPS=0",
    "",
    'AT+COPS=4,2,"24001"',
    "24001",
    'AT+COPS=4,2,"24008"',
    "24008",
    "AT+COPS=0",
    "",
  ]);
});

test("no other network is chosen within five minutes: the choice is repeated", () => {
  const play = ready(roamingPlan);
  reselect(play);
  settle(play);
  play.effects.length = 0;
  expect(reselect(play)).toBe('AT+COPS=4,2,"24001"');
  expect(play.effects).toContainEqual({ type: "settle", afterMs: 300_000 });
  play.effects.length = 0;
  expect(reselect(play)).toBe('AT+COPS=4,2,"24001"');
  expect(play.effects).not.toContainEqual({ type: "settle", afterMs: 300_000 });
  settle(play);
  expect(reselect(play)).toBe('AT+COPS=4,2,"24008"');
});

test("a choice outlives a reset of the modem, which remembers it as well", () => {
  const play = ready(roamingPlan);
  reselect(play);
  settle(play);
  reselect(play);
  play.feed({ type: "ordered", step: "reset" });
  play.goReady();
  expect(play.state.report.selection).toBe("24001");
  settle(play);
  expect(reselect(play)).toBe('AT+COPS=4,2,"24008"');
});

test("a chosen network that cannot be had for over five minutes is given up, and the modem chooses itself", () => {
  const play = ready(roamingPlan);
  reselect(play);
  settle(play);
  reselect(play);
  const lost = { type: "registration", generation: "unknown" } as const;
  const from = play.nowMs;
  play.feed({ type: "heard", fact: { ...lost, domain: "packet", registration: "searching" } });
  play.feed({ type: "heard", fact: { ...lost, domain: "circuit", registration: "searching" } });
  for (let turn = 0; turn < 60 && play.inFlight !== "AT+COPS=2"; turn++) {
    if (play.inFlight === "") play.wait();
    else play.answer(true);
  }
  expect(play.nowMs - from).toBeGreaterThan(300_000);
  expect(play.nowMs - from).toBeLessThan(600_000);
  expect(play.state.report.selection).toBe("");
  play.answer(true);
  expect(play.inFlight).toBe("AT+COPS=0");
});

test("without a list the modem always chooses itself, and nothing is told", () => {
  const play = ready();
  expect([reselect(play), reselect(play), reselect(play)]).toEqual(["AT+COPS=0", "AT+COPS=0", "AT+COPS=0"]);
  expect(play.effects.some((effect) => effect.type === "settle")).toBe(false);
});

test("a list holds at most eight networks of five or six digits", () => {
  expect(operatorsFault([])).toBeUndefined();
  expect(operatorsFault(Array(8).fill("24001"))).toBeUndefined();
  expect(operatorsFault(Array(9).fill("24001"))).toBe("more than 8 networks");
  for (const plmn of ["2400", "2400101", '2400"', "", "2400a"])
    expect(operatorsFault(["240010", plmn])).toBe(`not the number of a network: ${plmn}`);
});
