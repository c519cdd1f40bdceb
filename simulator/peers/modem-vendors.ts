/** Which vendor's data half a modem's stand-in has: the one its model speaks the dialect of. */
import { dialectOf } from "../../protocol/at/dialects.ts";
import type { ModemPeer } from "./modem.ts";
import type { Cellular } from "./modem-cellular.ts";
import type { CommandTable } from "./modem-line.ts";
import { QuectelSockets } from "./modem-quectel.ts";
import { SimcomSockets } from "./modem-simcom.ts";
import { UbloxSockets } from "./modem-ublox.ts";

/** What a vendor adds: the data half of a modem, and how it tells that it has started. */
export interface ModemSockets {
  readonly commands: CommandTable;
  /** Whether it says at the start how its SIM is. */
  readonly tellsSim: boolean;
  /** Lines said at the start, in order. */
  bootNews(): readonly string[];
}

export function socketsOf(modem: ModemPeer, cellular: Cellular, model: string): ModemSockets {
  const dialect = dialectOf(model)?.name;
  if (dialect === "simcom") return new SimcomSockets(modem, cellular);
  if (dialect === "ublox") return new UbloxSockets(modem, cellular, false);
  if (dialect === "ublox-profile") return new UbloxSockets(modem, cellular, true);
  return new QuectelSockets(modem, cellular);
}
