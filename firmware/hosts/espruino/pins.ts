/** Inputs and lamps by the board's wiring. */
import type { OpenInput } from "../../ports/pin.ts";
import type { PinUse } from "../board.ts";
import type { Pins, WatchEvent } from "./engine.ts";

export function inputOn(pins: Pins, use: PinUse): OpenInput {
  return (options) => {
    pins.pinMode(use.pin, use.pull === undefined ? "input" : use.pull === "up" ? "input_pullup" : "input_pulldown");
    const heard = (event: WatchEvent): void => options.onChange(event.state === (use.active === "high"));
    const watch = pins.setWatch(heard, use.pin, { repeat: true, edge: "both" });
    return { close: () => pins.clearWatch(watch) };
  };
}

/** Whether the input is on now. */
export function isOn(pins: Pins, use: PinUse): boolean {
  return (pins.digitalRead(use.pin) === 1) === (use.active === "high");
}

export function turn(pins: Pins, use: PinUse, on: boolean): void {
  pins.digitalWrite(use.pin, on === (use.active === "high") ? 1 : 0);
}

/** On for `onMs`, so many times, with pauses of the same length. */
export function blink(pins: Pins, use: PinUse | undefined, times: number, onMs: number): void {
  if (use === undefined) return;
  const timesMs: number[] = [];
  for (let i = 1; i < 2 * times; i++) timesMs.push(onMs);
  pins.digitalPulse(use.pin, use.active === "high" ? 1 : 0, timesMs);
}
