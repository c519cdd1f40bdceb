/** What plays a load: light units or whole ones. */

export interface LoadUnits {
  /** Messages whose fate is open. */
  readonly openCount: number;
  /** One more message of the next unit. */
  send(): void;
  /** Sends again what is due, and gives up what has waited too long. Often enough: every 10 ms. */
  tick(): void;
  /** What is still open is lost. */
  close(): void;
}
