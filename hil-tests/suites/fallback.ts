/** Every way in which the first choice can fail, and that an alarm goes another way or waits until there is one. */
import assert from "node:assert/strict";
import type { ReceiverMode } from "../../simulator/peers/receiver-modes.ts";
import type { HilCase } from "../run/case.ts";
import type { Subject } from "../strategy/subject.ts";
import { acceptanceOf, acceptedPress, assertOneCase, seesAccepted } from "./alarms.ts";
import { unitCase } from "./unit-case.ts";

/** A second receiver is asked 5 s after the first; what it takes to be heard and answered is added. */
const secondMs = 20_000;
const otherRouteMs = 30_000;
/** A round over all ways is made anew at the latest so long after the cable is back. */
const againMs = 60_000;
const cableOutMs = 8_000;

/** How the first receiver fails, each with what it looks like. Those that are quick to tell apart are always run. */
const failures: readonly { readonly mode: ReceiverMode; readonly looks: string; readonly isNightly: boolean }[] = [
  { mode: "silent-after-200", looks: "says 200 and nothing more", isNightly: false },
  { mode: "sip-503", looks: "says 503", isNightly: false },
  { mode: "silent-open", looks: "hears and says nothing", isNightly: true },
  { mode: "refuse-connect", looks: "has its ports closed", isNightly: true },
  { mode: "reject", looks: "does not treat the alarm", isNightly: true },
  { mode: "busy", looks: "is busy", isNightly: true },
  { mode: "wrong-ref", looks: "accepts what nobody sent", isNightly: true },
  { mode: "sip-403", looks: "says 403", isNightly: true },
  { mode: "sip-500", looks: "says 500", isNightly: true },
  { mode: "dies", looks: "says 200 once and is gone", isNightly: true },
];

const receiverCases = failures.map(({ mode, looks, isNightly }) =>
  unitCase({
    suite: "fallback",
    name: `first-${mode}`,
    proves: `a press is accepted by the second receiver where the first ${looks}`,
    needs: ["press", "second-receiver"],
    start: "online",
    isNightly,
    run: async (subject, { measure }) => {
      await subject.receiver(1).setMode(mode);
      const alarm = await acceptedPress(subject, secondMs);
      assert.equal(alarm.receiver, 2);
      measure({ name: `press to accepted, first receiver ${mode}`, value: alarm.afterMs, unit: "ms", most: secondMs });
      assertOneCase(subject, alarm);
    },
  }),
);

export const fallbackCases: readonly HilCase<Subject>[] = [
  ...receiverCases,
  unitCase({
    suite: "fallback",
    name: "cable-out",
    proves: "a press that finds its only network gone is kept, and accepted once the cable is back",
    needs: ["press", "receiver", "network"],
    start: "online",
    run: async (subject, { measure }) => {
      const cable = subject.of("network");
      await cable.set(false);
      const pressedMs = await subject.press();
      await subject.unit.expect("log", { what: "stored" }, 10_000);
      await subject.bench.sleep(cableOutMs);
      assert.equal((await subject.unit.ask({ type: "status" }, "answer", 3_000)).pending, 1);
      await cable.set(true);
      const backMs = subject.bench.nowMs();
      const alarm = await acceptanceOf(subject, pressedMs, againMs);
      const waited = Math.round(pressedMs + alarm.afterMs - backMs);
      measure({ name: "cable back to accepted", value: waited, unit: "ms", most: againMs });
      assertOneCase(subject, alarm);
    },
  }),
  unitCase({
    suite: "fallback",
    name: "broadband-to-mobile",
    proves: "a press goes over the mobile network where the cable is out",
    needs: ["press", "receiver", "network", "sim"],
    start: "online",
    wanted: { settings: { policy: "broadband-first" } },
    isNightly: true,
    run: async (subject, { measure }) => {
      await subject.of("network").set(false);
      const alarm = await acceptedPress(subject, otherRouteMs);
      assert.equal(alarm.route, "mobile");
      measure({ name: "press to accepted over mobile", value: alarm.afterMs, unit: "ms", most: otherRouteMs });
      await seesAccepted(subject, alarm.pressedMs);
    },
  }),
  unitCase({
    suite: "fallback",
    name: "mobile-to-broadband",
    proves: "a press goes over broadband where the SIM is out, though mobile is the first choice",
    needs: ["press", "receiver", "network", "sim"],
    start: "online",
    wanted: { settings: { policy: "mobile-first" } },
    isNightly: true,
    run: async (subject, { measure }) => {
      await subject.of("sim").set(false);
      const alarm = await acceptedPress(subject, otherRouteMs);
      assert.equal(alarm.route, "broadband");
      measure({ name: "press to accepted over broadband", value: alarm.afterMs, unit: "ms", most: otherRouteMs });
    },
  }),
];
