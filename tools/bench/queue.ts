/** Bench `queue`: the hold model (take the first, plan another after a drawn delay) on our event queue and on public ones. */
import FakeTimers from "@sinonjs/fake-timers";
import FlatQueue from "flatqueue";
import { Heap } from "heap-js";
import TinyQueue from "tinyqueue";
import { EventQueue, type Handle } from "../../simulator/core/event-queue.ts";
import { Stream } from "../../simulator/core/prng.ts";
import { bytesPerRun } from "./allocation.ts";
import { median, type Timing } from "./measure.ts";
import { figure, type Table } from "./table.ts";

export interface QueueBench {
  readonly bench: "queue";
  readonly sizes: readonly SizeFigures[];
}

export interface SizeFigures {
  readonly pending: number;
  readonly queues: readonly QueueFigures[];
}

/** Holds per second over all rounds. */
export interface QueueFigures {
  readonly name: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** How many times as many ours does: the median of the rounds' own ratios. */
  readonly ratio: number;
  /** Bytes that one takes from the heap once the queue has been filled; the median of the rounds. */
  readonly bytesPerEvent: number;
}

/** A queue with so many pending; `hold` does at least so many and answers how many they were. */
interface Player {
  hold(times: number): number;
}

interface Contender {
  readonly name: string;
  readonly fill: (pending: number) => Player;
}

export const queueSizes: readonly number[] = [1_000, 10_000, 100_000, 1_000_000];
const chunk = 4096;
/** How many a run of the count of bytes is, so that what measuring takes is little beside it. */
const counted = 64;
/** From this size on the same is also played as queues of `town` each, one after the other for a while, as a fleet is. */
const fleetPending = 1_000_000;
const town = 1_000;
const seed = 1;

/** As in a fleet: half are answers of networks (20 ms to 1 s), half are beats (180 s, a tenth more or less). */
const meanDelayMs = 90_000;
const delays = new Uint32Array(1 << 16);
const mask = delays.length - 1;

const contenders: readonly Contender[] = [
  { name: "ours", fill: fillPlans },
  { name: "ours, with a handle", fill: fillHandles },
  { name: "flatqueue", fill: fillFlat },
  { name: "tinyqueue", fill: fillTiny },
  { name: "heap-js", fill: fillHeap },
  { name: "fake-timers", fill: fillTimers },
];

const townContenders: readonly Contender[] = [
  { name: "ours, in queues of 1,000", fill: fillTowns },
  { name: "ours, 1,000 alone", fill: () => fillPlans(town) },
];

/** Each round holds on every queue in turn, for `roundMs` of processor time each. `nowMs` is not asked. */
export function benchQueue({ rounds, roundMs }: Timing, sizes = queueSizes): QueueBench {
  drawDelays();
  return { bench: "queue", sizes: sizes.map((pending) => ({ pending, queues: benchSize(pending, rounds, roundMs) })) };
}

export function queueTables(result: QueueBench): Table[] {
  return result.sizes.map(({ pending, queues }) => ({
    title: `${figure(pending)} pending: take the first and plan another, with an empty handler`,
    columns: ["", "median/s", "min/s", "max/s", "ours is", "bytes an event"],
    rows: queues.map(({ name, median, least, most, ratio, bytesPerEvent }) => [
      name,
      figure(median),
      figure(least),
      figure(most),
      `${ratio.toFixed(2)} x`,
      bytesPerEvent.toFixed(1),
    ]),
  }));
}

function benchSize(pending: number, rounds: number, roundMs: number): QueueFigures[] {
  const entered = pending < fleetPending ? contenders : [...contenders, ...townContenders];
  const players = entered.map(({ fill }) => fill(pending));
  const speeds: number[][] = players.map(() => []);
  const bytes: number[][] = players.map(() => []);
  for (const player of players) speedOf(player, roundMs);
  for (let round = 0; round < rounds; round++)
    for (const [i, player] of players.entries()) {
      speeds[i]?.push(speedOf(player, roundMs));
      bytes[i]?.push(bytesPerEventOf(player));
    }
  return entered.map(({ name }, i) => {
    const own = speeds[i] ?? [];
    const ratio = median(own.map((speed, round) => (speeds[0]?.[round] ?? 0) / speed));
    return {
      name,
      median: median(own),
      least: Math.min(...own),
      most: Math.max(...own),
      ratio,
      bytesPerEvent: median(bytes[i] ?? []),
    };
  });
}

function bytesPerEventOf(player: Player): number {
  const run = (times: number): number => {
    let held = 0;
    while (held < times * counted) held += player.hold(counted);
    return held;
  };
  return bytesPerRun(run) / counted;
}

