import { expect, test } from "vitest";
import { stepSx1262 } from "./sx1262-machine.ts";
import { sx1262Defaults } from "./sx1262-settings.ts";
import {
  type ChipAt,
  type Sx1262Effect,
  type Sx1262Event,
  type Sx1262State,
  sx1262AtStart,
  type TaskFound,
} from "./sx1262-state.ts";

const nothing: TaskFound = {
  mode: 5,
  irq: 0,
  rssiDbm: -118,
  errors: 0,
  start: 0,
  byteCount: 0,
  packetDbm: 0,
  sync: sx1262Defaults.syncWord,
  packet: new Uint8Array(0),
};

/** A machine and what it has asked for since the last look. */
class Driven {
  state: Sx1262State = sx1262AtStart(0, 1);
  effects: Sx1262Effect[] = [];

  tell(event: Sx1262Event): void {
    const next = stepSx1262(sx1262Defaults, this.state, event);
    this.state = next.state;
    this.effects.push(...next.effects);
  }

  done(nowMs: number, found: Partial<TaskFound> = {}): void {
    this.tell({ type: "done", nowMs, found: { ...nothing, ...found }, raised: false });
  }

  doneUntil(at: ChipAt, nowMs: number): void {
    while (this.state.at !== at) this.done(nowMs);
  }

  types(): string[] {
    const types = this.effects.map((effect) => (effect.type === "run" ? effect.task : effect.type));
    this.effects = [];
    return types;
  }
}

function ready(): Driven {
  const driven = new Driven();
  driven.tell({ type: "due", nowMs: 0 });
  driven.done(20);
  driven.done(21);
  driven.types();
  return driven;
}

test("a chip is started, and put to sleep where nobody wants anything", () => {
  const driven = new Driven();
  driven.tell({ type: "due", nowMs: 0 });
  expect(driven.types()).toEqual(["start"]);
  driven.done(20);
  expect(driven.types()).toEqual(["sleep"]);
  driven.done(21);
  expect(driven.state.at).toBe("asleep");
  expect(driven.types()).toEqual([]);
});

test("a packet is looked for room for, loaded, sent, and its end heard of; the window goes on from there", () => {
  const driven = ready();
  driven.tell({ type: "handed", nowMs: 100, bytes: new Uint8Array(24).fill(1) });
  driven.tell({ type: "asked", nowMs: 100, forMs: 433 });
  expect(driven.types()).toEqual(["listen"]);
  driven.done(105);
  driven.tell({ type: "due", nowMs: 106 });
  expect(driven.types()).toEqual(["wake", "measure"]);
  driven.done(106);
  driven.done(106);
  expect(driven.types()).toEqual(["load", "send"]);
  driven.done(106);
  // 6 ms passed before it was on the air.
  expect(driven.state.listenUntilMs).toBe(533 + 6);
  driven.tell({ type: "interrupted", nowMs: 139 });
  driven.done(139, { mode: 3, irq: 1 });
  expect(driven.types()).toEqual(["wake", "look", "listen"]);
  driven.done(140);
  driven.tell({ type: "due", nowMs: 539 });
  driven.done(539);
  expect(driven.types()).toEqual(["wake", "look", "sleep"]);
});

test("a channel that is taken is waited for four times at most, 8 to 40 ms each", () => {
  const driven = ready();
  driven.tell({ type: "handed", nowMs: 100, bytes: new Uint8Array(24).fill(1) });
  driven.done(105);
  let atMs = 106;
  for (let look = 1; look <= 4; look++) {
    driven.tell({ type: "due", nowMs: atMs });
    driven.types();
    driven.done(atMs, { rssiDbm: -89 });
    if (look === 4) break;
    const wake = driven.effects.find(({ type }) => type === "wake") as Extract<Sx1262Effect, { type: "wake" }>;
    expect(wake.atMs - atMs).toBeGreaterThanOrEqual(8);
    expect(wake.atMs - atMs).toBeLessThanOrEqual(40);
    atMs = wake.atMs;
  }
  expect(driven.types()).toEqual(["load"]);
});

test("a frame that came in during the look at the channel is fetched before anything is sent", () => {
  const driven = ready();
  driven.tell({ type: "handed", nowMs: 100, bytes: new Uint8Array(24).fill(1) });
  driven.done(105);
  driven.tell({ type: "due", nowMs: 106 });
  driven.tell({ type: "interrupted", nowMs: 106 });
  driven.types();
  driven.done(106);
  expect(driven.types()).toEqual(["look"]);
  driven.done(106, { irq: 2 });
  driven.done(106, { byteCount: 22 });
  expect(driven.types()).toEqual(["locate", "fetch"]);
  driven.done(106, { packet: new Uint8Array(22) });
  driven.done(106);
  expect(driven.types()).toEqual(["deliver", "measure", "load"]);
});

test("starts after faults come ever more rarely, and a packet sent has them forgiven", () => {
  const driven = new Driven();
  driven.tell({ type: "due", nowMs: 0 });
  const waits: number[] = [];
  let nowMs = 0;
  for (let fault = 1; fault <= 8; fault++) {
    driven.tell({ type: "faulted", nowMs, fault: "busy" });
    waits.push(driven.state.startAtMs - nowMs);
    nowMs = driven.state.startAtMs;
    driven.tell({ type: "due", nowMs });
  }
  expect(waits).toEqual([0, 100, 1_000, 10_000, 60_000, 600_000, 600_000, 600_000]);
  expect(driven.state.failures).toBe(8);
  driven.tell({ type: "handed", nowMs, bytes: new Uint8Array(4).fill(1) });
  for (let task = 0; task < 2; task++) driven.done(nowMs);
  driven.tell({ type: "due", nowMs: nowMs + 1 });
  for (let task = 0; task < 3; task++) driven.done(nowMs + 1);
  driven.tell({ type: "interrupted", nowMs: nowMs + 20 });
  driven.done(nowMs + 20, { mode: 3, irq: 1 });
  expect(driven.state.failures).toBe(0);
});

test("a packet is begun twice at most, and five are kept", () => {
  const driven = ready();
  for (let mark = 1; mark <= 7; mark++)
    driven.tell({ type: "handed", nowMs: 100, bytes: new Uint8Array(4).fill(mark) });
  expect(driven.state.packets.map(({ bytes }) => bytes[0])).toEqual([1, 2, 3, 4, 5]);
  expect(driven.types().filter((type) => type === "drop")).toHaveLength(2);
  for (let round = 1; round <= 2; round++) {
    const atMs = 100 + 10 * round;
    driven.doneUntil("receiving", atMs);
    driven.tell({ type: "due", nowMs: atMs + 1 });
    driven.doneUntil("sending", atMs + 1);
    driven.tell({ type: "faulted", nowMs: atMs + 2, fault: "busy" });
    driven.tell({ type: "due", nowMs: driven.state.startAtMs });
  }
  expect(driven.state.packets.map(({ bytes }) => bytes[0])).toEqual([2, 3, 4, 5]);
});

test("a length that no packet of ours has is not fetched", () => {
  const driven = ready();
  driven.tell({ type: "asked", nowMs: 100, forMs: -1 });
  driven.done(105);
  for (const byteCount of [0, 41, 255]) {
    driven.tell({ type: "interrupted", nowMs: 200 });
    driven.done(200, { irq: 2 });
    driven.types();
    driven.done(200, { byteCount });
    expect(driven.types()).not.toContain("fetch");
  }
});
