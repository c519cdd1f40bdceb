/** `trace.json` in the Trace Event Format: what a viewer needs of each event, and its bound. */
import { expect, test } from "vitest";
import { playSmall } from "../play-bench.ts";
import { judgeRun } from "../report/expectations.ts";
import { sampleRun } from "../report/sample-run.ts";
import { traceJson } from "./spans.ts";

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

const read = (text: string) =>
  JSON.parse(text) as { readonly traceEvents: Event[]; readonly otherData: { readonly leftOut: number } };

async function smallTrace(): Promise<Event[]> {
  const run = await playSmall({
    receivers: ["primary", "secondary"],
    faults: ["receiver: primary, fault: silent-after-200, from: 3m, to: 6m"],
  });
  return read(traceJson(run)).traceEvents;
}

test("an alarm is a span on its unit's track from press to acceptance, its waits follow each other inside, its hops are marks", async () => {
  const events = await smallTrace();
  const unit = events.find(({ name, args }) => name === "process_name" && args?.["name"] === "u")?.pid;
  const own = events.filter(({ pid }) => pid === unit);
  const spans = own.filter(({ ph }) => ph === "b" || ph === "e");
  expect(spans.map(({ ph, name }) => `${ph} ${name.replace(/\w{12}$/, "STEM")}`)).toEqual([
    "b alarm STEM",
    "b to the unit",
    "e to the unit",
    "b until it is sent",
    "e until it is sent",
    "b until a receiver has it",
    "e until a receiver has it",
    "b until it is accepted",
    "e until it is accepted",
    "e alarm STEM",
  ]);
  const times = spans.map(({ ts }) => ts as number);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBe(240_000_000);
  expect(spans[0]?.args).toMatchObject({ acceptedBy: "secondary", accepted: true });
  const threads = new Map(
    own.filter(({ name }) => name === "thread_name").map(({ tid, args }) => [tid, args?.["name"]]),
  );
  const marks = own.filter(({ ph }) => ph === "i").map(({ name, tid }) => `${threads.get(tid)}: ${name}`);
  expect(marks).toEqual(expect.arrayContaining(["button: pressed", "unit: stored", "receiver: accepted snu 0"]));
});

test("faults stand as spans above, what the monitor said as marks, and pending alarms as a number", async () => {
  const world = (await smallTrace()).filter(({ pid }) => pid === 1);
  expect(world).toContainEqual(
    expect.objectContaining({ ph: "X", name: "receiver primary: silent-after-200", ts: 180_000_000, dur: 180_000_000 }),
  );
  expect(world.some(({ ph, name }) => ph === "i" && name === "server primary: suspected")).toBe(true);
  expect(world.filter(({ ph }) => ph === "C").map(({ args }) => args?.["count"])).toEqual([0, 1, 0]);
});

test("no wait begins before the one before it, also where a press joined a message that had left already", async () => {
  const run = await playSmall({});
  const [press] = run.presses;
  const joined = { ...run, presses: [{ ...press, sentMs: 239_000, carriedMs: 239_500 } as (typeof run.presses)[0]] };
  const spans = read(traceJson(joined)).traceEvents.filter(({ ph }) => ph === "b" || ph === "e");
  const times = spans.map(({ ts }) => ts as number);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test("beyond its bound a trace keeps whole alarms only, late ones first, and says how many events are left out", () => {
  const run = judgeRun({ expectations: [] } as never, sampleRun());
  const whole = read(traceJson(run));
  expect(whole.otherData.leftOut).toBe(0);
  const bounded = read(traceJson(run, 4_000));
  expect(bounded.traceEvents.length).toBeLessThanOrEqual(4_000);
  expect(bounded.otherData.leftOut).toBe(whole.traceEvents.length - bounded.traceEvents.length);
  const open = (ph: string): number => bounded.traceEvents.filter((event) => event.ph === ph).length;
  expect(open("b")).toBe(open("e"));
  expect(bounded.traceEvents.find(({ ph }) => ph === "b")?.args).toMatchObject({ attempts: expect.any(Number) });
  const first = bounded.traceEvents.find(({ ph }) => ph === "b") as Event;
  const end = bounded.traceEvents.find(({ ph, id }) => ph === "e" && id === first.id) as Event;
  const last = bounded.traceEvents.findLast(({ ph, name, id }) => ph === "e" && id === first.id && name === first.name);
  expect(end).toBeDefined();
  expect((last?.ts as number) - (first.ts as number)).toBeGreaterThan(60_000_000);
});
