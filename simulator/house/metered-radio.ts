/** A radio that says what it takes from the battery: each packet for its air time, each window for as long as it listens. */
import type { OpenRadio } from "../../firmware/ports/radio.ts";
import { airTimeUs } from "../../protocol/radio/airtime.ts";

export interface RadioMeter {
  readonly nowMs: () => number;
  readonly sendUa: number;
  /** 0 where listening is part of the standby, as in a unit that listens for ever. */
  readonly listenUa: number;
  /** Called before a packet goes out and after a window has ended; false: the battery cannot carry it, and nothing is sent. */
  readonly spend: (nc: number) => boolean;
}

/** The same port, metered. A window is paid for when it is over, or when the next one is asked for. */
export function meteredRadio(open: OpenRadio, meter: RadioMeter): OpenRadio {
  return (options) => {
    const radio = open(options);
    let fromMs = 0;
    let untilMs = 0;
    const pay = (): boolean => {
      const nowMs = meter.nowMs();
      const listenedMs = Math.max(0, Math.min(nowMs, untilMs) - fromMs);
      fromMs = nowMs;
      return listenedMs === 0 || meter.spend(listenedMs * meter.listenUa);
    };
    return {
      send: (bytes) => {
        if (meter.spend(Math.ceil((airTimeUs(bytes.length) * meter.sendUa) / 1_000))) radio.send(bytes);
      },
      listen: (forMs) => {
        if (meter.listenUa > 0) {
          if (!pay()) return;
          untilMs = fromMs + (forMs < 0 ? Number.MAX_SAFE_INTEGER - fromMs : forMs);
        }
        radio.listen(forMs);
      },
      read: () => radio.read(),
      close: () => {
        if (meter.listenUa > 0) pay();
        radio.close();
      },
    };
  };
}
