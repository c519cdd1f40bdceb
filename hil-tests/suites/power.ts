/** Mains and battery: what a unit does without one of them, and whom it tells. */
import assert from "node:assert/strict";
import { checksOf, reasonsOf } from "../../tools/provision/unit-watch.ts";
import type { HilCase } from "../run/case.ts";
import type { Subject } from "../strategy/subject.ts";
import { acceptedPress } from "./alarms.ts";
import { unitCase } from "./unit-case.ts";

/** A sign at the unit within 10 s. */
const signMs = 10_000;
const acceptedMs = 10_000;

export const batteryCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "battery",
    name: "carries",
    proves: "a unit without mains lives on its battery without a restart, and a press is accepted",
    needs: ["mains", "battery", "press", "receiver"],
    start: "online",
    run: async (subject, { measure }) => {
      const { unit } = subject;
      await subject.of("mains").set(false);
      const alarm = await acceptedPress(subject, acceptedMs);
      measure({ name: "press to accepted on battery", value: alarm.afterMs, unit: "ms", most: acceptedMs });
      const reasons = await unit.withLink(reasonsOf);
      assert.ok(
        reasons.some(({ what }) => what === "mains-lost"),
        "the unit does not know that its mains is lost",
      );
      await subject.of("mains").set(true);
    },
  }),
  unitCase({
    suite: "battery",
    name: "missing",
    proves: "a self-check finds that the battery is not connected, and that it is again",
    needs: ["mains", "battery"],
    start: "online",
    isNightly: true,
    run: async (subject) => {
      const { unit } = subject;
      const battery = subject.of("battery");
      await battery.set(false);
      assert.equal(await checkOf("battery", unit), "failed");
      await battery.set(true);
      assert.equal(await checkOf("battery", unit), "passed");
    },
  }),
];

export const mainsCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "mains",
    name: "lost-said",
    proves: "the unit says aloud within ten seconds that its mains is lost",
    needs: ["mains", "battery", "voice"],
    start: "online",
    run: async (subject) => {
      const fromMs = subject.bench.nowMs();
      await subject.of("mains").set(false);
      await subject.sensor(subject.unit.name, "voice")?.expect(/./, signMs, fromMs);
      await subject.of("mains").set(true);
    },
  }),
];

async function checkOf(part: string, unit: Subject["unit"]): Promise<string> {
  const found = await unit.withLink(checksOf);
  return found.find((check) => check.part === part)?.result ?? "not checked";
}
