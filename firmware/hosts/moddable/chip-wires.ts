/** The wires of the radio chip over ECMA-419: its SPI bus, and the pins beside it. */
import type { ChipWires, OpenLevel, Spi } from "../../ports/spi.ts";
import type { SpiRadioWiring } from "../board.ts";
import type { DigitalIo, SpiBus, SpiIo } from "./ecma419.ts";
import { outputOver, watchPin } from "./pins.ts";

/** The chip takes 16 MHz; half of it leaves room for long wires. */
const busHz = 8_000_000;

export function chipWiresOver(spi: SpiIo, digital: DigitalIo, wiring: SpiRadioWiring): ChipWires {
  return {
    openSpi: () => new ChipBus(spi, wiring),
    openBusy: levelOver(digital, wiring.busy as number),
    openInterrupt: levelOver(digital, wiring.interrupt as number),
    holdReset: outputOver(digital, { pin: wiring.reset, active: "low" }),
  };
}

class ChipBus implements Spi {
  private readonly bus: SpiBus;

  constructor(io: SpiIo, wiring: SpiRadioWiring) {
    this.bus = new io({
      port: wiring.port as number,
      clock: wiring.clock as number,
      in: wiring.in as number,
      out: wiring.out as number,
      select: wiring.select as number,
      active: 0,
      hz: busHz,
      mode: 0,
    });
  }

  transfer(bytes: Uint8Array, into: Uint8Array): void {
    const exchanged = into.subarray(0, bytes.length);
    exchanged.set(bytes);
    this.bus.transfer(exchanged);
    // Only this lets the chip go.
    this.bus.flush(true);
  }

  close(): void {
    this.bus.close();
  }
}

function levelOver(io: DigitalIo, pin: number): OpenLevel {
  return (options) => {
    const input = watchPin(io, { pin, active: "high" }, (high) => options.onChange(high));
    return { isHigh: () => input.read() === 1, close: () => input.close() };
  };
}
