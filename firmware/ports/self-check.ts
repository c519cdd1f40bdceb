/** What a unit can find out about itself, one check at a time. A check may take its time; the unit goes on serving meanwhile. */
import type { CheckName, Finding } from "../supervision/faults.ts";

export interface SelfCheckPort {
  /** Begins a check; `onFound` comes once, never from inside this call. One check runs at a time. */
  begin(check: CheckName, onFound: (finding: Finding) => void): void;
  /** Ends the running check at once: an alarm needs the radio, the modem or the loudspeaker. No `onFound` comes any more. */
  stop(): void;
}
