import { expect, test } from "vitest";
import { nobleAes } from "../protocol/radio/arbitraries.ts";
import type { Frame, Message } from "../protocol/radio/frame.ts";
import { openFrame, sealFrame } from "../protocol/radio/frame.ts";
import { ArrayFlash } from "./pairing/arbitraries.ts";
import type { RadioPacket } from "./ports/radio.ts";
import { WristButton } from "./wrist-button.ts";

const address = 0x51;
const key = new Uint8Array(16).fill(7);

/** One button whose radio, contact and battery are in the test's hand; flash outlives a restart. */
class Desk {
  nowMs = 0;
  batteryMv = 3_000;
  readonly flash = new ArrayFlash(1024, 2);
  readonly frames: (Frame & { readonly atMs: number })[] = [];
  readonly listened: number[] = [];
  readonly signals: string[] = [];
  button: WristButton;
  private timers: { atMs: number; run: () => void }[] = [];
  private contact: (closed: boolean) => void = () => {};
  private readable: (count: number) => void = () => {};
  private readonly packets: RadioPacket[] = [];
  private dice = 1;

  constructor() {
    this.button = this.start();
  }

  start(): WristButton {
    return new WristButton(
      {
        clock: {
          nowMs: () => this.nowMs,
          after: (delayMs, run) => {
            const timer = { atMs: this.nowMs + delayMs, run };
            this.timers.push(timer);
            return {
              cancel: () => {
                this.timers = this.timers.filter((other) => other !== timer);
              },
            };
          },
        },
        secrets: {
          random: (into) => {
            this.dice = (this.dice * 75 + 74) % 65_537;
            into.fill(this.dice);
          },
          aes: nobleAes,
        },
        flash: this.flash,
        openRadio: (options) => {
          this.readable = options.onReadable;
          return {
            send: (bytes) => {
              const frame = openFrame(nobleAes(key), bytes);
              if (!frame.ok) throw new Error("the button sent what its unit cannot read");
              this.frames.push({ ...frame.value, atMs: this.nowMs });
            },
            listen: (forMs) => this.listened.push(forMs),
            read: () => this.packets.shift(),
            close: () => {},
          };
        },
        openContact: (options) => {
          this.contact = options.onChange;
          return {
            close: () => {
              this.contact = () => {};
            },
          };
        },
        signals: { show: (signal) => void this.signals.push(signal) },
        batteryMv: () => this.batteryMv,
        observe: undefined,
      },
      { address, key },
    );
  }

  restart(): void {
    this.timers = [];
    this.button = this.start();
  }

  press(): void {
    this.contact(true);
    this.nowMs += 100;
    this.contact(false);
    this.nowMs += 300;
  }

  hear(counter: number, message: Message, underKey = key, to = address): void {
    this.packets.push({ bytes: sealFrame(nobleAes(underKey), to, counter, message), rssiDbm: -60 });
    this.readable(1);
  }

  run(forMs: number): void {
    const endMs = this.nowMs + forMs;
    for (;;) {
      this.timers.sort((left, right) => left.atMs - right.atMs);
      const due = this.timers[0];
      if (due === undefined || due.atMs > endMs) break;
      this.timers.shift();
      this.nowMs = Math.max(this.nowMs, due.atMs);
      due.run();
    }
    this.nowMs = endMs;
  }

  presses(): readonly Frame[] {
    return this.frames.filter((frame) => frame.message.type === "press");
  }

  get waiting(): number {
    return this.timers.length;
  }
}

function nameOf(frame: Frame | undefined): number {
  if (frame === undefined || frame.message.type !== "press") throw new Error("no press");
  return frame.counter - frame.message.press.nameDistance;
}

function told(name: number, step: "received" | "accepted"): Message {
  return { type: "acknowledge", acknowledge: { name, step } };
}

test("it listens until 400 ms after the end of each frame", () => {
  const desk = new Desk();
  desk.press();
  expect(desk.listened).toEqual([433]);
  desk.hear(1, told(nameOf(desk.presses()[0]), "received"));
  desk.run(2_200);
  expect(desk.listened).toEqual([433, 432]);
});

