import { expect, test } from "vitest";
import { EventQueue } from "../core/event-queue.ts";
import { SimClock } from "../core/sim-clock.ts";
import { mrq, ReceiverBench } from "./receiver-bench.ts";
import { type Capacity, WorkQueue } from "./receiver-work.ts";

function bench(capacity: Capacity | undefined) {
  const queue = new EventQueue();
  const work = new WorkQueue(new SimClock(queue), capacity);
  const done: string[] = [];
  const enter = (name: string): void => work.enter(() => done.push(`${name} ${queue.nowMs}`));
  return { queue, work, done, enter };
}

const tenASecond: Capacity = { messagesPerThousandSeconds: 10_000, queueLimit: 3, whenFull: "busy" };

test("without a capacity everything is handled at once", () => {
  const { done, enter, work } = bench(undefined);
  enter("a");
  enter("b");
  expect(done).toEqual(["a 0", "b 0"]);
  expect(work.refusal).toBeUndefined();
});

test("one after the other is handled, in its own time; what comes later than that waits for nobody", () => {
  const { queue, done, enter } = bench(tenASecond);
  for (const name of ["a", "b", "c"]) enter(name);
  queue.runUntil(1_000);
  enter("d");
  queue.runUntil(2_000);
  expect(done).toEqual(["a 100", "b 200", "c 300", "d 1100"]);
});

test("3,000 messages a second are 3,000 in each second, though a millisecond has no third", () => {
  const { queue, done, enter } = bench({ messagesPerThousandSeconds: 3_000_000, queueLimit: 10_000, whenFull: "busy" });
  for (let i = 0; i < 6_000; i++) enter(String(i));
  queue.runUntil(1_000);
  expect(done.length).toBeGreaterThanOrEqual(2_995);
  expect(done.length).toBeLessThanOrEqual(3_005);
  queue.runUntil(2_002);
  expect(done.length).toBe(6_000);
});

test("one is in hand and as many wait as the queue holds; the next is turned away until one is done", () => {
  const { queue, work, enter } = bench(tenASecond);
  for (const name of ["a", "b", "c"]) enter(name);
  expect(work.refusal).toBeUndefined();
  enter("d");
  expect([work.count, work.refusal]).toEqual([4, "busy"]);
  queue.runUntil(100);
  expect(work.refusal).toBeUndefined();
});

test("a load slows down those who wait too, and when it is over they are handled as usual", () => {
  const { queue, work, done, enter } = bench(tenASecond);
  for (const name of ["a", "b", "c", "d"]) enter(name);
  queue.runUntil(150);
  work.load(500);
  queue.runUntil(2_200);
  expect(done).toEqual(["a 100", "b 2150"]);
  work.load(undefined);
  queue.runUntil(5_000);
  expect(done.slice(2)).toEqual(["c 2300", "d 2400"]);
});

test("a load never makes an application faster, and one without a capacity gets one by it for that time", () => {
  const { queue, work, done, enter } = bench(tenASecond);
  work.load(1_000_000);
  enter("a");
  queue.runUntil(1_000);
  expect(done).toEqual(["a 100"]);
  const other = bench(undefined);
  other.work.load(1_000);
  other.enter("b");
  other.enter("c");
  other.queue.runUntil(1_500);
  expect(other.done).toEqual(["b 1000"]);
  other.work.load(undefined);
  other.queue.runUntil(1_500);
  expect(other.done).toEqual(["b 1000", "c 1500"]);
});

test("what waits is forgotten with the application", () => {
  const { queue, work, done, enter } = bench(tenASecond);
  enter("a");
  enter("b");
  work.clear();
  queue.runUntil(1_000);
  expect([done, work.count]).toEqual([[], 0]);
  enter("c");
  queue.runUntil(2_000);
  expect(done).toEqual(["c 1100"]);
});

test("a full queue says busy in an `mrs`, or 503 at the front, as it was told", () => {
  const say = (receiver: ReceiverBench): (number | undefined)[] =>
    [1, 2, 3].map((i) => receiver.say(mrq({ ref: `B${i}`, cid: "4607110231", dty: "0002", stc: "0010" })));
  const busy = new ReceiverBench({ capacity: { ...tenASecond, queueLimit: 1 } });
  expect(say(busy)).toEqual([200, 200, 200]);
  busy.passAnswering(5_000);
  expect(
    busy
      .answers()
      .map(({ ref, snu }) => `${ref} ${snu}`)
      .sort(),
  ).toEqual(["B1 0", "B2 0", "B3 6"]);
  const refusing = new ReceiverBench({ capacity: { ...tenASecond, queueLimit: 1, whenFull: "refuse" } });
  expect(say(refusing)).toEqual([200, 200, 503]);
});
