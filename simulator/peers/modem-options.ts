/** What a modem's stand-in is given, and what can be made to go wrong in it. */
import type { Timer } from "../../firmware/ports/clock.ts";
import type { Bearer } from "../network/bearer.ts";
import type { Span } from "./modem-line.ts";

export interface ModemHost {
  nowMs(): number;
  after(delayMs: number, callback: () => void): Timer;
  below(n: number): number;
}

export interface ModemPeerOptions {
  readonly bearer: Bearer;
  /** How long an answer takes; 20 to 300 ms where absent. */
  readonly answerMs?: Span;
  /** From power or reset to RDY; 2 to 5 s where absent. */
  readonly bootMs?: Span;
  /** From the start of a search until the bearer's own state is seen; 0.2 to 1.5 s where absent. */
  readonly searchMs?: Span;
  /** The PIN the SIM asks for; absent or "": none. */
  readonly pin?: string;
  readonly sim?: "present" | "absent";
  readonly model?: string;
  /** Whether it has power from the start; true where absent. */
  readonly powered?: boolean;
}

/** What goes wrong in it; each may be changed at any time. */
export interface ModemFaults {
  /** Hears nothing and says nothing. */
  silent: boolean;
  /** Added to each answer's time. */
  slowMs: number;
  /** The next `count` commands of this name are refused, with +CME ERROR `code` where that is 0 or more. */
  refusals: { name: string; code: number; count: number }[];
  /** So many prompts are not said. */
  lostPrompts: number;
  /** So many datagrams meet a full buffer. */
  sendFailures: number;
}