function speedOf(player: Player, roundMs: number): number {
  const began = process.cpuUsage();
  let held = 0;
  for (;;) {
    held += player.hold(chunk);
    const { user, system } = process.cpuUsage(began);
    if (user + system >= roundMs * 1000) return (held * 1e6) / (user + system);
  }
}

function drawDelays(): void {
  const chance = new Stream(seed, "bench queue", 0);
  for (let i = 0; i < delays.length; i++)
    delays[i] = (i & 1) === 0 ? chance.between(20, 1000) : chance.between(162_000, 198_000);
}

/** As the clocks of units plan. */
function fillPlans(pending: number): Player {
  const queue = new EventQueue();
  let turn = 0;
  const handler = (): void => {
    turn = (turn + 1) & mask;
    queue.plan(queue.nowMs + (delays[turn] as number), handler);
  };
  for (let i = 0; i < pending; i++) handler();
  return playerOf(queue, pending);
}

/** Those that may cancel by it: a number that the engine puts on its heap, unless it sees that nobody asks for it. */
function fillHandles(pending: number): Player {
  const queue = new EventQueue();
  const handles: Handle[] = [];
  let turn = 0;
  const handler = (): void => {
    turn = (turn + 1) & mask;
    handles[0] = queue.after(delays[turn] as number, handler);
  };
  for (let i = 0; i < pending; i++) handler();
  return playerOf(queue, pending);
}

function playerOf(queue: EventQueue, pending: number): Player {
  return {
    hold(times) {
      const before = queue.ran;
      const sliceMs = Math.ceil((meanDelayMs * times) / pending);
      while (queue.ran - before < times) queue.runUntil(queue.nowMs + sliceMs);
      return queue.ran - before;
    },
  };
}

/** All towns stand in memory; each turn is another one's. */
function fillTowns(pending: number): Player {
  const towns = Array.from({ length: pending / town }, () => fillPlans(town));
  let turn = 0;
  return {
    hold(times) {
      turn = (turn + 1) % towns.length;
      return (towns[turn] as Player).hold(times);
    },
  };
}

/** Its fastest form: fixed arrays. What has equal instants comes in any order. */
function fillFlat(pending: number): Player {
  const queue = new FlatQueue(pending);
  const handlers: (() => void)[] = [];
  let turn = 0;
  let nowMs = 0;
  const plan = (id: number): void => {
    turn = (turn + 1) & mask;
    queue.push(id, nowMs + (delays[turn] as number));
  };
  for (let i = 0; i < pending; i++) {
    handlers.push(() => plan(i));
    plan(i);
  }
  return {
    hold(times) {
      for (let i = 0; i < times; i++) {
        nowMs = queue.peekValue() as number;
        (handlers[queue.pop() as number] as () => void)();
      }
      return times;
    },
  };
}

interface Item {
  atMs: number;
  order: number;
  run: () => void;
}

const byInstant = (one: Item, other: Item): number => one.atMs - other.atMs || one.order - other.order;

/** Items are used again, so that only the queue itself is timed. */
function fillItems(pending: number, push: (item: Item) => void, pop: () => Item | undefined): Player {
  let turn = 0;
  let orders = 0;
  let nowMs = 0;
  const plan = (item: Item): void => {
    turn = (turn + 1) & mask;
    item.atMs = nowMs + (delays[turn] as number);
    item.order = orders++;
    push(item);
  };
  for (let i = 0; i < pending; i++) {
    const item: Item = { atMs: 0, order: 0, run: () => plan(item) };
    plan(item);
  }
  return {
    hold(times) {
      for (let i = 0; i < times; i++) {
        const item = pop() as Item;
        nowMs = item.atMs;
        item.run();
      }
      return times;
    },
  };
}

function fillTiny(pending: number): Player {
  const queue = new TinyQueue<Item>([], byInstant);
  return fillItems(
    pending,
    (item) => queue.push(item),
    () => queue.pop(),
  );
}

function fillHeap(pending: number): Player {
  const heap = new Heap<Item>(byInstant);
  return fillItems(
    pending,
    (item) => heap.push(item),
    () => heap.pop(),
  );
}

function fillTimers(pending: number): Player {
  const clock = FakeTimers.createClock(0, Number.POSITIVE_INFINITY);
  let turn = 0;
  const handler = (): void => {
    turn = (turn + 1) & mask;
    clock.setTimeout(handler, delays[turn] as number);
  };
  for (let i = 0; i < pending; i++) handler();
  return {
    hold(times) {
      for (let i = 0; i < Math.min(times, 64); i++) clock.next();
      return Math.min(times, 64);
    },
  };
}
