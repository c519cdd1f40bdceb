/** The datagram port over the engine's module "dgram". The network is there or not as `link` says; names are looked up by the firmware. */
import type { Clock, Timer } from "../../ports/clock.ts";
import type { Datagram, DatagramOptions, DatagramSocket, Endpoint, OpenDatagramSocket } from "../../ports/socket.ts";
import { bytesOf, textOf } from "./bytes.ts";
import type { Dgram, UdpSocket } from "./engine.ts";

const mostWaiting = 8;
const longestDatagram = 1_460;
/** The engine does not tell which port it has chosen, so one is drawn from those for private use (RFC 6335 6). */
const privatePorts = 49_152;
const privateCount = 16_384;
const lookMs = 5_000;

export interface DatagramParts {
  readonly dgram: Dgram;
  readonly clock: Clock;
  /** Fills bytes with chance. */
  readonly random: (into: Uint8Array) => void;
  /** The address that the network gave; empty without one. */
  readonly address: () => string;
}

export function datagramsOver(parts: DatagramParts): OpenDatagramSocket {
  return (options) => new EspruinoDatagrams(parts, options);
}

class EspruinoDatagrams implements DatagramSocket {
  private readonly parts: DatagramParts;
  private readonly options: DatagramOptions;
  private readonly port: number;
  private readonly heard: Datagram[];
  private socket: UdpSocket | undefined;
  private address: string;
  private timer: Timer | undefined;

  constructor(parts: DatagramParts, options: DatagramOptions) {
    this.parts = parts;
    this.options = options;
    this.port = options.localPort === 0 ? drawnPort(parts.random) : options.localPort;
    this.heard = [];
    this.socket = undefined;
    this.address = "";
    this.timer = undefined;
    this.look(0);
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.socket !== undefined && bytes.length <= longestDatagram) this.socket.send(textOf(bytes), to.port, to.host);
  }

  read(): Datagram | undefined {
    return this.heard.shift();
  }

  close(): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
    this.drop();
  }

  /** Whether the network has come or gone, after so long and then again and again: the engine tells it for Wi-Fi alone. */
  private look(afterMs: number): void {
    this.timer = this.parts.clock.after(afterMs, () => {
      this.look(lookMs);
      const address = this.parts.address();
      if (address === this.address) return;
      this.address = address;
      this.drop();
      if (address === "") this.options.onFault("no-link");
      else this.open(address);
    });
  }

  private open(address: string): void {
    const socket = this.parts.dgram.createSocket({ type: "udp4", recvBufferSize: longestDatagram });
    this.socket = socket;
    socket.on("message", (text, from) => {
      if (this.socket !== socket || this.heard.length >= mostWaiting) return;
      this.heard.push({ bytes: bytesOf(text), from: { host: from.address, port: from.port } });
      this.options.onReadable(this.heard.length);
    });
    socket.on("error", () => {
      if (this.socket === socket) this.address = "";
    });
    socket.bind(this.port);
    this.options.onReady({ host: address, port: this.port });
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    if (socket !== undefined) socket.close();
  }
}

function drawnPort(random: (into: Uint8Array) => void): number {
  const bytes = new Uint8Array(2);
  random(bytes);
  return privatePorts + (((bytes[0] as number) * 256 + (bytes[1] as number)) % privateCount);
}
