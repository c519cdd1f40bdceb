/** Joins the adapters to the host of a unit. The engine's modules come as values, so that a test can give others. */
import type { UnitHost } from "../../ports/host.ts";
import { openSx1262 } from "../../radio-chips/sx1262-radio.ts";
import { sx1262On } from "../../radio-chips/sx1262-settings.ts";
import type { BoardWiring } from "../board.ts";
import { LampBlinker } from "../lamp-blinker.ts";
import { nameClient } from "../name-client.ts";
import { chipWiresOver } from "./chip-wires.ts";
import { type TimeModule, type TimerModule, XsClock } from "./clock.ts";
import { datagramsOver } from "./datagrams.ts";
import type { DigitalIo, FlashIo, NetworkIo, SerialIo, SpiIo, TcpIo, TlsIo, UdpIo } from "./ecma419.ts";
import { flashOver } from "./flash.ts";
import { NetworkLink } from "./link.ts";
import { inputOver, keysOver, lampOver } from "./pins.ts";
import { type CryptModule, type RandomModule, secretsOver } from "./secrets.ts";
import { serialOver } from "./serial.ts";
import { type StartModules, startsOver } from "./starts.ts";
import { streamsOver } from "./streams.ts";

/** What the engine supplies. */
export interface EngineModules<T> {
  readonly crypt: CryptModule;
  readonly random: RandomModule;
  readonly timers: TimerModule<T>;
  readonly time: TimeModule;
  readonly flash: FlashIo;
  readonly serial: SerialIo;
  readonly digital: DigitalIo;
  readonly spi: SpiIo;
  readonly udp: UdpIo;
  readonly tcp: TcpIo;
  readonly tls: TlsIo;
  readonly network: NetworkIo;
  readonly starts: StartModules;
  /** As the network told them; none before it did. */
  readonly nameServers: () => readonly string[];
}

/** Every port that this board can supply. */
export function unitHostOf<T>(board: BoardWiring, engine: EngineModules<T>): UnitHost {
  const wiring = board.radio;
  if (wiring.chip !== "sx1262") throw new Error("host: this board's radio is not known to XS");
  const clock = new XsClock(engine.timers, engine.time);
  const secrets = secretsOver(engine.crypt, engine.random);
  const link = new NetworkLink(engine.network);
  const openBroadband = datagramsOver({ io: engine.udp, link, clock, random: secrets.random });
  const service = board.lines.service;
  const modem = board.lines.modem;
  const lid = board.pins.lid;
  return {
    clock,
    secrets,
    flash: flashOver(engine.flash, "journal", board.journal),
    openRadio: openSx1262({
      wires: chipWiresOver(engine.spi, engine.digital, wiring),
      clock,
      secrets,
      settings: sx1262On(wiring.tcxoMv, wiring.switchByChip, true),
    }),
    openBroadband,
    openBroadbandStream: streamsOver({ tcp: engine.tcp, tls: engine.tls, link, clock }),
    lookUp: nameClient({ open: openBroadband, clock, servers: engine.nameServers, random: secrets.random }),
    openModemLine: modem === undefined ? undefined : serialOver(engine.serial, modem),
    openServiceLine: service === undefined ? undefined : serialOver(engine.serial, service),
    signals: new LampBlinker(clock, lampOver(engine.digital, board.pins)),
    openKeys: keysOver(engine.digital, board.pins),
    openLid: lid === undefined ? undefined : inputOver(engine.digital, lid),
    starts: startsOver(engine.starts),
    observe: undefined,
  };
}