test("a press that a restart left unacknowledged goes on under its name; an acknowledged one does not", () => {
  const desk = new Desk();
  desk.press();
  const name = nameOf(desk.presses()[0]);
  desk.restart();
  const before = desk.presses().length;
  desk.run(51_000);
  const resumed = desk.presses()[before];
  expect(nameOf(resumed)).toBe(name);
  expect((resumed as Frame).counter).toBeGreaterThan(name);
  desk.hear(1, told(name, "received"));
  expect(desk.signals).toEqual(["sent", "received"]);
  desk.restart();
  const after = desk.presses().length;
  desk.run(3_600_000);
  expect(desk.presses().length).toBe(after);
});

test("what an earlier life may have sent within the hour is booked, so that restarts do not multiply air time", () => {
  const fresh = new Desk();
  fresh.press();
  fresh.run(599_000);
  const restarted = new Desk();
  restarted.press();
  restarted.hear(1, told(nameOf(restarted.presses()[0]), "accepted"));
  restarted.restart();
  const before = restarted.presses().length;
  restarted.press();
  restarted.run(599_000);
  expect(fresh.presses().length).toBeGreaterThan(17);
  expect(restarted.presses().length - before).toBeLessThan(16);
  expect(restarted.presses().length - before).toBeGreaterThanOrEqual(8);
});

test("foreign, forged and replayed frames show nothing and are counted apart", () => {
  const desk = new Desk();
  desk.press();
  const name = nameOf(desk.presses()[0]);
  desk.hear(5, told(name, "accepted"), new Uint8Array(16));
  desk.hear(5, told(name, "accepted"), key, address + 1);
  desk.hear(6, {
    type: "press",
    press: { nameDistance: 0, ageS: 0, batteryMv: 3_000, presses: 1, reason: "call", low: false, form: "wrist" },
  });
  expect(desk.signals).toEqual(["sent"]);
  desk.hear(5, told(name, "received"));
  desk.hear(5, told(name, "accepted"));
  desk.hear(4, { type: "status", status: { name, step: "accepted" } });
  expect(desk.signals).toEqual(["sent", "received"]);
  expect(desk.button.refused()).toEqual({ foreign: 2, forged: 1, replayed: 2 });
  desk.hear(6, { type: "status", status: { name, step: "accepted" } });
  expect(desk.signals).toEqual(["sent", "received", "accepted"]);
});

test("a low battery is told in every frame and never keeps a press from going out", () => {
  const desk = new Desk();
  desk.batteryMv = 1_900;
  desk.press();
  expect(desk.presses()[0]?.message).toMatchObject({ press: { batteryMv: 1_900, low: true } });
  desk.hear(1, told(nameOf(desk.presses()[0]), "received"));
  desk.run(2_200);
  expect(desk.frames[1]?.message).toMatchObject({ type: "status-request", request: { batteryMv: 1_900, low: true } });
  desk.run(70_000);
  expect(desk.frames.some((frame) => frame.message.type === "report" && frame.message.report.low)).toBe(true);
});

test("a thousand presses find room on two kilobytes of flash, tidied only while none is unacknowledged", () => {
  const desk = new Desk();
  for (let i = 0; i < 1_000; i++) {
    const erases = desk.flash.erases;
    desk.press();
    const newest = desk.frames[desk.frames.length - 1] as Frame;
    expect(desk.flash.erases).toBe(erases);
    if (newest.message.type === "press") desk.hear(i + 1, told(nameOf(newest), "accepted"));
    desk.run(120_000);
  }
  expect(desk.signals.filter((signal) => signal === "accepted").length).toBe(1_000);
  expect(desk.flash.erases).toBeGreaterThan(4);
  for (let i = 1; i < desk.frames.length; i++) {
    expect((desk.frames[i] as Frame).counter).toBeGreaterThan((desk.frames[i - 1] as Frame).counter);
  }
});

test("after close nothing is sent, shown or waited for", () => {
  const desk = new Desk();
  desk.press();
  desk.button.close();
  expect(desk.waiting).toBe(0);
  desk.press();
  desk.run(600_000);
  expect(desk.frames.length).toBe(1);
  expect(desk.signals).toEqual(["sent"]);
});
