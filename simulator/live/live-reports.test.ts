/** The alarm machine's steps as news, played with the machine itself. */
import { expect, test } from "vitest";
import { startAlarms, stepAlarms } from "../../firmware/alarm/alarm-machine.ts";
import type { AlarmEffect, AlarmEvent, AlarmPlan } from "../../firmware/alarm/alarm-state.ts";
import { noOrigin } from "../../firmware/alarm/facts.ts";
import { LiveReports, type ReportNews, tryLimit } from "./live-reports.ts";

const prefix = "Q4T8A";
const plan: AlarmPlan = {
  receiverCount: 2,
  routes: ["broadband"],
  staggerMs: 5_000,
  preAlarmMs: 0,
  fallDelayMs: 0,
  testReceiver: -1,
};
const press = {
  type: "pressed",
  number: 64,
  bond: 0,
  did: "01000000",
  name: 1,
  counter: 1,
  ageS: 0,
  presses: 1,
  reason: "call",
  origin: noOrigin,
} as const;

class Talk {
  readonly news: ReportNews[] = [];
  readonly reports = new LiveReports(prefix, (news) => this.news.push(news));
  private state = startAlarms(plan, "broadband", 7);

  step(event: AlarmEvent): readonly AlarmEffect[] {
    const next = stepAlarms(this.state, event);
    this.state = next.state;
    this.reports.step(event.nowMs, event, next.effects);
    return next.effects;
  }

  press(nowMs: number): number {
    return attemptIn(this.step({ ...press, nowMs }));
  }

  answer(nowMs: number, receiver: number, part: number, snu: number): readonly AlarmEffect[] {
    return this.step({ type: "answered", nowMs, receiver, route: "broadband", number: 64, part, snu });
  }
}

function attemptIn(effects: readonly AlarmEffect[]): number {
  for (const effect of effects) if (effect.type === "send") return effect.attempt.id;
  throw new Error("nothing was sent");
}

test("a press is followed from the flash to its acceptance by the second receiver, under the references they saw", () => {
  const talk = new Talk();
  talk.step({ type: "carried", nowMs: 1_020, attempt: talk.press(1_000) });
  const second = attemptIn(talk.answer(1_100, 0, 0, 2));
  talk.step({ type: "carried", nowMs: 1_150, attempt: second });
  talk.answer(1_300, 1, 1, 0);
  const stem = "Q4T8A000001S";
  const first = { ref: `${stem}000`, route: "broadband", receiver: 1, attempt: 1 };
  const other = { ref: `${stem}001`, route: "broadband", receiver: 2, attempt: 2 };
  const untold = { ref: null, route: null, receiver: null, attempt: null };
  expect(talk.news).toEqual([
    { type: "stored", ofPress: true, t: 1_000, stem, ...untold },
    { type: "sent", ofPress: true, t: 1_000, stem, ...first },
    { type: "carried", ofPress: true, t: 1_020, stem, ...first },
    { type: "refused", ofPress: true, t: 1_100, stem, ...first },
    { type: "sent", ofPress: true, t: 1_100, stem, ...other },
    { type: "carried", ofPress: true, t: 1_150, stem, ...other },
    { type: "accepted", ofPress: true, t: 1_300, stem, ...other },
  ]);
});

test("a path that fails is given up under its own try", () => {
  const talk = new Talk();
  talk.step({ type: "failed", nowMs: 1_050, attempt: talk.press(1_000), reason: "unauthorised" });
  expect(talk.news[2]).toMatchObject({ type: "gave-up-path", receiver: 1, attempt: 1 });
  expect(talk.news[3]).toMatchObject({ type: "sent", receiver: 2, attempt: 2 });
});

test("what the unit itself has to tell is no press, and a withdrawal is no try", () => {
  const talk = new Talk();
  const order = { kind: "technical", dty: 2, stc: 96, did: "", stt: "", bond: -1, spreadMs: 0, restores: -1 } as const;
  talk.step({ type: "raised", nowMs: 5, number: 65, order, ageS: 0, origin: noOrigin, call: undefined });
  expect(talk.news).toMatchObject([{ type: "stored", ofPress: false, stem: "Q4T8A000001T" }]);
  talk.press(1_000);
  talk.step({ type: "due", nowMs: 6_000, number: 66 });
  talk.answer(6_100, 1, 1, 0);
  const withdrawal = attemptIn(talk.step({ type: "due", nowMs: 6_200, number: 67 }));
  const before = talk.news.length;
  talk.step({ type: "carried", nowMs: 6_250, attempt: withdrawal });
  expect(talk.news.length).toBe(before);
  talk.answer(6_400, 0, 0, 0);
  expect(talk.news.at(-1)).toMatchObject({ type: "withdrawn", ofPress: true, ref: "Q4T8A000001S000", attempt: null });
});

test("no more tries are remembered than the limit says", () => {
  const talk = new Talk();
  const effects = stepAlarms(startAlarms(plan, "broadband", 7), { ...press, nowMs: 0 }).effects;
  const sent = effects.find((effect) => effect.type === "send");
  if (sent?.type !== "send") throw new Error("nothing was sent");
  for (let id = 1; id <= tryLimit + 1; id++) {
    talk.reports.step(id, { type: "path-back", nowMs: id }, [{ ...sent, attempt: { ...sent.attempt, id } }]);
  }
  const before = talk.news.length;
  talk.reports.step(100, { type: "carried", nowMs: 100, attempt: 1 }, []);
  expect(talk.news.length).toBe(before);
  talk.reports.step(100, { type: "carried", nowMs: 100, attempt: 2 }, []);
  expect(talk.news.at(-1)).toMatchObject({ type: "carried", attempt: 2 });
});
