/** What holds whatever a device asks of its radio, and whatever becomes of its chip. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import { type ChipBench, type ChipBenchDevice, chipBench, packet } from "./chip-bench.ts";

type Act =
  | { readonly type: "send"; readonly at: number; readonly bytes: number }
  | { readonly type: "listen"; readonly at: number; readonly forMs: number }
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "jam"; readonly ms: number };

const anyDevice = fc.nat(2);
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("send" as const), at: anyDevice, bytes: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("listen" as const),
      at: anyDevice,
      forMs: fc.constantFrom(-1, 0, 1, 40, 433, 5_000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant("wait" as const), ms: fc.oneof(fc.nat(3), fc.nat(60), fc.nat(3_000)) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("jam" as const), ms: fc.integer({ min: 1, max: 400 }) }) },
);
const anyLife = fc.array(anyAct, { maxLength: 60, size: "max" });

type Fault = "stick" | "silence" | "lose" | "spoil" | "hang" | "reset";
const anyFault = fc.constantFrom<Fault>("stick", "silence", "lose", "spoil", "hang", "reset");

function act({ queue, air, devices }: ChipBench, each: Act, mark: number): void {
  if (each.type === "send") devices[each.at as 0].radio.send(packet(mark, each.bytes));
  else if (each.type === "listen") devices[each.at as 0].radio.listen(each.forMs);
  else if (each.type === "wait") queue.runUntil(queue.nowMs + each.ms);
  else air.jamming("house").add({ fromMs: queue.nowMs, toMs: queue.nowMs + each.ms });
}

function play(bench: ChipBench, life: readonly Act[]): void {
  for (const [at, each] of life.entries()) act(bench, each, at + 1);
}

function strike({ chip }: ChipBenchDevice, fault: Fault): void {
  if (fault === "stick") chip.stick(false);
  else if (fault === "silence") chip.silence(true);
  else if (fault === "lose") chip.loseInterrupts(2);
  else if (fault === "spoil") chip.spoil(2);
  else if (fault === "hang") chip.hang();
  else chip.resetItself();
}

/** Spans of the packets that each device had on the air. */
function spansOf({ fates }: ChipBench, name: string): (readonly [number, number])[] {
  return fates
    .filter(([, fate, device]) => fate === "sent" && device === name)
    .map(([atMs, , , bytes]) => [atMs, atMs + Math.ceil(airTimeUs(bytes.length) / 1000)] as const);
}

test("whatever is asked, the chip is told nothing that its data sheet forbids, and what is handed over goes out byte by byte, in order, once", () => {
  fc.assert(
    fc.property(anyLife, fc.nat(1_000), (life, seed) => {
      const bench = chipBench(undefined, seed);
      play(bench, life);
      bench.queue.runUntil(bench.queue.nowMs + 10_000);
      for (const { chip, faults, device, taken } of bench.devices) {
        expect([chip.book.breaches, chip.book.refused, faults]).toEqual([[], 0, []]);
        const sent = bench.fates.filter(([, fate, name]) => fate === "sent" && name === device.name);
        expect(sent.map(([, , , bytes]) => bytes)).toEqual(taken);
      }
    }),
    { numRuns: 80 },
  );
});

test("nobody begins while it can hear another, but after four looks; nobody hears while it sends", () => {
  let forced = 0;
  let waited = 0;
  fc.assert(
    fc.property(anyLife, fc.nat(1_000), (life, seed) => {
      const bench = chipBench(undefined, seed);
      play(bench, life);
      bench.queue.runUntil(bench.queue.nowMs + 10_000);
      for (const { device, looks } of bench.devices) {
        const own = spansOf(bench, device.name);
        const others = bench.devices.flatMap((other) =>
          other.device === device ? [] : spansOf(bench, other.device.name),
        );
        own.forEach(([fromMs], at) => {
          const [rssiDbm, tooLoud] = looks[at] as readonly [number, number];
          if (tooLoud > 0) waited++;
          if (rssiDbm > -90) {
            forced++;
            expect(tooLoud).toBeGreaterThanOrEqual(3);
          } else expect(others.filter(([from, to]) => from < fromMs && to > fromMs + 1)).toEqual([]);
        });
        for (const [atMs, fate, name, bytes] of bench.fates) {
          if (fate !== "heard" || name !== device.name) continue;
          const beganMs = atMs - Math.floor(airTimeUs(bytes.length) / 1000);
          expect(own.filter(([from, to]) => from < atMs && to > beganMs + 1)).toEqual([]);
        }
      }
    }),
    { numRuns: 80 },
  );
  expect(waited).toBeGreaterThan(20);
  expect(forced).toBeGreaterThan(0);
});

test("whatever befalls a chip, its driver never breaks a rule, and once it is over frames get through again", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyAct, fc.option(fc.tuple(anyDevice, anyFault), { freq: 3 })), { maxLength: 40 }),
      (life) => {
        const bench = chipBench();
        const { queue, devices } = bench;
        life.forEach(([each, fault], at) => {
          if (fault !== null) strike(devices[fault[0] as 0], fault[1]);
          act(bench, each, at + 1);
        });
        for (const { chip } of devices) {
          chip.silence(false);
          chip.spoil(0);
          chip.loseInterrupts(0);
        }
        const [unit, button] = devices;
        unit.radio.listen(-1);
        // The longest wait before a start after many faults.
        queue.runUntil(queue.nowMs + 610_000);
        unit.marks();
        button.radio.send(packet(250));
        queue.runUntil(queue.nowMs + 5_000);
        // A packet whose end was not told is sent again: a copy.
        expect([...new Set(unit.marks())]).toEqual([250]);
        // One question to a chip that has just reset itself is how that is found out.
        for (const { chip } of devices)
          expect(chip.book.breaches.filter((text) => text !== "GetRssiInst while standby-rc")).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test("of packets handed over in one instant five go out and the others are dropped", () => {
  const bench = chipBench();
  const [, button] = bench.devices;
  for (let mark = 1; mark <= 9; mark++) button.radio.send(packet(mark));
  bench.queue.runUntil(2_000);
  expect(button.refused.length + button.taken.length).toBe(9);
  expect(button.taken.length).toBe(5);
  expect(button.chip.book.sent).toBe(5);
});
