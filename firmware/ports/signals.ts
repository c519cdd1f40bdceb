/** Lamp, sound, vibration and speech: what a host does with a signal is its own affair, that it is noticed is its duty. */
import type { ButtonSignal, LampSignal } from "../signals.ts";

export interface ButtonSignals {
  show(signal: ButtonSignal): void;
}

export interface UnitSignals {
  show(signal: LampSignal): void;
}
