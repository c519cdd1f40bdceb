/** What a unit says aloud, as an ear on the bench hears it. */
import type { HilCase } from "../run/case.ts";
import type { Subject } from "../strategy/subject.ts";
import { unitCase } from "./unit-case.ts";

const spokenMs = 10_000;

export const voiceCases: readonly HilCase<Subject>[] = (["query", "press-ask"] as const).map((order) =>
  unitCase({
    suite: "voice",
    name: order,
    proves:
      order === "query"
        ? "a unit that is asked how it is says so aloud"
        : "a unit asks aloud for the monthly test press",
    needs: ["voice"],
    start: "online",
    run: async (subject, { note }) => {
      const { bench, unit } = subject;
      const fromMs = bench.nowMs();
      await unit.order({ type: order }, 3_000);
      const said = await subject.sensor(unit.name, "voice")?.expect(/./, spokenMs, fromMs);
      note(said?.text ?? "");
    },
  }),
);
