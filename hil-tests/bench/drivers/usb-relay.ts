/**
 * A relay board on a serial port, of the LCUS kind (LC Technology LCUS-1 to -8, CH340): 9,600 baud, frames of four bytes: A0, channel,
 * 1 for on or 0 for off, the sum of the three (the maker's note "LC USB switch communication protocol"). Boards of more than one channel
 * answer FF with a line for each, such as `CH1:ON`; those that do not answer are believed.
 */

import type { SerialLine } from "../../../tools/flash/serial-line.ts";
import type { Driver } from "../actuator.ts";
import { cannot } from "../actuator.ts";
import type { UsbPlace } from "../bench.ts";
import { RigError } from "../rig-error.ts";
import type { SerialBoards } from "../serial-boards.ts";

export interface UsbRelay {
  readonly place: UsbPlace;
  /** From 1. */
  readonly channel: number;
  /** The relay is pulled in while what it switches is off. */
  readonly inverted: boolean;
}

const baud = 9_600;
const start = 0xa0;
const query = Uint8Array.of(0xff);
/** Longer than eight lines take at that rate. */
const answerMs = 150;

export function usbRelay(boards: SerialBoards, { place, channel, inverted }: UsbRelay): Driver {
  return {
    name: "usb-relay",
    set: (value) => {
      if (typeof value === "number") return Promise.reject(cannot("usb-relay", value));
      const pulled = value !== inverted;
      return boards.use(place, baud, async (line) => {
        line.write(frame(channel, pulled));
        const states = await statesOf(line);
        if (states.get(channel) === !pulled)
          throw new RigError("actuator", `relay ${channel} did not move`, "is the board's own power there?");
      });
    },
    check: () =>
      boards.use(place, baud, async (line) => {
        const states = await statesOf(line);
        if (states.size > 0 && !states.has(channel))
          throw new RigError(
            "actuator",
            `the board has no relay ${channel}`,
            `channel 1 to ${states.size} in the bench file`,
          );
      }),
  };
}

function frame(channel: number, pulled: boolean): Uint8Array {
  const state = pulled ? 1 : 0;
  return Uint8Array.of(start, channel, state, (start + channel + state) & 0xff);
}

/** By channel; empty where the board does not tell. */
async function statesOf(line: SerialLine): Promise<ReadonlyMap<number, boolean>> {
  line.write(query);
  let text = "";
  for (let bytes = await line.read(answerMs); bytes !== undefined; bytes = await line.read(answerMs))
    text += Buffer.from(bytes).toString("latin1");
  const found = text.matchAll(/CH(\d+)\s*:\s*(ON|OFF)/g);
  return new Map([...found].map(([, channel, state]) => [Number(channel), state === "ON"]));
}
