/** The engine's own modules, named here alone: what the adapters are made of on a board. */

import resetReason from "resetReason";
import Digital from "embedded:io/digital";
import Serial from "embedded:io/serial";
import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import UDP from "embedded:io/socket/udp";
import SPI from "embedded:io/spi";
import System from "embedded:io/system";
import Ethernet from "embedded:network/interface/ethernet";
import flash from "embedded:storage/flash";
import crypt from "crypt";
// biome-ignore lint/style/useNodejsImportProtocol: the engine has a module of that name, too.
import Net from "net";
import Preference from "preference";
import random from "rng";
import Time from "time";
import Timer from "timer";
import type { SerialIo, TcpIo } from "./ecma419.ts";
import type { EngineModules } from "./unit-host.ts";

// In the format that is asked for, reading never answers a number.
export const engine: EngineModules<Timer> = {
  crypt,
  random,
  timers: Timer,
  time: Time,
  flash,
  serial: Serial as unknown as SerialIo,
  digital: Digital,
  spi: SPI,
  udp: UDP,
  tcp: TCP as unknown as TcpIo,
  tls: TLSSocket,
  network: Ethernet,
  starts: { resetReason, notes: Preference, system: System },
  nameServers: () => Net.get("DNS"),
};
