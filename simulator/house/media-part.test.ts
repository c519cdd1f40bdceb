import { expect, test } from "vitest";
import type { Media } from "../../firmware/ports/media.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { EventQueue } from "../core/event-queue.ts";
import { silenceLimitMs } from "../live/rtp/sound.ts";
import { MediaNet, MediaPart, soundMs } from "./media-part.ts";

interface End {
  readonly part: MediaPart;
  readonly media: Media;
  local: Endpoint | undefined;
  keys: string;
  faults: number;
  readonly notes: string[];
}

class Bench {
  readonly queue: EventQueue;
  readonly net: MediaNet;

  constructor() {
    this.queue = new EventQueue();
    this.net = new MediaNet();
  }

  end(host: string): End {
    const notes: string[] = [];
    const note = (part: string, what: object): void => {
      notes.push(`${part} ${Object.values(what).join(" ")}`);
    };
    const part = new MediaPart({ queue: this.queue, note, net: this.net, host });
    const seen = { local: undefined as Endpoint | undefined, keys: "", faults: 0 };
    const media = part.open({
      onReady: (local) => {
        seen.local = local;
      },
      onKey: (key) => {
        seen.keys += key;
      },
      onFault: () => {
        seen.faults++;
      },
    });
    return Object.assign(seen, { part, media, notes });
  }

  run(forMs: number): void {
    this.queue.runUntil(this.queue.nowMs + forMs);
  }

  /** Two ends that speak with each other, everything open at the operator's. */
  call(): { readonly unit: End; readonly operator: End } {
    const [unit, operator] = [this.end("10.0.0.1"), this.end("10.0.0.2")];
    this.run(0);
    unit.media.start(operator.local as Endpoint, "PCMA", 101);
    operator.media.start(unit.local as Endpoint, "PCMA", 101);
    operator.media.open(true, true);
    return { unit, operator };
  }
}

test("its address is told at once, though not from inside open()", () => {
  const bench = new Bench();
  const unit = bench.end("10.0.0.1");
  expect(unit.local).toBeUndefined();
  bench.run(0);
  expect(unit.local).toEqual({ host: "10.0.0.1", port: 40_000 });
});

test("who is closed before that hears of nothing", () => {
  const bench = new Bench();
  const unit = bench.end("10.0.0.1");
  unit.media.close();
  bench.run(silenceLimitMs * 2);
  expect([unit.local, unit.faults]).toEqual([undefined, 0]);
});

test("each side hears the other where its speaker and the other's microphone are open, and so it is noted", () => {
  const { unit, operator } = new Bench().call();
  const heard = (): readonly boolean[] => [unit.part.hears, operator.part.hears];
  expect(heard()).toEqual([false, false]);
  unit.media.open(true, false);
  expect(heard()).toEqual([false, true]);
  unit.media.open(false, true);
  expect(heard()).toEqual([true, false]);
  unit.media.open(true, true);
  expect(heard()).toEqual([true, true]);
  unit.media.volume(1);
  unit.media.open(true, true);
  operator.media.close();
  expect(heard()).toEqual([false, false]);
  expect(unit.notes).toEqual([
    "media start 10.0.0.2:40000 PCMA 101",
    "media open true false",
    "media open false true",
    "media hears",
    "media open true true",
    "media volume 1",
    "media hears no more",
  ]);
  const open = ["media open true true", "media hears", "media hears no more", "media hears"];
  const close = ["media close", "media hears no more"];
  expect(operator.notes).toEqual(["media start 10.0.0.1:40000 PCMA 101", ...open, ...close]);
});

test("a key of the other side is told after its way, and not after the end of the call", () => {
  const bench = new Bench();
  const { unit, operator } = bench.call();
  operator.part.press("4");
  bench.run(soundMs - 1);
  expect(unit.keys).toBe("");
  bench.run(1);
  operator.part.press("7");
  unit.media.close();
  bench.run(soundMs);
  expect([unit.keys, operator.keys]).toEqual(["4", ""]);
});

test("one-way sound: the side that hears nothing gives up after 30 s, the other hears on till then", () => {
  const bench = new Bench();
  const { unit, operator } = bench.call();
  unit.media.open(true, true);
  unit.part.lose(true, false);
  expect([unit.part.hears, operator.part.hears]).toEqual([false, true]);
  operator.part.press("4");
  bench.run(silenceLimitMs - 1);
  expect([unit.faults, unit.keys]).toEqual([0, ""]);
  bench.run(1);
  expect([unit.faults, operator.part.hears]).toEqual([1, false]);
  expect(unit.notes.at(-1)).toBe("media fault");
  bench.run(silenceLimitMs);
  expect([unit.faults, operator.faults]).toEqual([1, 1]);
});

test("no sound at all is a fault for both, and a gap that ends in time for none", () => {
  const bench = new Bench();
  const { unit, operator } = bench.call();
  unit.media.open(true, true);
  unit.part.lose(true, true);
  bench.run(silenceLimitMs - 1);
  unit.part.lose(false, false);
  bench.run(silenceLimitMs * 2);
  expect([unit.faults, operator.faults]).toEqual([0, 0]);
  operator.part.lose(true, true);
  bench.run(silenceLimitMs);
  expect([unit.faults, operator.faults]).toEqual([1, 1]);
});

test("an end that nobody sends to is lost after 30 s of use; one that has not begun, or where both ways are closed, is not", () => {
  const bench = new Bench();
  const [unit, other] = [bench.end("10.0.0.1"), bench.end("10.0.0.2")];
  bench.run(0);
  other.media.open(true, true);
  unit.media.start({ host: "10.0.0.9", port: 4 }, "PCMU", -1);
  bench.run(silenceLimitMs * 3);
  unit.media.open(true, false);
  bench.run(silenceLimitMs - 1);
  expect([unit.faults, other.faults]).toEqual([0, 0]);
  bench.run(1);
  expect([unit.faults, other.faults]).toEqual([1, 0]);
});

test("a third that sends here is not heard, and who is spoken to elsewhere hears no more", () => {
  const bench = new Bench();
  const { unit, operator } = bench.call();
  unit.media.open(true, true);
  const third = bench.end("10.0.0.3");
  bench.run(0);
  third.media.start(unit.local as Endpoint, "PCMA", 101);
  third.media.open(true, true);
  third.part.press("1");
  bench.run(soundMs);
  expect([unit.keys, third.part.hears, operator.part.hears]).toEqual(["", false, true]);
  unit.media.start(third.local as Endpoint, "PCMA", 101);
  expect([unit.part.hears, third.part.hears, operator.part.hears]).toEqual([true, true, false]);
});

test("each call has a port of its own, and they begin again when they are used up", () => {
  const bench = new Bench();
  const ports: number[] = [];
  const part = new MediaPart({ queue: bench.queue, note: () => {}, net: bench.net, host: "10.0.0.1" });
  for (let i = 0; i <= (65_534 - 40_000) / 2 + 1; i++) {
    const media = part.open({ onReady: ({ port }) => ports.push(port), onKey: () => {}, onFault: () => {} });
    bench.run(0);
    media.close();
  }
  expect([ports[0], ports[1], ports.at(-2), ports.at(-1)]).toEqual([40_000, 40_002, 65_534, 40_000]);
});
