/** A button and a unit find each other, and only when somebody wants it. */
import assert from "node:assert/strict";
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { addressText } from "../../tools/provision/label-code.ts";
import { devicesOf } from "../../tools/provision/unit-watch.ts";
import type { HilCase } from "../run/case.ts";
import type { Subject } from "../strategy/subject.ts";
import { heardCall, isCall, isOfPress } from "./alarms.ts";
import { unitCase } from "./unit-case.ts";

const holdMs = 10_500;
const acceptedMs = 10_000;
const quietMs = 8_000;

export const pairingCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "pairing",
    name: "joined",
    proves: "a button that is held while its label opens the window joins the unit, and its press is a call for help",
    needs: ["button", "press", "receiver"],
    start: "provisioned",
    run: async (subject) => {
      await subject.strategy.to("online");
      const [device, ...others] = await subject.unit.withLink(devicesOf);
      const label = subject.buttons[0]?.label;
      assert.equal(device?.did, label === undefined ? "" : addressText(label.address));
      assert.deepEqual(others, []);
      // As an update, where the unit has heard of the hold as of a press.
      const pressedMs = await subject.press();
      const isAccepted = (event: ReceiverEvent): boolean => isOfPress(event) && event.answer === "snu 0";
      await heardCall(subject, pressedMs, acceptedMs, isAccepted);
    },
  }),
  unitCase({
    suite: "pairing",
    name: "window-shut",
    proves: "a button that is held while nobody has opened the window does not join",
    needs: ["button", "press", "receiver"],
    start: "provisioned",
    isNightly: true,
    run: async (subject) => {
      await subject.ofButton("press").pulse(holdMs);
      await subject.bench.sleep(quietMs);
      assert.deepEqual(await subject.unit.withLink(devicesOf), []);
    },
  }),
  unitCase({
    suite: "pairing",
    name: "taken-out",
    proves: "a button that was taken out of the unit calls nobody any more",
    needs: ["button", "press", "receiver"],
    start: "online",
    isNightly: true,
    run: async (subject) => {
      const { unit, strategy } = subject;
      const [device] = await unit.withLink(devicesOf);
      await unit.order({ type: "revoke", place: device?.place ?? 0 }, 3_000);
      const pressedMs = await subject.press();
      await assert.rejects(heardCall(subject, pressedMs, quietMs, isCall), { name: "ExpectError" });
      // A table with a button that was taken out would be full one night.
      await strategy.to("provisioned");
    },
  }),
];
