import { expect, test } from "vitest";
import { EventQueue } from "./core/event-queue.ts";
import { playSmall } from "./play-bench.ts";
import { fromSwedish } from "./scenario/scenario-clock.ts";
import { planShifts } from "./world-shifts.ts";

const hourMs = 3_600_000;

function shiftsFrom(startWallMs: number, hours: number): readonly string[] {
  const queue = new EventQueue();
  const seen: string[] = [];
  const operators = {
    count: 1,
    voice: "answers" as const,
    talkMs: 20_000,
    shifts: [
      { fromMinute: 7 * 60, toMinute: 16 * 60, count: 5 },
      { fromMinute: 16 * 60, toMinute: 24 * 60, count: 3 },
    ],
  };
  planShifts(queue, startWallMs, operators, (count) => seen.push(`${queue.nowMs / hourMs}h ${count}`));
  queue.runUntil(hours * hourMs);
  return seen;
}

test("so many are there as the hour's shift says, and at other hours as many as were named", () => {
  const sixOClock = fromSwedish(2026, 1, 14, 6, 0) ?? 0;
  expect(shiftsFrom(sixOClock, 30)).toEqual(["0h 1", "1h 5", "10h 3", "18h 1", "25h 5"]);
});

test("shifts follow the clock on the wall when summer time begins", () => {
  const evening = fromSwedish(2026, 3, 28, 23, 0) ?? 0;
  expect(shiftsFrom(evening, 12)).toEqual(["0h 3", "1h 1", "7h 5"]);
});

test("at hours at which nobody is there a call meets a busy line, and the alarm is accepted all the same", async () => {
  const calls = async (shift: string): Promise<readonly object[]> => {
    const seen: object[] = [];
    await playSmall(
      {
        home: "policy: broadband-only, broadband: fibre, telephone: sip",
        far: `call: { mre: 1 }, operators: { count: 1, shifts: [${shift}] }`,
      },
      1,
      undefined,
      (world) => (world.telephony.onCall = (_receiver, news) => seen.push(news)),
    );
    return seen;
  };
  const whatIn = (news: readonly object[]): readonly string[] => news.map((one) => (one as { what: string }).what);
  expect(whatIn(await calls("{ hours: 08:00-09:00, count: 4 }"))).toContain("answered");
  const alone = whatIn(await calls("{ hours: 05:00-08:00, count: 0 }"));
  expect(alone).toContain("engaged");
  expect(alone).not.toContain("answered");
});
