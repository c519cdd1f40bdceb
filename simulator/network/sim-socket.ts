/** A broadband socket in virtual time: the unit's place on a simulated line, ready while the line shows a link. */
import type {
  Datagram,
  DatagramOptions,
  DatagramSocket,
  Endpoint,
  OpenDatagramSocket,
} from "../../firmware/ports/socket.ts";
import type { SimClock } from "../core/sim-clock.ts";
import type { Attachment, Broadband, Network } from "./network.ts";

const inboxLimit = 8;
/** From plugging in to an address: DHCP on a home router. */
const addressMs = 800;
const firstFreePort = 49_152;

export type ObserveSocket = (direction: "sent" | "received", bytes: Uint8Array) => void;

/** The opener for one unit on one line. One socket at a time; opening anew takes the place of the former. */
export function broadbandOpener(
  network: Network,
  line: Broadband,
  address: string,
  clock: SimClock,
  observe: ObserveSocket,
): OpenDatagramSocket {
  let open: BroadbandSocket | undefined;
  return (options) => {
    open?.close();
    open = new BroadbandSocket(network, line, address, clock, options, observe);
    return open;
  };
}

class BroadbandSocket implements DatagramSocket {
  private readonly network: Network;
  private readonly line: Broadband;
  private readonly address: string;
  private readonly clock: SimClock;
  private readonly options: DatagramOptions;
  private readonly observe: ObserveSocket;
  private readonly port: number;
  private readonly inbox: Datagram[];
  private readonly unlisten: () => void;
  private place: Attachment | undefined;
  private closed: boolean;

  constructor(
    network: Network,
    line: Broadband,
    address: string,
    clock: SimClock,
    options: DatagramOptions,
    observe: ObserveSocket,
  ) {
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
    this.unlisten = line.listen(() => this.look());
    this.clock.after(addressMs, () => this.look());
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (this.place === undefined) return;
    this.observe("sent", bytes);
    this.place.send(bytes, this.port, to);
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

  private look(): void {
    if (this.closed || this.line.isUp() === (this.place !== undefined)) return;
    if (this.place !== undefined) {
      this.place.detach();
      this.place = undefined;
      this.options.onFault("no-link");
      return;
    }
    this.place = this.network.attach(this.address, this.line, (bytes, from) => this.hear(bytes, from));
    this.options.onReady({ host: this.address, port: this.port });
  }

  private hear(bytes: Uint8Array, from: Endpoint): void {
    if (this.inbox.length >= inboxLimit) return;
    this.observe("received", bytes);
    this.inbox.push({ bytes, from });
    this.options.onReadable(this.inbox.length);
  }
}
