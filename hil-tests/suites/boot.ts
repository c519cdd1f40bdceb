/** What a unit does when it gets power: who it says it is, on which of its supplies it lives, and what it still knows. */
import assert from "node:assert/strict";
import { comparable, differences } from "../../tools/provision/settings-file.ts";
import type { HilCase } from "../run/case.ts";
import { standingOf } from "../strategy/standing.ts";
import type { Subject } from "../strategy/subject.ts";
import { unitCase } from "./unit-case.ts";

const bootMs = 20_000;

async function starts(subject: Subject, moves: "mains" | "battery"): Promise<number> {
  const fromMs = subject.bench.nowMs();
  await subject.strategy.power(moves, true);
  return Math.round(subject.bench.nowMs() - fromMs);
}

export const bootCases: readonly HilCase<Subject>[] = [
  ...(["mains", "battery"] as const).map((moves) =>
    unitCase({
      suite: "boot",
      name: `on-${moves}`,
      proves: `a unit without any power starts on its ${moves} alone, and says first of all that it has started`,
      needs: ["mains", "battery"],
      start: "off",
      run: async (subject, { measure }) => {
        measure({ name: `${moves} to open line`, value: await starts(subject, moves), unit: "ms", most: bootMs });
        const { version } = await subject.unit.ask({ type: "hello" }, "identity", 3_000);
        assert.notEqual(version, "");
      },
    }),
  ),
  unitCase({
    suite: "boot",
    name: "keeps",
    proves: "a unit that was without power has the same settings, buttons and life as before",
    needs: ["mains", "battery", "button"],
    start: "online",
    run: async ({ strategy, unit }) => {
      const before = await unit.withLink(standingOf);
      await strategy.powerOff();
      await strategy.powerOn();
      const after = await unit.withLink(standingOf);
      assert.deepEqual(differences(comparable(before.settings), comparable(after.settings)), []);
      assert.deepEqual(after.devices.map(identity), before.devices.map(identity));
      assert.equal(after.life, before.life);
    },
  }),
];

function identity({ did, person, state }: { did: string; person: number; state: string }): readonly unknown[] {
  return [did, person, state];
}
