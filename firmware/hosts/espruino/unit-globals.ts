/** The engine's globals and modules that a unit's host is made of. Named here alone. */
import { lines } from "livlina:board";
import type { Dgram, EngineE, Pins, RawFlash, SpiBus, Timers, Uart, WifiModule } from "./engine.ts";
import type { EngineObjects } from "./unit-host.ts";

interface UnitGlobals extends Timers, Pins {
  require(name: string): unknown;
  load(): void;
  setInterval(run: () => void, ms: number): void;
}
declare const global: UnitGlobals & { readonly [name: string]: unknown };
declare const E: EngineE;
declare const SPI1: SpiBus;
declare const process: { on(event: "uncaughtException", callback: () => void): void };

const watchdogS = 30;
const feedMs = 10_000;

export function engineObjects(): EngineObjects {
  const wifi = global.require("Wifi") as WifiModule;
  wifi.restore();
  process.on("uncaughtException", () => global.load());
  E.enableWatchdog(watchdogS, false);
  global.setInterval(() => E.kickWatchdog(), feedMs);
  return {
    globals: global,
    e: E,
    flash: global.require("Flash") as RawFlash,
    dgram: global.require("dgram") as Dgram,
    radioBus: SPI1,
    service: uartOf(lines.service),
    modem: uartOf(lines.modem),
    address: () => {
      const ip = wifi.getIP().ip;
      return ip === "0.0.0.0" ? "" : ip;
    },
    nameServers: () => [],
    restart: () => global.load(),
  };
}

function uartOf(wiring: { readonly port: string | number } | undefined): Uart {
  return global[wiring === undefined ? "Serial1" : wiring.port] as Uart;
}
