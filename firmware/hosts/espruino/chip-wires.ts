/** The wires of the radio chip: the engine's SPI, and the pins beside it. */
import type { ChipWires, OpenLevel } from "../../ports/spi.ts";
import type { SpiRadioWiring } from "../board.ts";
import type { Pins, SpiBus } from "./engine.ts";

/** The chip takes 16 MHz; half of it leaves room for long wires. */
const busHz = 8_000_000;

export function chipWiresOver(bus: SpiBus, pins: Pins, wiring: SpiRadioWiring): ChipWires {
  return {
    openSpi: () => {
      bus.setup({ sck: wiring.clock, miso: wiring.in, mosi: wiring.out, baud: busHz, mode: 0 });
      pins.digitalWrite(wiring.select, 1);
      return { transfer: (bytes, into) => into.set(bus.send(bytes, wiring.select)), close: () => {} };
    },
    openBusy: levelOver(pins, wiring.busy),
    openInterrupt: levelOver(pins, wiring.interrupt),
    holdReset: (held) => pins.digitalWrite(wiring.reset, held ? 0 : 1),
  };
}

function levelOver(pins: Pins, pin: string | number): OpenLevel {
  return (options) => {
    pins.pinMode(pin, "input");
    const watch = pins.setWatch((event) => options.onChange(event.state), pin, { repeat: true, edge: "both" });
    return { isHigh: () => pins.digitalRead(pin) === 1, close: () => pins.clearWatch(watch) };
  };
}
