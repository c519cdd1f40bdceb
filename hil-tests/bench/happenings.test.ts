import { expect, test } from "vitest";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { benchClock } from "../device/device-bench.ts";
import { ExpectError, Happenings, keptLimit } from "./happenings.ts";

interface Sight {
  readonly text: string;
  readonly hostMs: number;
}

function bench() {
  const queue = new EventQueue();
  const sights = new Happenings<Sight>("sensor of button-1", benchClock(queue), ({ text }) => text);
  const see = (text: string): void => sights.add({ text, hostMs: queue.nowMs });
  return { queue, sights, see };
}

const isSent = ({ text }: Sight): boolean => text === "sent";

test("what came before counts from the instant that is asked about, and what comes later until the deadline", async () => {
  const { queue, sights, see } = bench();
  see("sent");
  expect(await sights.expect("sent", isSent, 100)).toEqual({ text: "sent", hostMs: 0 });
  queue.runUntil(50);
  const later = sights.expect("sent", isSent, 100, 50);
  queue.runUntil(149);
  see("sent");
  expect(await later).toEqual({ text: "sent", hostMs: 149 });
});

test("what does not come is told with what came last, and everybody who waits is told when it is over", async () => {
  const { queue, sights, see } = bench();
  see("received");
  const late = sights.expect("sent", isSent, 100).catch((thrown: unknown) => thrown);
  const over = sights.expect("sent", isSent, 200).catch((thrown: unknown) => thrown);
  queue.runUntil(100);
  expect(await late).toMatchObject({
    message: "sensor of button-1: expected sent within 100 ms\n  last heard:\n    +0 ms received",
  });
  sights.close();
  expect(await over).toBeInstanceOf(ExpectError);
});

test("more than is kept pushes the oldest out", () => {
  const { sights, see } = bench();
  for (let i = 0; i <= keptLimit; i++) see(String(i));
  expect([sights.all.length, sights.all[0]?.text]).toEqual([keptLimit, "1"]);
});
