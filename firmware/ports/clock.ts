/** Time: a monotonic clock in whole milliseconds since the device started, and one-shot timers. No ticks. */
export interface Timer {
  /** After this no callback comes; cancelling twice is allowed. */
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since the device started; never goes back, never jumps. */
  nowMs(): number;
  /** Calls back once, not earlier than `delayMs` (0 or more, integer) from now, never from inside this call. */
  after(delayMs: number, callback: () => void): Timer;
}
