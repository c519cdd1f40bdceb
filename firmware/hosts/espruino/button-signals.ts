/** What the button's lamps show: each signal differs from the others in rhythm, and most in colour too. */
import type { ButtonSignals } from "../../ports/signals.ts";
import type { ButtonSignal } from "../../signals.ts";
import type { BoardPins } from "../board.ts";
import type { Pins } from "./engine.ts";
import { blink } from "./pins.ts";

const shortMs = 80;
const longMs = 700;

export function buttonSignals(pins: Pins, wiring: BoardPins): ButtonSignals {
  const good = wiring.green ?? wiring.lamp;
  const bad = wiring.red ?? wiring.lamp;
  const busy = wiring.blue ?? good;
  const show = (use: typeof good, times: number, onMs: number): void => {
    blink(pins, use, times, onMs);
    blink(pins, wiring.vibrator ?? wiring.sounder, times, onMs);
  };
  return {
    show: (signal: ButtonSignal) => {
      switch (signal) {
        case "sent":
          return show(busy, 1, shortMs);
        case "received":
          return show(good, 2, shortMs);
        case "accepted":
          return show(good, 1, 2 * longMs);
        case "given-up":
          return show(bad, 3, longMs);
        case "joining":
          return show(busy, 6, shortMs);
        case "joined":
          return show(good, 3, longMs);
        case "of-no-use":
          return show(bad, 1, longMs);
        case "fall-felt":
          return show(bad, 9, shortMs);
      }
    },
  };
}
