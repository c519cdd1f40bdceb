/** The driver of the SX1262 as a script for engines without hardware: what its wires answer comes with each line, what it does goes back. */
import type { Radio } from "../../../firmware/ports/radio.ts";
import { openSx1262 } from "../../../firmware/radio-chips/sx1262-radio.ts";
import { sx1262Defaults } from "../../../firmware/radio-chips/sx1262-settings.ts";
import type { TalkLine } from "../radio-talk.ts";
import { bytesOf, textOf } from "./parts.ts";

let line: TalkLine = { at: 0, kind: "open", value: 0, replies: [] };
let next = 0;
let told = "";
const timers: (() => void)[] = [];
const watchers: ((high: boolean) => void)[] = [];
const radios: Radio[] = [];

function tell(what: string): void {
  told += what + "\n";
}

/** What the wires answered at this place of the talk; nothing where the driver asks more than it did. */
function reply(): string {
  return line.replies[next++] ?? "";
}

function level(which: number, name: string) {
  return (options: { readonly onChange: (high: boolean) => void }) => {
    watchers[which] = options.onChange;
    return {
      isHigh: () => {
        tell(name);
        return reply() === "high";
      },
      close: () => {},
    };
  };
}

function open(): void {
  const openRadio = openSx1262({
    clock: {
      nowMs: () => line.at,
      after: (_, run) => {
        timers.push(run);
        return { cancel: () => {} };
      },
    },
    wires: {
      openSpi: () => ({
        transfer: (bytes, into) => {
          tell("spi " + textOf(bytes));
          into.set(bytesOf(reply()));
        },
        close: () => {},
      }),
      openBusy: level(0, "busy?"),
      openInterrupt: level(1, "dio1?"),
      holdReset: (isHeld) => tell(isHeld ? "reset" : "run"),
    },
    secrets: {
      random: (into) => {
        into.fill(7);
      },
      aes: () => {
        throw new Error("a radio ciphers nothing");
      },
    },
    settings: sx1262Defaults,
  });
  radios.push(
    openRadio({ onReadable: (count) => tell("readable " + count), onBusy: (forMs) => tell("busy " + forMs) }),
  );
}

function play(): void {
  const radio = radios[0] as Radio;
  if (line.kind === "open") open();
  else if (line.kind === "timer") (timers[line.value] as () => void)();
  else if (line.kind === "busy" || line.kind === "dio1")
    (watchers[line.kind === "busy" ? 0 : 1] as (high: boolean) => void)(line.value === 1);
  else if (line.kind === "listen") radio.listen(line.value);
  else if (line.kind === "send") {
    const bytes = new Uint8Array(line.value);
    bytes.fill(line.value);
    radio.send(bytes);
  } else {
    const packet = radio.read();
    if (packet !== undefined) tell("packet " + textOf(packet.bytes) + " " + packet.rssiDbm);
  }
}

livlina = {
  start: () => "",
  hear: () => "",
  vectors: (_, text) => {
    line = JSON.parse(text) as TalkLine;
    next = 0;
    told = "";
    play();
    return told;
  },
};
