/** What the simulated world does with a recorded device's timers, flash and radio, and what stands in its flash as it starts. */
import type { Clock, Timer } from "../../firmware/ports/clock.ts";
import type { Flash } from "../../firmware/ports/flash.ts";
import type { OpenRadio, Radio } from "../../firmware/ports/radio.ts";
import type { Input, ListHead } from "./guest/list.ts";
import { bytesAt, latin, numberAt } from "./part-of.ts";
import type { Surrounding } from "./recording.ts";

export type Hear = (...input: Input) => void;

export interface CorePorts {
  readonly clock: Clock;
  readonly flash: Flash;
  readonly openRadio: OpenRadio;
}

/** `hearsBusy`: it listens for ever, and hears of energy that gives no packet. */
export function coreOrders(ports: CorePorts, hearsBusy: boolean, hear: Hear): Surrounding["orders"] {
  const timers = new Map<number, Timer>();
  let radio: Radio | undefined;
  const openRadio = (): void => {
    radio = ports.openRadio({
      onReadable: () => {
        for (let packet = radio?.read(); packet !== undefined; packet = radio?.read())
          hear("radio", latin(packet.bytes), packet.rssiDbm);
      },
      ...(hearsBusy ? { onBusy: (forMs: number) => hear("radio-busy", forMs) } : {}),
    });
  };
  return {
    after: (parts) => {
      const number = numberAt(parts, 0);
      const fire = (): void => {
        timers.delete(number);
        hear("timer", number);
      };
      timers.set(number, ports.clock.after(numberAt(parts, 1), fire));
    },
    cancel: (parts) => {
      timers.get(numberAt(parts, 0))?.cancel();
      timers.delete(numberAt(parts, 0));
    },
    erase: (parts) => must(ports.flash.erase(numberAt(parts, 0))),
    program: (parts) => must(ports.flash.program(numberAt(parts, 0), bytesAt(parts, 1))),
    "radio.open": openRadio,
    "radio.send": (parts) => radio?.send(bytesAt(parts, 0)),
    "radio.listen": (parts) => radio?.listen(numberAt(parts, 0)),
    "radio.close": () => radio?.close(),
  };
}

/** The sizes of a chip, and the pieces of it that are not erased. */
export function flashHead(flash: Flash): Pick<ListHead, "sectorSize" | "sectorCount" | "programUnit" | "flash"> {
  const { sectorSize, sectorCount, programUnit } = flash;
  const pieces: [number, string][] = [];
  const sector = new Uint8Array(sectorSize);
  for (let index = 0; index < sectorCount; index++) {
    flash.read(index * sectorSize, sector);
    const last = sector.findLastIndex((byte) => byte !== 0xff);
    if (last >= 0) pieces.push([index * sectorSize, latin(sector.subarray(0, last + 1))]);
  }
  return { sectorSize, sectorCount, programUnit, flash: pieces };
}

function must(done: boolean): void {
  if (!done) throw new Error("recording: a list has no place for a chip that fails");
}
