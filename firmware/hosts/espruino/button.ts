/** A wrist button on Espruino: its ports, made of the engine's globals and the board's wiring. Started from Storage at boot. */
import { factory, journal, pins, radio, version } from "livlina:board";
import { buttonDefaults } from "../../button/button-settings.ts";
import { openBleRadio } from "../../radio-chips/ble-radio.ts";
import { WristButton } from "../../wrist-button.ts";
import { readButtonFactory } from "../button-factory.ts";
import { bleOver } from "./ble.ts";
import { buttonSignals } from "./button-signals.ts";
import { EspruinoClock } from "./clock.ts";
import type { EngineE, Livlina, Nrf, Pins, ProcessObject, RawFlash, Timers } from "./engine.ts";
import { EspruinoFlash } from "./flash.ts";
import { inputOn } from "./pins.ts";
import { secretsOf } from "./secrets.ts";

declare const global: Timers &
  Pins & {
    livlina: Livlina;
    require(name: "Flash"): RawFlash;
    load(): void;
    setInterval(run: () => void, ms: number): void;
  };
declare const E: EngineE;
declare const NRF: Nrf;
declare const process: ProcessObject;

const watchdogS = 60;
const feedMs = 20_000;
/** After a fault of ours the program starts anew, not so soon that a fault at each start would wear the flash out. */
const restartMs = 5_000;
const pageLength = 64;

function start(): void {
  process.on("uncaughtException", () => global.setTimeout(global.load, restartMs));
  const raw = global.require("Flash");
  const given = readButtonFactory(raw.read(pageLength, factory.address));
  const signals = buttonSignals(global, pins);
  if (!given.ok || pins.contact === undefined || radio.chip !== "ble") {
    signals.show("of-no-use");
    return;
  }
  const clock = new EspruinoClock(global);
  const button = new WristButton(
    {
      clock,
      secrets: secretsOf(E),
      flash: new EspruinoFlash(raw, journal),
      openRadio: openBleRadio({ openBle: bleOver(NRF, radio.powerDbm), clock }),
      openContact: inputOn(global, pins.contact),
      signals,
      batteryMv: () => Math.floor(NRF.getBattery() * 1000),
      observe: undefined,
    },
    { address: given.value.address, label: given.value.label },
    Object.assign({}, buttonDefaults, { form: given.value.form }),
  );
  global.livlina = { state: () => ({ pending: button.isCalling ? 1 : 0, version }) };
  E.enableWatchdog(watchdogS, false);
  global.setInterval(() => E.kickWatchdog(), feedMs);
}

start();
