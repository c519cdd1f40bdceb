/**
 * Why the device started, and how it starts anew.
 *
 * The watchdog is the host's own affair and needs no timer here: the host feeds it each time its event loop has run every
 * due callback to its end, and never sleeps longer than half the watchdog's period. So a callback that hangs is not fed
 * for, and the chip starts anew within 30 s; what throws out of a callback is written down by the host, which then starts
 * anew with the cause `fault`. From the start to alarm-ready it has 60 s less those 30.
 */

/**
 * `power-on`: somebody switched it on, or the supply came back. `ordered` and `update`: we asked for it. `watchdog`, `fault`
 * (an exception, or never alarm-ready), `brown-out` and `unknown` are the starts of which too many are a boot loop.
 */
export type StartCause = "power-on" | "ordered" | "update" | "watchdog" | "fault" | "brown-out" | "unknown";

export interface Starts {
  /** Of this start; the host knows it from the chip's reset register, or from what `restart` was told. */
  readonly cause: StartCause;
  /** Starts the device anew, at once and for good: no callback comes after it. */
  restart(cause: "ordered" | "update" | "fault"): void;
}
