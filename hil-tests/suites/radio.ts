/** The radio between button and unit: how much of it is left, and what becomes of a press that nobody can hear. */
import assert from "node:assert/strict";
import { walkRoom } from "../../tools/provision/walk.ts";
import type { HilCase } from "../run/case.ts";
import type { Subject } from "../strategy/subject.ts";
import { acceptanceOf, assertOneCase } from "./alarms.ts";
import { unitCase } from "./unit-case.ts";

const wallsDb = 20;
/** What an attenuator and a received strength may be off, together. */
const toleranceDb = 8;
const outOfRangeDb = 120;
const awayMs = 4_000;
/** The sixth copy of a press leaves after 15 s, the seventh after 30 s (radio 9); the way to the receiver is added. */
const backMs = 60_000;
const walkMs = 20_000;
/** A press joins one that is still on its way. */
const apartMs = 5_000;

/** The margin of one press, in dB. */
async function marginOf(subject: Subject, where: string): Promise<number> {
  const say = (text: string): void => {
    if (text.includes("press the button")) void subject.press();
  };
  const desk = { say, ask: () => Promise.resolve(""), close: () => {} };
  const walk = { desk, place: 0, word: where, name: where, presses: 1, patienceMs: walkMs };
  const { margin, presses } = await subject.unit.withLink((link) => walkRoom({ link, ...walk }));
  assert.ok(presses > 0, `no press was heard from ${where}`);
  return margin;
}

export const radioCases: readonly HilCase<Subject>[] = [
  unitCase({
    suite: "radio",
    name: "margin",
    proves: "a walk with the button measures a wall in the way as what it takes of the signal, and raises no alarm",
    needs: ["press", "attenuation"],
    start: "online",
    run: async (subject, { measure }) => {
      const near = await marginOf(subject, "near");
      await subject.bench.sleep(apartMs);
      await subject.ofButton("attenuation").set(wallsDb);
      const far = await marginOf(subject, "far");
      const least = wallsDb - toleranceDb;
      measure({
        name: `loss of ${wallsDb} dB as measured`,
        value: near - far,
        unit: "dB",
        least,
        most: wallsDb + toleranceDb,
      });
      const { pending } = await subject.unit.ask({ type: "status" }, "answer", 3_000);
      assert.equal(pending, 0);
    },
  }),
  unitCase({
    suite: "radio",
    name: "out-of-range",
    proves: "a press far from home is heard, and is one case, as soon as the button is in range again",
    needs: ["press", "attenuation", "receiver"],
    start: "online",
    run: async (subject, { measure }) => {
      const walls = subject.ofButton("attenuation");
      await walls.set(outOfRangeDb);
      const pressedMs = await subject.press();
      await subject.unit.expectNone("log", { what: "stored" }, awayMs);
      await walls.set(0);
      const homeMs = subject.bench.nowMs();
      const alarm = await acceptanceOf(subject, pressedMs, backMs);
      measure({
        name: "home to accepted",
        value: Math.round(pressedMs + alarm.afterMs - homeMs),
        unit: "ms",
        most: backMs,
      });
      assertOneCase(subject, alarm);
    },
  }),
];
