/** A press on a button that is at home, with everything in order. */
import assert from "node:assert/strict";
import type { HilCase } from "../run/case.ts";
import type { Subject } from "../strategy/subject.ts";
import { acceptanceOf, acceptedPress, assertOneCase, heardCall, isCall, seesAccepted } from "./alarms.ts";
import { unitCase } from "./unit-case.ts";

/** Everything in order, a press is accepted within 10 s; three times a second is what people do in fear. */
const acceptedMs = 10_000;
const quietMs = 2_000;

export const pressCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "press",
    name: "accepted",
    proves:
      "one press is stored, carried and accepted in this order, is one case at the receiver, and the button shows it",
    needs: ["press", "receiver"],
    start: "online",
    run: async (subject, { measure }) => {
      const alarm = await acceptedPress(subject, acceptedMs);
      const steps = subject.unit.heard.flatMap(({ event, hostMs }) =>
        event.type === "log" && event.number === alarm.number && hostMs >= alarm.pressedMs ? [event.what] : [],
      );
      assert.deepEqual(steps.slice(0, 3), ["stored", "carried", "accepted"]);
      assert.equal(alarm.receiver, 1);
      measure({ name: "press to accepted", value: alarm.afterMs, unit: "ms", most: acceptedMs });
      assertOneCase(subject, alarm);
      await seesAccepted(subject, alarm.pressedMs);
      const { pending } = await subject.unit.ask({ type: "status" }, "answer", 3_000);
      assert.equal(pending, 0);
    },
  }),
  unitCase({
    suite: "press",
    name: "help-key",
    proves: "the help key on the unit itself calls for help as a button does",
    needs: ["help-key", "receiver"],
    start: "online",
    run: async (subject) => {
      const alarm = await acceptanceOf(subject, await subject.pressKey(), acceptedMs);
      assertOneCase(subject, alarm);
    },
  }),
  unitCase({
    suite: "press",
    name: "in-fear",
    proves: "three presses within two seconds are one case, and its count says three",
    needs: ["press", "receiver"],
    start: "online",
    run: async (subject) => {
      const alarm = await acceptedPress(subject, acceptedMs);
      for (const _ of [2, 3]) {
        await subject.bench.sleep(500);
        await subject.press();
      }
      const told = (ite: string | undefined): boolean => ite?.includes("pressed 3 times") === true;
      await heardCall(subject, alarm.pressedMs, acceptedMs, ({ type, ite }) => type === "update" && told(ite));
      assertOneCase(subject, alarm);
    },
  }),
  unitCase({
    suite: "press",
    name: "locked-line",
    proves: "a unit whose service line is locked takes a press all the same, and tells the line nothing of it",
    needs: ["press", "receiver"],
    start: "online",
    run: async (subject) => {
      const { unit, bench } = subject;
      await unit.ask({ type: "lock" }, "locked", 3_000);
      const pressedMs = await subject.press();
      await heardCall(subject, pressedMs, acceptedMs, (event) => isCall(event) && event.answer === "snu 0");
      await seesAccepted(subject, pressedMs);
      await bench.sleep(quietMs);
      const said = unit.heard.filter(({ event, hostMs }) => event.type === "log" && hostMs >= pressedMs);
      assert.deepEqual(said, []);
    },
  }),
];
