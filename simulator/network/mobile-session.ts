/** One data session of a modem on the simulated mobile network: its address, datagrams, connections and names. */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { EventQueue } from "../core/event-queue.ts";
import type { BearerSession, BearerStream, BearerStreamOptions } from "./bearer.ts";
import type { Access, Attachment, Network, Receive } from "./network.ts";
import { TcpStack } from "./sim-tcp.ts";
import { tcpPorts } from "./tcp-connection.ts";

/** A resolver of the network asks once more, and then gives up. */
const noNameMs = 4_000;

export class MobileSession implements BearerSession {
  readonly address: string;
  private readonly queue: EventQueue;
  private readonly network: Network;
  private readonly access: Access;
  private readonly attachment: Attachment;
  private readonly tcp: TcpStack;
  private readonly onClose: () => void;
  private isOver: boolean;

  constructor(
    queue: EventQueue,
    network: Network,
    address: string,
    access: Access,
    receive: Receive,
    onClose: () => void,
  ) {
    this.address = address;
    this.queue = queue;
    this.network = network;
    this.access = access;
    this.onClose = onClose;
    this.isOver = false;
    this.tcp = new TcpStack({
      nowMs: () => queue.nowMs,
      after: (delayMs, callback) => this.after(delayMs, callback),
      send: (bytes, fromPort, to) => this.attachment.send(bytes, fromPort, to),
    });
    this.attachment = network.attach(address, access, (bytes, from, toPort) => {
      if (toPort >= tcpPorts) this.tcp.hear(bytes, from, toPort);
      else receive(bytes, from, toPort);
    });
  }

  send(bytes: Uint8Array, fromPort: number, to: Endpoint): void {
    this.attachment.send(bytes, fromPort, to);
  }

  connect(options: BearerStreamOptions): BearerStream {
    const found = this.network.resolve(options.to.host);
    const fault = found === undefined ? "name-not-found" : undefined;
    const to = { host: found ?? options.to.host, port: options.to.port };
    return this.tcp.connect({ ...options, to }, this.address, fault, options.checks);
  }

  resolve(name: string, then: (address: string | undefined) => void): void {
    const link = this.access.link(this.queue.nowMs);
    const address = link === undefined ? undefined : this.network.resolve(name);
    const tripMs = link === undefined || address === undefined ? noNameMs : 2 * link.delay.mostMs;
    this.after(tripMs, () => then(address));
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.attachment.detach();
    this.tcp.closeAll();
    this.onClose();
  }

  private after(delayMs: number, callback: () => void): { cancel(): void } {
    const handle = this.queue.after(delayMs, () => {
      if (!this.isOver) callback();
    });
    return { cancel: () => this.queue.cancel(handle) };
  }
}
