import { expect, test } from "vitest";
import { firstKnownRefs, isOfButton, type SeenAlarm, toldSinceMs } from "./alarm-sight.ts";
import { firstRef, HandMade, minuteMs, secondRef } from "./checker-bench.ts";

const atMs = 4 * minuteMs;
const otherRef = "AB12C0000002000";

/** A message that names a key of the unit (SS 91100 annex B: button 1 and on) and no device. */
function unitKey(key: number): { readonly dty: number; readonly dco: number; readonly did: undefined } {
  return { dty: 2, dco: 2 + key, did: undefined };
}

function alarmOf(made: HandMade): SeenAlarm {
  expect(made.sight.alarms[0]).toHaveLength(1);
  return made.sight.alarms[0]?.[0] as SeenAlarm;
}

test("what a receiver with a stranger's certificate says accepts nothing over TLS, and does over mobile", () => {
  const made = new HandMade({ far: "transport: tls, certificate: foreign" });
  made.sends(atMs);
  made.hears(atMs + 100, firstRef, 0);
  expect(alarmOf(made).acceptedMs).toEqual([]);
  made.hears(atMs + 200, firstRef, 0, "mobile");
  expect(alarmOf(made).acceptedMs).toEqual([atMs + 200]);
});

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

test("an acceptance that no receiver has given is none", () => {
  const made = new HandMade();
  made.sends(atMs);
  made.hearsStranger(atMs + 100, firstRef, 0);
  expect(alarmOf(made).acceptedMs).toEqual([]);
  made.hears(atMs + 200, firstRef, 0);
  expect(alarmOf(made).acceptedMs).toEqual([atMs + 200]);
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

test("the unit's own help key is an alarm of no button", () => {
  const made = new HandMade();
  made.sends(atMs, { ...unitKey(0), stc: 10 });
  expect(alarmOf(made)).toMatchObject({ button: 0, pressedMs: atMs });
  made.hears(atMs + 100, firstRef, 0);
  expect(alarmOf(made).acceptedMs).toEqual([atMs + 100]);
});

test("a colleague who is called for is an alarm, and help that has left is none", () => {
  const made = new HandMade();
  made.sends(atMs, { ...unitKey(0), stc: 111 });
  expect(made.sight.alarms[0]).toEqual([]);
  made.sends(atMs, { ...unitKey(0), stc: 110 });
  expect(alarmOf(made).button).toBe(0);
});

test("a pulled cord is nobody's button, however short its message", () => {
  const made = new HandMade();
  made.sends(atMs, { dty: 4, did: "02000001" });
  made.sends(atMs, { ref: otherRef, dty: 4, did: undefined, ite: undefined });
  expect(made.sight.alarms[0]?.map(({ button }) => button)).toEqual([0, 0]);
});

test("a fall is of the button that felt it, of no button where a detector did, and of any where nobody says", () => {
  const made = new HandMade();
  made.sends(atMs, { dty: 5, stc: 9, did: made.did(2) });
  made.sends(atMs, { ref: otherRef, dty: 5, stc: 9, did: "02000001" });
  made.sends(atMs, { ref: `AB12C0000003000`, dty: 5, stc: 9, did: undefined, ite: undefined });
  expect(made.sight.alarms[0]?.map(({ button }) => button)).toEqual([2, 0, undefined]);
});

test("two cords and two keys at one instant are four sources", () => {
  const made = new HandMade();
  made.sends(atMs, { dty: 4, did: "02000001" });
  made.sends(atMs, { ref: otherRef, dty: 4, did: "02000002" });
  made.sends(atMs, { ref: `AB12C0000003000`, ...unitKey(0), stc: 10 });
  made.sends(atMs, { ref: `AB12C0000004000`, ...unitKey(1), stc: 10 });
  expect(new Set(made.sight.alarms[0]?.map(({ source }) => source)).size).toBe(4);
});

test("what a button tells of its battery, and smoke, are no calls for help", () => {
  const made = new HandMade();
  made.sends(atMs, { stc: 16 });
  made.sends(atMs, { ref: otherRef, dty: 23, stc: 9, did: "02000001" });
  expect(made.sight.alarms[0]).toEqual([]);
});

test("heartbeats and technical reports are no alarms", () => {
  const made = new HandMade();
  made.sends(atMs, { mty: "PI", dty: 2 });
  made.sends(atMs, { dty: 2, stc: 96, did: undefined, ite: "at 2026-01-14T05:04:00Z" });
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
  expect(alarmOf(made)).toMatchObject({ acceptedMs: [atMs + 4], acceptedRefs: new Set([firstRef]) });
});

test("an acceptance is known to the unit once it has answered it by SIP, also one that came again after the withdrawal", () => {
  const made = new HandMade();
  made.sends(atMs);
  made.acknowledges(atMs + 1, firstRef);
  made.hears(atMs + 2, firstRef, 0);
  expect(alarmOf(made).knownRefs.size).toBe(0);
  made.sends(atMs + 3, { mty: "RE" });
  made.hears(atMs + 4, firstRef, 0);
  made.acknowledges(atMs + 5, firstRef);
  expect(alarmOf(made).knownRefs).toEqual(new Set([firstRef]));
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

test("a time by the unit's own clock is nobody's once the unit has been restarted: it may be of an earlier life", () => {
  const made = new HandMade();
  made.sends(atMs, { ite: "pressed T+100s" });
  made.sight.started(atMs + 30_000, 0);
  made.sends(atMs + 60_000, { ref: "AB12C0000002000", ite: "pressed T+100s" });
  expect(made.sight.alarms[0]?.map(({ pressedMs }) => pressedMs)).toEqual([160_000, undefined]);
});

test("which acceptance a unit read first is open where one came before another was acknowledged, and told by that where not", () => {
  const first = (cameMs: number): readonly string[] => {
    const made = new HandMade();
    made.sends(atMs);
    made.sends(atMs, { ref: secondRef });
    const later = (): void => {
      made.hears(atMs + cameMs, firstRef, 0);
    };
    if (cameMs < 100) later();
    made.hears(atMs + 100, secondRef, 0);
    made.acknowledges(atMs + 101, secondRef);
    if (cameMs >= 100) later();
    made.hears(atMs + 300, firstRef, 0);
    made.acknowledges(atMs + 301, firstRef);
    return firstKnownRefs(alarmOf(made));
  };
  expect(first(50)).toEqual([secondRef, firstRef]);
  expect(first(200)).toEqual([secondRef]);
  expect(firstKnownRefs(alarmOf(madeWithOne()))).toEqual([]);
});

function madeWithOne(): HandMade {
  const made = new HandMade();
  made.sends(atMs);
  made.hears(atMs + 1, firstRef, 0);
  return made;
}
