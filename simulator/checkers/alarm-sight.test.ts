import { expect, test } from "vitest";
import { isOfButton, type SeenAlarm, toldSinceMs } from "./alarm-sight.ts";
import { firstRef, HandMade, minuteMs, secondRef } from "./checker-bench.ts";

const atMs = 4 * minuteMs;

function alarmOf(made: HandMade): SeenAlarm {
  expect(made.sight.alarms[0]).toHaveLength(1);
  return made.sight.alarms[0]?.[0] as SeenAlarm;
}

test("an alarm is known by its stem, its button and its press time", () => {
  const made = new HandMade();
  made.sends(atMs + 50);
  made.sends(atMs + 5_000, { ref: secondRef });
  expect(alarmOf(made)).toMatchObject({
    stem: "AB12C0000001",
    button: 1,
    pressedMs: atMs,
    reportedTime: "2026-01-14T05:04:00Z",
    firstSentMs: atMs + 50,
    lastSentMs: atMs + 5_000,
  });
});

test("a time since the start counts from when the unit was switched on", () => {
  const made = new HandMade();
  made.sends(atMs, { ite: "pressed T+100s" });
  expect(alarmOf(made)).toMatchObject({ pressedMs: minuteMs + 100_000, reportedTime: undefined });
});

test("a minimal message still says that a person has pressed, and no button is ruled out", () => {
  const made = new HandMade();
  made.sendsMinimal(atMs, firstRef);
  const alarm = alarmOf(made);
  expect(alarm).toMatchObject({ button: undefined, pressedMs: undefined });
  expect([isOfButton(alarm, 1), isOfButton(alarm, 2)]).toEqual([true, true]);
});

test("a device that is none of this unit's is nobody's button", () => {
  const made = new HandMade();
  made.sends(atMs, { did: "FFFFFFFF" });
  expect([1, 2].map((button) => isOfButton(alarmOf(made), button))).toEqual([false, false]);
});

test("heartbeats and technical reports are no alarms", () => {
  const made = new HandMade();
  made.sends(atMs, { mty: "PI", dty: 2 });
  made.sight.sent(atMs, 0, new TextEncoder().encode("<mrq>not SIP at all"));
  expect(made.sight.alarms[0]).toEqual([]);
  expect(made.sight.lastSentMs[0]).toBe(atMs);
});

test("only snu 0 for a session that has left and was not withdrawn is an acceptance", () => {
  const made = new HandMade();
  made.sends(atMs);
  made.hears(atMs + 1, firstRef, 4);
  made.hears(atMs + 2, secondRef, 0);
  made.hears(atMs + 3, `Z${firstRef.slice(1)}`, 0);
  expect(alarmOf(made).acceptedMs).toEqual([]);
  made.hears(atMs + 4, firstRef, 0);
  made.sends(atMs + 5, { mty: "RE" });
  made.hears(atMs + 6, firstRef, 0);
  expect(alarmOf(made)).toMatchObject({ acceptedMs: [atMs + 4], acceptedRef: firstRef });
});

test("a later press is told by an update with the count, and by its first sending only", () => {
  const made = new HandMade();
  made.sends(atMs);
  const later = atMs + minuteMs;
  expect(toldSinceMs(alarmOf(made), atMs)).toBe(atMs);
  expect(toldSinceMs(alarmOf(made), later)).toBeUndefined();
  made.sends(later + 5, { mty: "IN", ite: "accepted 70 s after the press" });
  expect(toldSinceMs(alarmOf(made), later)).toBeUndefined();
  made.sends(later + 10, { mty: "IN", ite: "pressed 2 times" });
  made.sends(later + 5_000, { mty: "IN", ite: "pressed 2 times" });
  expect(toldSinceMs(alarmOf(made), later)).toBe(later + 10);
  expect(toldSinceMs(alarmOf(made), later + 20)).toBeUndefined();
});
