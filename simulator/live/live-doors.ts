/** The ports of a live receiver, one door each: datagrams or connections, opened and shut alike. */
import type { DatagramSocket, Endpoint } from "../../firmware/ports/socket.ts";
import { DatagramQueue } from "./datagram-queue.ts";
import { type ListenerTls, LiveListener } from "./live-listener.ts";
import { liveSockets } from "./live-sockets.ts";

export type DoorTransport = "udp" | "tcp" | "tls";

export interface ListenPoint extends Endpoint {
  readonly transport: DoorTransport;
}

export interface DoorOptions {
  readonly listen: ListenPoint;
  /** For TLS. */
  readonly tls: ListenerTls | undefined;
  /** Addresses beyond loopback that may call. */
  readonly allow: readonly string[];
  readonly onMessage: (bytes: Uint8Array, from: Endpoint, transport: DoorTransport) => void;
  /** A connection was closed, or not taken, for a reason of the caller's making. */
  readonly onClosed: (from: Endpoint, transport: DoorTransport, why: string) => void;
}

export interface Door {
  readonly transport: DoorTransport;
  /** Listens, and tells where: at the port it had before, where it was shut. Rejects with a ListenError. */
  open(): Promise<ListenPoint>;
  /** The port is closed to everybody, and connections end; allowed when it is shut already. */
  shut(): void;
  send(bytes: Uint8Array, to: Endpoint): void;
  /** Whether `far` was last heard here. */
  knows(far: Endpoint): boolean;
}

/** Senders of datagrams that a door remembers; the oldest gives way. */
export const senderLimit = 10_000;

/** As much as most systems allow. */
const receiveBufferBytes = 4_194_304;

/** Throws where a TLS door is given no certificate. */
export function doorOf(options: DoorOptions): Door {
  return options.listen.transport === "udp" ? new DatagramDoor(options) : new ConnectionDoor(options);
}

class DatagramDoor implements Door {
  readonly transport = "udp";
  private readonly options: DoorOptions;
  private readonly senders: Set<string>;
  private port: number;
  private socket: DatagramSocket | undefined;
  private readonly queue: DatagramQueue;

  constructor(options: DoorOptions) {
    this.options = options;
    this.senders = new Set();
    this.port = options.listen.port;
    this.socket = undefined;
    this.queue = new DatagramQueue(({ bytes, from }) => {
      this.remember(keyOf(from));
      options.onMessage(bytes, from, "udp");
    });
  }

  open(): Promise<ListenPoint> {
    return new Promise((resolve, reject) => {
      const { listen, allow } = this.options;
      const socket = liveSockets({ host: listen.host, allow, receiveBufferBytes, onListenError: reject })({
        localPort: this.port,
        onReady: ({ host, port }) => {
          this.port = port;
          resolve({ transport: "udp", host, port });
        },
        onReadable: () => this.drain(),
        onFault: () => {},
      });
      this.socket = socket;
    });
  }

  shut(): void {
    this.socket?.close();
    this.socket = undefined;
    this.queue.clear();
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    this.socket?.send(bytes, to);
  }

  knows(far: Endpoint): boolean {
    return this.senders.has(keyOf(far));
  }

  private drain(): void {
    for (let due = this.socket?.read(); due !== undefined; due = this.socket?.read()) this.queue.add(due);
  }

  private remember(key: string): void {
    if (this.senders.has(key)) return;
    this.senders.add(key);
    if (this.senders.size > senderLimit) this.senders.delete(this.senders.keys().next().value as string);
  }
}

class ConnectionDoor implements Door {
  readonly transport: "tcp" | "tls";
  private readonly listener: LiveListener;

  constructor(options: DoorOptions) {
    const { listen, allow } = options;
    this.transport = listen.transport === "tls" ? "tls" : "tcp";
    if (this.transport === "tls" && options.tls === undefined) throw new Error("live doors: TLS without a certificate");
    this.listener = new LiveListener({
      listen,
      tls: this.transport === "tls" ? options.tls : undefined,
      allow,
      onMessage: (bytes, from) => options.onMessage(bytes, from, this.transport),
      onClosed: (from, why) => options.onClosed(from, this.transport, why),
    });
  }

  async open(): Promise<ListenPoint> {
    return { transport: this.transport, ...(await this.listener.open()) };
  }

  shut(): void {
    this.listener.shut();
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    this.listener.send(bytes, to);
  }

  knows(far: Endpoint): boolean {
    return this.listener.has(far);
  }
}

function keyOf({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
