/** An actuator by name over a driver: what may be asked of it, and how it is left. Drivers know nothing of devices. */
import type { Actuator, BenchClock, Moves } from "./bench.ts";
import { RigError } from "./rig-error.ts";

/** What moves something, by wire, by net or by hand. Every word rejects with RigError. */
export interface Driver {
  /** As a bench file names it. */
  readonly name: string;
  set(value: boolean | number): Promise<void>;
  /** Whether what it works with answers; moves nothing. */
  check(): Promise<void>;
}

export interface ActuatorParts {
  readonly name: string;
  readonly moves: Moves;
  readonly of: string;
  readonly driver: Driver;
  readonly clock: BenchClock;
}

export function actuatorOf({ name, moves, of, driver, clock }: ActuatorParts): Actuator {
  const named = <T>(work: Promise<T>): Promise<T> =>
    work.catch((thrown: unknown) => {
      throw thrown instanceof RigError ? new RigError("actuator", `${name}: ${thrown.message}`, thrown.hint) : thrown;
    });
  const set = async (value: boolean | number): Promise<void> => {
    if ((moves === "attenuation") === (typeof value === "number")) return named(driver.set(value));
    throw new RigError("actuator", `${name} cannot be set to ${value}`, moves === "attenuation" ? "dB" : "on or off");
  };
  return {
    name,
    moves,
    of,
    driver: driver.name,
    set,
    check: () => named(driver.check()),
    pulse: async (forMs) => {
      await set(true);
      await new Promise<void>((resolve) => clock.after(forMs, resolve));
      await set(false);
    },
  };
}

/** How an actuator is left unless its bench file says otherwise: as in a home where nobody does anything. */
export function restOf(moves: Moves): boolean | number {
  if (moves === "attenuation") return 0;
  return moves !== "press";
}

/** A driver that is asked for what it cannot do. */
export function cannot(driver: string, value: boolean | number): RigError {
  return new RigError("actuator", `${driver} cannot set ${value}`, "another driver in the bench file");
}
