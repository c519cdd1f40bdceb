/** Broadband in virtual time: the unit's place on a simulated line, ready while the line shows a link; datagrams and connections. */
import type {
  Datagram,
  DatagramOptions,
  DatagramSocket,
  Endpoint,
  OpenDatagramSocket,
} from "../../firmware/ports/socket.ts";
import type { OpenStream } from "../../firmware/ports/stream.ts";
import type { SimClock } from "../core/sim-clock.ts";
import { type Attachment, type Broadband, isAddress, type Network } from "./network.ts";
import { TcpStack } from "./sim-tcp.ts";
import { tcpPorts } from "./tcp-connection.ts";

const inboxLimit = 8;
/** From plugging in to an address: DHCP on a home router. */
const addressMs = 800;
const nameRetryMs = 5_000;
const firstFreePort = 49_152;

/** Datagrams and TCP's segments as the line carries them, and what connections carry inside those. */
export type ObserveSocket = (
  direction: "sent" | "received",
  bytes: Uint8Array,
  what: "datagram" | "segment" | "stream",
) => void;

export interface BroadbandPorts {
  /** One socket at a time; opening anew takes the place of the former. */
  readonly openDatagram: OpenDatagramSocket;
  /** While no socket is open there is no address, and no connection to be had. */
  readonly openStream: OpenStream;
}

/** The ports of one unit on one line, for one life of the unit. */
export function broadbandPorts(
  network: Network,
  line: Broadband,
  address: string,
  clock: SimClock,
  observe: ObserveSocket,
): BroadbandPorts {
  let open: BroadbandSocket | undefined;
  const tcp = new TcpStack({
    nowMs: () => clock.queue.nowMs,
    after: (delayMs, callback) => clock.after(delayMs, callback),
    send: (bytes, fromPort, to) => open?.carry(bytes, fromPort, to),
  });
  return {
    openDatagram: (options) => {
      open?.close();
      open = new BroadbandSocket(network, line, address, clock, options, observe, tcp);
      return open;
    },
    openStream: (options) => {
      const fault = open?.hasAddress === true ? nameFault(network, line, options.to.host) : linkFault(line);
      const to = { host: network.resolve(options.to.host) ?? options.to.host, port: options.to.port };
      const stream = tcp.connect({ ...options, to }, address, fault);
      return {
        write: (bytes) => {
          observe("sent", bytes, "stream");
          stream.write(bytes);
        },
        read: () => {
          const bytes = stream.read();
          if (bytes !== undefined) observe("received", bytes, "stream");
          return bytes;
        },
        close: () => stream.close(),
      };
    },
  };
}

class BroadbandSocket implements DatagramSocket {
  private readonly network: Network;
  private readonly line: Broadband;
  private readonly address: string;
  private readonly clock: SimClock;
  private readonly options: DatagramOptions;
  private readonly observe: ObserveSocket;
  private readonly tcp: TcpStack;
  private readonly port: number;
  private readonly inbox: Datagram[];
  private readonly unlisten: () => void;
  private place: Attachment | undefined;
  private closed: boolean;
  /** A name could not be looked up. */
  private missed: boolean;

  constructor(
    network: Network,
    line: Broadband,
    address: string,
    clock: SimClock,
    options: DatagramOptions,
    observe: ObserveSocket,
    tcp: TcpStack,
  ) {
    this.tcp = tcp;
    this.network = network;
    this.line = line;
    this.address = address;
    this.clock = clock;
    this.options = options;
    this.observe = observe;
    this.port = options.localPort === 0 ? firstFreePort : options.localPort;
    this.inbox = [];
    this.place = undefined;
    this.closed = false;
    this.missed = false;
    this.unlisten = line.listen(() => this.look());
    this.clock.after(addressMs, () => this.look());
  }

  get hasAddress(): boolean {
    return this.place !== undefined;
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.place !== undefined && nameFault(this.network, this.line, to.host) !== undefined) this.missName(to.host);
    else this.carry(bytes, this.port, to);
  }

  /** Datagrams of whatever kind. */
  carry(bytes: Uint8Array, fromPort: number, to: Endpoint): void {
    if (this.place === undefined) return;
    this.observe("sent", bytes, to.port < tcpPorts ? "datagram" : "segment");
    this.place.send(bytes, fromPort, to);
  }

  read(): Datagram | undefined {
    return this.inbox.shift();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.unlisten();
    this.place?.detach();
    this.place = undefined;
    this.inbox.length = 0;
  }

  /** Asked again every few seconds, as a resolver does. */
  private missName(host: string): void {
    if (this.missed) return;
    this.missed = true;
    const again = (): void => {
      if (this.closed) return;
      if (nameFault(this.network, this.line, host) !== undefined) {
        this.clock.after(nameRetryMs, again);
        return;
      }
      this.missed = false;
      if (this.place !== undefined) this.options.onReady({ host: this.address, port: this.port });
    };
    this.clock.after(0, () => this.options.onFault("name-not-found"));
    this.clock.after(nameRetryMs, again);
  }

  private look(): void {
    if (this.closed || this.line.isUp() === (this.place !== undefined)) return;
    if (this.place !== undefined) {
      this.place.detach();
      this.place = undefined;
      this.options.onFault(linkFault(this.line));
      return;
    }
    this.place = this.network.attach(this.address, this.line, (bytes, from, port) => this.hear(bytes, from, port));
    this.options.onReady({ host: this.address, port: this.port });
  }

  private hear(bytes: Uint8Array, from: Endpoint, toPort: number): void {
    if (toPort < tcpPorts && this.inbox.length >= inboxLimit) return;
    this.observe("received", bytes, toPort < tcpPorts ? "datagram" : "segment");
    if (toPort >= tcpPorts) {
      this.tcp.hear(bytes, from, toPort);
      return;
    }
    this.inbox.push({ bytes, from });
    this.options.onReadable(this.inbox.length);
  }
}

function linkFault(line: Broadband): "no-link" | "no-address" {
  return line.lacksAddress() ? "no-address" : "no-link";
}

function nameFault(network: Network, line: Broadband, host: string): "name-not-found" | undefined {
  if (isAddress(host)) return undefined;
  return line.resolvesNames() && network.resolve(host) !== undefined ? undefined : "name-not-found";
}
