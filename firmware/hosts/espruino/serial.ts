/** The Serial port over one of the engine's UARTs. The engine has no say when a byte has left: it takes all, and waits where its buffer is full. */
import type { OpenSerial } from "../../ports/serial.ts";
import type { SerialWiring } from "../board.ts";
import { BytesHeard } from "./bytes.ts";
import type { Uart } from "./engine.ts";

const heardLimit = 4_096;

/** `where`: the pins, or on a desktop the path of a line. What the firmware asks for decides the speed. */
export function serialOver(uart: Uart, where: Pick<SerialWiring, "receive" | "transmit"> | string): OpenSerial {
  return (options) => {
    const heard = new BytesHeard(heardLimit);
    uart.setup(options.baud, typeof where === "string" ? { path: where } : { rx: where.receive, tx: where.transmit });
    let closed = false;
    uart.on("data", (text) => {
      if (closed) return;
      heard.put(text);
      options.onReadable(heard.count);
    });
    return {
      read: () => (closed ? undefined : heard.take()),
      write: (bytes) => {
        if (!closed) uart.write(bytes);
      },
      close: () => {
        closed = true;
        uart.removeAllListeners("data");
      },
    };
  };
}
