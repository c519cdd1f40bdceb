/** The Starts port on an ESP32 under XS: the chip's reset register, and a note of ours in NVS where we ordered the start ourselves. */
import type { StartCause, Starts } from "../../ports/starts.ts";

/** The engine's modules "resetReason", "preference" and "embedded:io/system", as far as they are needed. */
export interface StartModules {
  /** Codes of ESP-IDF's `esp_reset_reason_t`. */
  resetReason(): { readonly reason: number };
  readonly notes: {
    get(domain: string, key: string): unknown;
    set(domain: string, key: string, value: string): void;
    delete(domain: string, key: string): void;
  };
  readonly system: { restart(): void };
}

const domain = "livlina";
const key = "restart";
const bySoftware = 3;

/** Reads the note and takes it away: it holds for one start. */
export function startsOver(modules: StartModules): Starts {
  const note = modules.notes.get(domain, key);
  if (note !== undefined) modules.notes.delete(domain, key);
  return {
    cause: causeOf(modules.resetReason().reason, note),
    restart: (cause) => {
      modules.notes.set(domain, key, cause);
      modules.system.restart();
    },
  };
}

function causeOf(reason: number, note: unknown): StartCause {
  switch (reason) {
    // Power, and the reset pin: somebody was there.
    case 1:
    case 2:
      return "power-on";
    // Without a note the engine itself has ended a program that threw.
    case bySoftware:
      return note === "ordered" || note === "update" ? note : "fault";
    // A panic of the chip.
    case 4:
      return "fault";
    case 5:
    case 6:
    case 7:
      return "watchdog";
    case 9:
      return "brown-out";
    default:
      return "unknown";
  }
}
