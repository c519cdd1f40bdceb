/** What a device is opened with. */
import type { BenchClock, BenchDisk } from "../bench/bench.ts";
import type { Recorder } from "./recording.ts";

export interface DeviceOptions {
  /** On its bench. */
  readonly name: string;
  readonly clock: BenchClock;
  readonly disk: BenchDisk;
  readonly logPath: string;
  /** Opens its service line; undefined: nobody knows it. */
  readonly serviceKey: Uint8Array | undefined;
  /** Where its port is now; undefined: nowhere. */
  readonly locate: () => Promise<string | undefined>;
  /** How long a port may be away, in the bench's time. */
  readonly patienceMs?: number;
  readonly recorder?: Recorder;
}
