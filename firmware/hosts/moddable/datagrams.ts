/** The datagram port over ECMA-419 UDP and the board's link. Names are looked up by the firmware: only addresses come here. */
import type { Clock, Timer } from "../../ports/clock.ts";
import type {
  Datagram,
  DatagramOptions,
  DatagramSocket,
  Endpoint,
  OpenDatagramSocket,
  SocketFault,
} from "../../ports/socket.ts";
import type { ReadDatagram, UdpIo, UdpSocketIo } from "./ecma419.ts";
import type { LinkWatcher, NetworkLink } from "./link.ts";

/** Datagrams that wait for read(). */
export const mostWaiting = 8;
const longestDatagram = 1_460;
/** The engine does not tell which port it has chosen, so one is drawn from those for private use (RFC 6335 6). */
const privatePorts = 49_152;
const privateCount = 16_384;
const retryMs = 5_000;

export interface UdpParts {
  readonly io: UdpIo;
  readonly link: NetworkLink;
  readonly clock: Clock;
  /** Fills bytes with chance. */
  readonly random: (into: Uint8Array) => void;
}

export function datagramsOver(parts: UdpParts): OpenDatagramSocket {
  return (options) => new UdpSocket(parts, options);
}

class UdpSocket implements DatagramSocket, LinkWatcher {
  private readonly parts: UdpParts;
  private readonly options: DatagramOptions;
  private readonly heard: Datagram[];
  private readonly port: number;
  private io: UdpSocketIo | undefined;
  /** Says how it stands, or tries anew, soon after. */
  private timer: Timer | undefined;
  private closed: boolean;

  constructor(parts: UdpParts, options: DatagramOptions) {
    this.parts = parts;
    this.options = options;
    this.heard = [];
    this.port = options.localPort === 0 ? drawnPort(parts.random) : options.localPort;
    this.io = undefined;
    this.timer = undefined;
    this.closed = false;
    parts.link.watch(this);
    this.later(0);
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.io === undefined || bytes.length > longestDatagram) return;
    try {
      this.io.write(bytes, to.host, to.port);
    } catch {
      // Nothing is promised of a datagram; a link that went tells so itself.
    }
  }

  read(): Datagram | undefined {
    return this.heard.shift();
  }

  close(): void {
    this.closed = true;
    this.parts.link.unwatch(this);
    this.drop();
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
  }

  linkUp(_address: string): void {
    this.drop();
    this.later(0);
  }

  linkDown(fault: SocketFault): void {
    this.drop();
    this.options.onFault(fault);
  }

  /** Never from inside what opened it. */
  private later(waitMs: number): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = this.parts.clock.after(waitMs, () => {
      this.timer = undefined;
      this.open();
    });
  }

  private open(): void {
    const link = this.parts.link;
    if (link.fault !== undefined) {
      this.options.onFault(link.fault);
      return;
    }
    try {
      this.io = new this.parts.io({
        port: this.port,
        onReadable: () => this.drain(),
        onError: () => this.lost(),
      });
    } catch {
      this.lost();
      return;
    }
    this.options.onReady({ host: link.address, port: this.port });
  }

  private lost(): void {
    if (this.closed) return;
    this.drop();
    this.options.onFault("lost");
    if (!this.closed) this.later(retryMs);
  }

  private drain(): void {
    if (this.io === undefined) return;
    let count = 0;
    for (let next = this.io.read(); next !== undefined; next = this.io.read()) {
      if (this.heard.length >= mostWaiting) continue;
      this.heard.push(datagramOf(next));
      count++;
    }
    if (count > 0) this.options.onReadable(count);
  }

  private drop(): void {
    if (this.io !== undefined) this.io.close();
    this.io = undefined;
    this.heard.splice(0, this.heard.length);
  }
}

function datagramOf(read: ReadDatagram): Datagram {
  return { bytes: new Uint8Array(read), from: { host: read.address, port: read.port } };
}

function drawnPort(random: (into: Uint8Array) => void): number {
  const bytes = new Uint8Array(2);
  random(bytes);
  return privatePorts + ((((bytes[0] as number) << 8) | (bytes[1] as number)) % privateCount);
}
