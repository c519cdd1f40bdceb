import fc from "fast-check";
import { expect, test } from "vitest";
import type { Report } from "../alarm/report.ts";
import type { LampSignal } from "../signals.ts";
import { type AlarmFact, alarmFactOf, type LampFacts, lampOf, lampPattern } from "./lamp.ts";

const signals: LampSignal[] = [
  "ready",
  "one-path-lost",
  "no-path",
  "sending",
  "accepted",
  "not-accepted",
  "fault",
  "talking",
];
const fine: LampFacts = { alarm: "none", talking: false, fault: false, links: "ready" };
const anyFacts: fc.Arbitrary<LampFacts> = fc.record({
  alarm: fc.constantFrom<AlarmFact>("none", "sending", "not-accepted", "accepted"),
  talking: fc.boolean(),
  fault: fc.boolean(),
  links: fc.constantFrom("ready", "one-path-lost", "no-path"),
});

test("each state of a unit has its signal", () => {
  expect(lampOf(fine)).toBe("ready");
  expect(lampOf({ ...fine, links: "one-path-lost" })).toBe("one-path-lost");
  expect(lampOf({ ...fine, links: "no-path" })).toBe("no-path");
  expect(lampOf({ ...fine, links: "no-path", fault: true })).toBe("fault");
  expect(lampOf({ ...fine, fault: true, alarm: "accepted" })).toBe("accepted");
  expect(lampOf({ ...fine, alarm: "accepted", talking: true })).toBe("talking");
  expect(lampOf({ ...fine, alarm: "sending", talking: true })).toBe("sending");
  expect(lampOf({ ...fine, alarm: "not-accepted", fault: true })).toBe("not-accepted");
});

test("accepted and ready are never shown while a person waits, whatever else is true", () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const signal = lampOf(facts);
      if (signal === "accepted") expect(facts.alarm).toBe("accepted");
      if (signal === "ready") expect(facts).toEqual(fine);
      if (facts.alarm === "sending" || facts.alarm === "not-accepted") expect(signal).toBe(facts.alarm);
    }),
  );
});

test("any two signals differ in their blinking, without their colours", () => {
  const seen = signals.map((signal) => {
    const { blinks, flashMs, pauseMs } = lampPattern(signal);
    return `${blinks} ${flashMs} ${pauseMs}`;
  });
  expect(new Set(seen).size).toBe(signals.length);
});

test("what a person waits for has a tone of its own", () => {
  const tones = (["sending", "accepted", "not-accepted", "talking"] as const).map((signal) => lampPattern(signal).tone);
  expect(new Set(tones).size).toBe(4);
  expect(tones).not.toContain("none");
});

test("the least happy alarm counts: not accepted, sending, and accepted only when all are", () => {
  const alarm = (changes: Partial<Report>, kind = "user-alarm"): Report =>
    ({ facts: { kind }, acceptedMs: -1, cancelled: false, told: false, at: "round", ...changes }) as Report;
  const sending = alarm({});
  const unheard = alarm({ told: true, at: "pause" });
  const accepted = alarm({ acceptedMs: 5, at: "open" });
  const over = alarm({ acceptedMs: 5, at: "done" });
  const cancelled = alarm({ cancelled: true, at: "done" });
  expect(alarmFactOf([])).toBe("none");
  expect(alarmFactOf([accepted, sending, accepted])).toBe("sending");
  expect(alarmFactOf([sending, unheard, accepted])).toBe("not-accepted");
  expect(alarmFactOf([over, accepted])).toBe("accepted");
  expect(alarmFactOf([over, cancelled, alarm({ cancelled: true, acceptedMs: 5, at: "open" })])).toBe("none");
  expect(alarmFactOf([alarm({}, "technical"), alarm({ acceptedMs: 5, at: "open" }, "test")])).toBe("none");
});
