/**
 * The host of a unit on Espruino: its ports, made of the engine's objects, which come as values. The engine's own TLS does not check the
 * other side, so that no stream port is offered: receivers are reached by datagrams, or through the modem's TLS.
 */
import type { UnitHost } from "../../ports/host.ts";
import type { KeyName, OpenKeys } from "../../ports/keys.ts";
import { openSx1262 } from "../../radio-chips/sx1262-radio.ts";
import { sx1262Defaults } from "../../radio-chips/sx1262-settings.ts";
import type { BoardPins, BoardWiring } from "../board.ts";
import { LampBlinker, type LightLamp } from "../lamp-blinker.ts";
import { nameClient } from "../name-client.ts";
import { chipWiresOver } from "./chip-wires.ts";
import { EspruinoClock } from "./clock.ts";
import { datagramsOver } from "./datagrams.ts";
import type { Dgram, EngineE, Pins, RawFlash, SpiBus, Timers, Uart } from "./engine.ts";
import { EspruinoFlash } from "./flash.ts";
import { inputOn, turn } from "./pins.ts";
import { secretsOf } from "./secrets.ts";
import { serialOver } from "./serial.ts";

/** What the engine supplies. */
export interface EngineObjects {
  readonly globals: Timers & Pins;
  readonly e: EngineE;
  readonly flash: RawFlash;
  readonly dgram: Dgram;
  readonly radioBus: SpiBus;
  readonly service: Uart;
  readonly modem: Uart;
  /** As the network gave it; empty without one. */
  readonly address: () => string;
  readonly nameServers: () => readonly string[];
  readonly restart: () => void;
}

/** Every port that this board can supply. */
export function unitHostOf(
  board: Pick<BoardWiring, "pins" | "lines" | "radio" | "journal">,
  engine: EngineObjects,
): UnitHost {
  const wiring = board.radio;
  if (wiring.chip !== "sx1262") throw new Error("host: no such radio");
  const pins = engine.globals;
  const clock = new EspruinoClock(engine.globals);
  const secrets = secretsOf(engine.e);
  const openBroadband = datagramsOver({
    dgram: engine.dgram,
    clock,
    random: secrets.random,
    address: engine.address,
  });
  const lines = board.lines;
  const lid = board.pins.lid;
  return {
    clock,
    secrets,
    flash: new EspruinoFlash(engine.flash, board.journal),
    openRadio: openSx1262({
      wires: chipWiresOver(engine.radioBus, pins, wiring),
      clock,
      secrets,
      settings: Object.assign({}, sx1262Defaults, { tcxoMv: wiring.tcxoMv, switchByChip: wiring.switchByChip }),
    }),
    openBroadband,
    lookUp: nameClient({ open: openBroadband, clock, servers: engine.nameServers, random: secrets.random }),
    openModemLine: lines.modem === undefined ? undefined : serialOver(engine.modem, lines.modem),
    openServiceLine: lines.service === undefined ? undefined : serialOver(engine.service, lines.service),
    signals: new LampBlinker(clock, lampOn(pins, board.pins)),
    openKeys: keysOn(pins, board.pins),
    openLid: lid === undefined ? undefined : inputOn(pins, lid),
    starts: { cause: "unknown", restart: () => engine.restart() },
    observe: undefined,
  };
}

function keysOn(pins: Pins, wiring: BoardPins): OpenKeys {
  const names: readonly KeyName[] = ["help", "cancel", "query", "presence", "away"];
  return (options) => {
    const opened: { close(): void }[] = [];
    names.forEach((name) => {
      const use = wiring[name];
      if (use !== undefined) opened.push(inputOn(pins, use)({ onChange: (closed) => options.onChange(name, closed) }));
    });
    return {
      close: () => {
        for (const input of opened) input.close();
      },
    };
  };
}

/** One lamp for every colour, or the three of a lamp of three colours: yellow is red and green. */
function lampOn(pins: Pins, wiring: BoardPins): LightLamp {
  const lit = (use: BoardPins["lamp"], on: boolean): void => {
    if (use !== undefined) turn(pins, use, on);
  };
  return (colour) => {
    lit(wiring.lamp, colour !== "none");
    lit(wiring.red, colour === "red" || colour === "yellow");
    lit(wiring.green, colour === "green" || colour === "yellow");
    lit(wiring.blue, colour === "blue");
  };
}
