import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue, type Handle } from "./event-queue.ts";

interface Planned {
  readonly instantMs: number;
  readonly order: number;
  readonly name: number;
}

/** The honest model: a plain list, sorted by instant and then by order. */
class Model {
  nowMs = 0;
  planned: Planned[] = [];
  private given = 0;

  plan(instantMs: number, name: number): void {
    this.planned.push({ instantMs, order: this.given++, name });
    this.planned.sort((one, other) => one.instantMs - other.instantMs || one.order - other.order);
  }

  take(untilMs: number): Planned | undefined {
    const first = this.planned[0];
    if (first === undefined || first.instantMs > untilMs) return undefined;
    this.nowMs = first.instantMs;
    return this.planned.shift();
  }
}

const anyStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("plan" as const), delayMs: fc.nat(6), children: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("cancel" as const), which: fc.nat(200) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("run" as const), forMs: fc.nat(5) }) },
);

/** Run `name` plans children, and cancels one of what is known, by fixed rules that queue and model share. */
const childrenOf = (name: number, children: number) =>
  Array.from({ length: children }, (_, i) => ({ name: name * 4 + i + 1000, delayMs: (name * 7 + i * 3) % 5 }));

test("the queue runs what a sorted list would run, in the same order, however things are planned and cancelled", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 120 }), (steps) => {
      const queue = new EventQueue();
      const model = new Model();
      const handles = new Map<number, Handle>();
      const ran: [number, number][] = [];
      const expected: [number, number][] = [];

      const plan = (name: number, delayMs: number, children: number) => {
        const run = () => {
          ran.push([queue.nowMs, name]);
          for (const child of childrenOf(name, children)) plan(child.name, child.delayMs, 0);
          const victim = handles.get(name - 1);
          if (victim !== undefined) queue.cancel(victim);
        };
        handles.set(name, queue.after(delayMs, run));
      };
      const childCounts = new Map<number, number>();
      steps.forEach((step, name) => {
        if (step.do === "plan") {
          plan(name, step.delayMs, step.children);
          model.plan(model.nowMs + step.delayMs, name);
          childCounts.set(name, step.children);
        } else if (step.do === "cancel") {
          const handle = handles.get(step.which);
          if (handle !== undefined) queue.cancel(handle);
          model.planned = model.planned.filter((one) => one.name !== step.which || !handles.has(step.which));
        } else {
          const untilMs = model.nowMs + step.forMs;
          queue.runUntil(untilMs);
          for (let due = model.take(untilMs); due !== undefined; due = model.take(untilMs)) {
            const { name: own } = due;
            expected.push([model.nowMs, own]);
            for (const child of childrenOf(own, childCounts.get(own) ?? 0))
              model.plan(model.nowMs + child.delayMs, child.name);
            model.planned = model.planned.filter((one) => one.name !== own - 1);
          }
          model.nowMs = untilMs;
        }
        expect(queue.nowMs).toBe(model.nowMs);
        expect(queue.size).toBe(model.planned.length);
        expect(queue.next()).toBe(model.planned[0]?.instantMs);
      });
      expect(ran).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test("instants of every size come out sorted, also around the 50 days that the wheels hold, and next() knows the first", () => {
  const anyInstant = fc.oneof(
    fc.nat(300),
    fc.nat(70_000),
    fc.nat(2 ** 31 - 1),
    fc.integer({ min: -300, max: 300 }).map((offset) => 2 ** 32 + offset),
    fc.integer({ min: 2 ** 32, max: 2 ** 50 }),
    fc.integer({ min: -3, max: 0 }).map((offset) => 2 ** 53 - 1 + offset),
  );
  const anyPlan = fc.record({ instantMs: anyInstant, laterMs: anyInstant, cancelled: fc.boolean() });
  fc.assert(
    fc.property(fc.array(anyPlan, { maxLength: 60 }), fc.array(anyInstant, { maxLength: 8 }), (plans, stops) => {
      const queue = new EventQueue();
      const model = new Model();
      const ran: [number, number][] = [];
      const expected: [number, number][] = [];
      const laterOf = (laterMs: number) => Math.min(2 ** 53 - 1, queue.nowMs + laterMs);
      plans.forEach(({ instantMs, laterMs, cancelled }, name) => {
        const handle = queue.at(instantMs, () => {
          ran.push([queue.nowMs, name]);
          queue.at(laterOf(laterMs), () => ran.push([queue.nowMs, name + 100]));
        });
        if (cancelled) queue.cancel(handle);
        else model.plan(instantMs, name);
      });
      for (const untilMs of [...stops.sort((one, other) => one - other), 2 ** 53 - 1]) {
        queue.runUntil(untilMs);
        for (let due = model.take(untilMs); due !== undefined; due = model.take(untilMs)) {
          expected.push([model.nowMs, due.name]);
          if (due.name < 100)
            model.plan(Math.min(2 ** 53 - 1, model.nowMs + (plans[due.name]?.laterMs ?? 0)), due.name + 100);
        }
        expect(queue.next()).toBe(model.planned[0]?.instantMs);
      }
      expect(ran).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test("what was planned with a run of its own is dropped by that run, and by no other that came into its slot", () => {
  const queue = new EventQueue();
  const ran: string[] = [];
  const old = { fire: () => ran.push("old") };
  const place = queue.plan(1, old);
  queue.drop(place, old);
  const kept = { fire: () => ran.push("kept") };
  expect(queue.plan(1, kept)).toBe(place);
  queue.drop(place, old);
  queue.runUntil(1);
  expect(ran).toEqual(["kept"]);
  queue.drop(place, kept);
  expect(queue.size).toBe(0);
});

test("ten thousand runs at random instants come out sorted, those of one instant as planned", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { minLength: 10_000, maxLength: 10_000 }), (instants) => {
      const queue = new EventQueue();
      const ran: number[] = [];
      instants.forEach((instantMs, i) => {
        queue.at(instantMs, () => ran.push(i));
      });
      queue.runUntil(500);
      const sorted = instants
        .map((_, i) => i)
        .sort((a, b) => (instants[a] as number) - (instants[b] as number) || a - b);
      expect(ran).toEqual(sorted);
    }),
    { numRuns: 3 },
  );
});

test("what is left after mass cancelling, also from inside a run, comes out sorted and complete", () => {
  const anyCase = fc.array(fc.record({ instantMs: fc.integer({ min: 1, max: 99 }), kept: fc.nat(3) }), {
    minLength: 100,
    maxLength: 300,
  });
  fc.assert(
    fc.property(anyCase, fc.boolean(), (cases, inside) => {
      const queue = new EventQueue();
      const ran: number[] = [];
      const handles = cases.map(({ instantMs }, i) => queue.at(instantMs, () => ran.push(i)));
      const cancelMost = () => {
        cases.forEach(({ kept }, i) => {
          if (kept > 0) queue.cancel(handles[i] as Handle);
        });
      };
      if (inside) queue.at(0, cancelMost);
      else cancelMost();
      queue.runUntil(0);
      // Planned anew after that: some of those cancelled come again.
      cases.forEach(({ instantMs, kept }, i) => {
        if (kept === 1) queue.at(instantMs, () => ran.push(cases.length + i));
      });
      queue.runUntil(99);
      const left = cases.flatMap(({ kept }, i) => (kept === 0 ? [i] : kept === 1 ? [cases.length + i] : []));
      const instantOf = (i: number) => cases[i % cases.length]?.instantMs as number;
      expect(ran).toEqual(left.sort((a, b) => instantOf(a) - instantOf(b) || a - b));
    }),
    { numRuns: 300 },
  );
});

test("what is planned for the present instant runs within the same runUntil, after what stood there before", () => {
  const queue = new EventQueue();
  const ran: string[] = [];
  queue.at(5, () => {
    ran.push("first");
    queue.after(0, () => ran.push("third"));
  });
  queue.at(5, () => ran.push("second"));
  queue.runUntil(5);
  expect(ran).toEqual(["first", "second", "third"]);
});

test("time ends exactly where runUntil was told, and what is due one millisecond later waits", () => {
  const queue = new EventQueue();
  let ran = 0;
  queue.at(11, () => (ran += 1));
  queue.runUntil(10);
  expect([queue.nowMs, ran]).toEqual([10, 0]);
  queue.runUntil(11);
  expect([queue.nowMs, ran]).toEqual([11, 1]);
});

test("the handle of a run that is over cancels nothing, also when its slot is in use again", () => {
  const queue = new EventQueue();
  let ran = 0;
  const old = queue.at(1, () => {});
  queue.runUntil(1);
  queue.at(2, () => (ran += 1));
  queue.cancel(old);
  const cancelled = queue.at(3, () => {});
  queue.cancel(cancelled);
  queue.at(3, () => (ran += 1));
  queue.cancel(cancelled);
  queue.runUntil(3);
  expect(ran).toBe(2);
});

test("planning and cancelling a million times keeps the queue small and lets the callbacks go", () => {
  const queue = new EventQueue();
  for (let i = 0; i < 5; i++) queue.at(1_000_000, () => {});
  for (let i = 0; i < 1_000_000; i++) queue.cancel(queue.at(900_000 - (i % 1000), () => {}));
  expect(queue.size).toBe(5);
  const inner = queue as unknown as { rounds: Int32Array; runs: unknown[] };
  expect(inner.rounds.length).toBeLessThanOrEqual(64);
  expect(inner.runs.filter((run) => run !== undefined)).toHaveLength(5);
});

test("a time that has passed, is not whole or is no number is refused", () => {
  const queue = new EventQueue();
  queue.runUntil(10);
  for (const wrong of [9, 10.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => queue.at(wrong, () => {})).toThrow("cannot plan");
    expect(() => queue.runUntil(wrong)).toThrow("cannot run");
  }
  expect(queue.size).toBe(0);
});

test("the limit holds: as many as allowed can be planned, one more throws, a freed place can be used", () => {
  const queue = new EventQueue(3);
  const handles = [1, 2, 3].map((instantMs) => queue.at(instantMs, () => {}));
  expect(() => queue.at(4, () => {})).toThrow("more than 3");
  queue.cancel(handles[1] as Handle);
  queue.at(4, () => {});
  expect(() => queue.at(5, () => {})).toThrow("more than 3");
});

test("runs that plan each other for the same instant for ever are stopped, not waited for", () => {
  const queue = new EventQueue(1000);
  const again = () => {
    queue.after(0, again);
  };
  again();
  expect(() => queue.runUntil(1)).toThrow("time stands still at 0 ms");
});

test("a run that throws leaves a queue that goes on", () => {
  const queue = new EventQueue();
  let ran = 0;
  queue.at(1, () => {
    throw new Error("ours");
  });
  queue.at(1, () => (ran += 1));
  expect(() => queue.runUntil(5)).toThrow("ours");
  queue.runUntil(5);
  expect(ran).toBe(1);
});

test("runUntil cannot be called from inside a run", () => {
  const queue = new EventQueue();
  queue.at(1, () => queue.runUntil(2));
  expect(() => queue.runUntil(5)).toThrow("inside a run");
});
