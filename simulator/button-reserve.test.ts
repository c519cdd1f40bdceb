/** What a button's cell still carries: four weeks from the first word that it is low, and twenty alarms on the reserve. */
import { expect, test } from "vitest";
import { buttonDefaults } from "../firmware/button/button-settings.ts";
import { chargePermille } from "../firmware/power/charge.ts";
import { Air } from "./air/air.ts";
import { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { HomeButton } from "./home-parts.ts";
import { coinCell } from "./house/battery.ts";
import { aesBlock } from "./node-aes.ts";

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

/** A button that no unit hears: each press takes all its copies, which is the most that it can cost. */
class Lonely {
  readonly queue = new EventQueue();
  readonly shown: string[] = [];
  readonly button: HomeButton;
  private readonly fingers = new Stream(1, "fingers", 0);

  constructor() {
    const secrets = new Stream(1, "secrets", 0);
    this.button = new HomeButton({
      queue: this.queue,
      air: new Air(this.queue, { seed: 1, lossPpm: 0, neighbourLossPpm: 0, observe: undefined }),
      name: "button",
      home: "home",
      bond: { address: 0x0100_0000, person: 1, form: "wrist", key: new Uint8Array(16).fill(7), revoked: false },
      secrets: { random: (into) => secrets.fill(into), aes: aesBlock },
      flashChance: new Stream(1, "flash", 0),
      onSignal: (signal) => this.shown.push(signal),
      observe: () => {},
    });
  }

  pressAndWait(forMs: number): void {
    this.button.press(this.fingers);
    this.queue.runUntil(this.queue.nowMs + forMs);
  }
}

/** Carries the button through `presses`, one each `everyMs`; how many of them went their whole way. */
function wholeWays(scene: Lonely, presses: number, everyMs: number): number {
  for (let i = 0; i < presses; i++) scene.pressAndWait(everyMs);
  return scene.shown.filter((signal) => signal === "given-up").length;
}

test("from the first word that it is low a cell lasts thirty days of a press a day, each unheard for its ten minutes", () => {
  const scene = new Lonely();
  scene.button.setCharge(chargePermille(coinCell.curve, buttonDefaults.lowBatteryMv) - 1);
  expect(wholeWays(scene, 30, dayMs)).toBe(30);
  expect(scene.button.isDead).toBe(false);
});

test("on the reserve a cell still carries twenty alarms that nobody hears, after thirty days of waiting for the first", () => {
  const scene = new Lonely();
  scene.button.setCharge(chargePermille(coinCell.curve, buttonDefaults.reserveBatteryMv));
  scene.queue.runUntil(30 * dayMs);
  expect(wholeWays(scene, 20, 15 * minuteMs)).toBe(20);
  expect(scene.button.isDead).toBe(false);
});

test("a cell below what twenty alarms take dies of them", () => {
  const scene = new Lonely();
  scene.button.setCharge(1);
  wholeWays(scene, 20, 15 * minuteMs);
  expect(scene.button.isDead).toBe(true);
});
