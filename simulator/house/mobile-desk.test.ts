import { expect, test } from "vitest";
import { EventQueue } from "../core/event-queue.ts";
import { SimClock } from "../core/sim-clock.ts";
import type { VoiceMode } from "../peers/operator-modes.ts";
import { isMobileAlone, MobileDesk } from "./mobile-desk.ts";
import { Exchange, Operator } from "./phone-exchange.ts";

const deskNumber = "+468500000";
const minuteMs = 60_000;

class Scene {
  readonly queue = new EventQueue();
  readonly clock = new SimClock(this.queue);
  readonly exchange = new Exchange(this.clock);
  readonly desk: MobileDesk;

  constructor(voice: VoiceMode, count = 1) {
    const { clock, exchange } = this;
    this.desk = new MobileDesk({ clock, exchange, number: deskNumber, count, voice, talkMs: 20_000 });
  }

  /** A home that takes each call at once. */
  home(number: string): Operator {
    const habits = { answersAfterMs: 0, talksMs: minuteMs, key: "" };
    return new Operator(this.clock, this.exchange, number, habits);
  }

  /** The keys that the home hears, and how it ends. */
  calls(number: string, afterMs = 0): string[] {
    const heard: string[] = [];
    this.clock.after(afterMs, () =>
      this.exchange.call(number, deskNumber, {
        onAnswered: () => heard.push(`${this.clock.nowMs()} answered`),
        onEnded: (reason) => heard.push(`${this.clock.nowMs()} ${reason}`),
        onKey: (key) => heard.push(`${this.clock.nowMs()} ${key}`),
      }),
    );
    return heard;
  }
}

test.each([
  ["answers", ["2400 answered", "22400 0", "32400 over"]],
  ["presses", ["2400 answered", "17400 4", "18400 7", "19400 8", "20400 1", "21400 3", "22400 0", "32400 over"]],
  ["hangs-up", ["2400 answered", "22400 over"]],
  ["one-way", ["2400 answered", "22400 0", "32400 over"]],
  ["never-calls", ["2400 answered", "22400 0", "32400 over"]],
  ["engaged", ["400 busy"]],
  ["no-answer", ["120400 no-answer"]],
] as const)("a caller at a desk that %s hears %j", (voice, expected) => {
  const scene = new Scene(voice);
  const heard = scene.calls("+46701");
  scene.queue.runUntil(3 * minuteMs);
  expect(heard).toEqual(expected);
});

test("each place has one call at a time, and who calls beyond them hears busy", () => {
  const scene = new Scene("answers", 2);
  const heard = [0, 1, 2, 40_000].map((afterMs, index) => scene.calls(`+4670${index}`, afterMs));
  scene.queue.runUntil(2 * minuteMs);
  expect(heard.map((lines) => lines.length)).toEqual([3, 3, 1, 3]);
  expect(heard[2]?.[0]).toContain("busy");
});

test("a promised call comes after the answer, once a minute at most, from the next place in turn", () => {
  const scene = new Scene("answers", 2);
  const homes = ["+46701", "+46702"].map((number) => scene.home(number));
  scene.desk.promise("+46701", 500);
  scene.desk.promise("+46701", 500);
  scene.desk.promise("+46702", 500);
  scene.queue.runUntil(minuteMs);
  scene.desk.promise("+46701", 0);
  scene.queue.runUntil(2 * minuteMs);
  const rung = homes.map(({ log }) => log.filter((line) => line.includes("rung")));
  expect(rung).toEqual([[`3700 rung by ${deskNumber}`, `63200 rung by ${deskNumber}`], [`3700 rung by ${deskNumber}`]]);
  expect(scene.desk.places.map(({ log }) => log.filter((line) => line.includes("calls")).length)).toEqual([2, 1]);
});

test.each(["engaged", "no-answer", "never-calls"] as const)("%s: a promised call is never made", (voice) => {
  const scene = new Scene(voice);
  const home = scene.home("+46701");
  scene.desk.promise("+46701", 0);
  scene.queue.runUntil(minuteMs);
  expect(home.log).toEqual([]);
});

test("a unit is called over mobile where it offers that and no SIP", () => {
  expect(
    [undefined, [], ["gsm:"], ["no-voice:", "gsm:+46701"], ["sip:", "gsm:"], ["sip-pp:", "gsm:"], ["no-voice:"]].map(
      isMobileAlone,
    ),
  ).toEqual([false, false, true, true, false, false, false]);
});
