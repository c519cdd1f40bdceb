/**
 * A serial line in the shape of a browser's (wicg.github.io/serial), which is what esptool-js speaks to: two streams, control
 * signals, a baud rate that can be changed in place. The line itself stays open; its owner closes it.
 */
import { ReadableStream, WritableStream } from "node:stream/web";
import type { SerialLine } from "./serial-line.ts";

export interface WebSerialSignals {
  readonly dataTerminalReady?: boolean;
  readonly requestToSend?: boolean;
  readonly break?: boolean;
}

export interface WebSerialInfo {
  readonly usbVendorId?: number;
  readonly usbProductId?: number;
}

/** How often it is looked whether the reader has gone. */
const lookMs = 200;

export class WebSerialPort {
  readable: ReadableStream<Uint8Array> | null;
  writable: WritableStream<Uint8Array> | null;
  /** False once a control signal had no effect: the chip cannot be reset from here. */
  hasControl: boolean;
  private readonly line: SerialLine;
  private readonly info: WebSerialInfo;
  private dtr: boolean;
  private rts: boolean;

  constructor(line: SerialLine, info: WebSerialInfo = {}) {
    this.line = line;
    this.info = info;
    this.readable = null;
    this.writable = null;
    this.hasControl = true;
    this.dtr = false;
    this.rts = false;
  }

  getInfo(): WebSerialInfo {
    return this.info;
  }

  async open(options: { readonly baudRate: number }): Promise<void> {
    const line = this.line;
    await line.setBaud(options.baudRate);
    let ended = false;
    this.readable = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          while (!ended) {
            const bytes = await line.read(lookMs);
            if (bytes === undefined) continue;
            controller.enqueue(bytes);
            return;
          }
        },
        cancel() {
          ended = true;
        },
      },
      { highWaterMark: 0 },
    );
    this.writable = new WritableStream<Uint8Array>({ write: (bytes) => line.write(bytes) });
  }

  async close(): Promise<void> {
    this.readable = null;
    this.writable = null;
  }

  /** Names not given keep their level. A line without control lines is no error here: see `hasControl`. */
  async setSignals(signals: WebSerialSignals): Promise<void> {
    this.dtr = signals.dataTerminalReady ?? this.dtr;
    this.rts = signals.requestToSend ?? this.rts;
    this.hasControl = await this.line.setControl({ dtr: this.dtr, rts: this.rts });
  }

  /** esptool-js changes the rate in place where a port can. */
  async setBaudRate(baud: number): Promise<void> {
    await this.line.setBaud(baud);
  }
}
