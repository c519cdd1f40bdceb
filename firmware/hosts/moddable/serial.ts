/** The Serial port over ECMA-419 IO: one UART of the board. */
import type { OpenSerial, Serial, SerialOptions } from "../../ports/serial.ts";
import type { SerialWiring } from "../board.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { ByteIo, SerialIo } from "./ecma419.ts";

const leastRoom = 2_048;

/** Lines on these pins; what the firmware asks for decides the speed. */
export function serialOver(io: SerialIo, wiring: SerialWiring): OpenSerial {
  return (options) => new UartSerial(io, wiring, options);
}

class UartSerial implements Serial {
  private readonly io: ByteIo;
  private readonly queue: ByteQueue;
  private closed: boolean;

  constructor(io: SerialIo, wiring: SerialWiring, options: SerialOptions) {
    this.closed = false;
    this.queue = new ByteQueue("serial", leastRoom, (bytes) => {
      this.io.write(bytes);
    });
    this.io = new io({
      format: "buffer",
      baud: options.baud,
      port: wiring.port as number,
      receive: wiring.receive as number,
      transmit: wiring.transmit as number,
      onReadable: (count) => {
        if (!this.closed) options.onReadable(count);
      },
      onWritable: (count) => {
        if (!this.closed) this.queue.grant(count);
      },
    });
  }

  read(): Uint8Array | undefined {
    const bytes = this.closed ? undefined : this.io.read();
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }

  write(bytes: Uint8Array): void {
    if (!this.closed) this.queue.push(bytes);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.io.close();
  }
}
