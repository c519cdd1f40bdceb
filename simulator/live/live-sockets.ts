/**
 * Real UDP sockets behind the DatagramSocket port. Loopback unless an address is on the allow-list: a simulated unit must
 * never reach a real alarm centre by accident.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { lookup } from "node:dns";
import { isIP, isIPv6 } from "node:net";
import type {
  Datagram,
  DatagramOptions,
  DatagramSocket,
  Endpoint,
  OpenDatagramSocket,
} from "../../firmware/ports/socket.ts";

/** Datagrams that wait for read(); the newest are dropped beyond. */
export const waitingLimit = 256;

export interface LiveSocketOptions {
  /** Address to listen on; 127.0.0.1 unless said. */
  readonly host?: string;
  /** Addresses and names beyond loopback that may be used, exactly as they are written elsewhere. */
  readonly allow?: readonly string[];
  /** Bytes that the system keeps while nobody reads; its own measure unless said, and never more than it allows. */
  readonly receiveBufferBytes?: number;
  /** The socket could not be opened: port in use, address not on this machine, no right to it. */
  readonly onListenError?: (error: ListenError) => void;
  /** A datagram to or from an address that is not allowed was dropped. */
  readonly onDropped?: (host: string) => void;
}

/** Why a port could not be had; tools answer it with what to try. */
export class ListenError extends Error {
  readonly endpoint: Endpoint;
  /** As Node names it: EADDRINUSE, EADDRNOTAVAIL, EACCES ... */
  readonly code: string;
  readonly transport: "udp" | "tcp" | "tls";

  constructor(endpoint: Endpoint, code: string, transport: "udp" | "tcp" | "tls" = "udp") {
    super(`cannot listen on ${transport}:${endpoint.host}:${endpoint.port}: ${reasons[code] ?? code}`);
    this.name = "ListenError";
    this.endpoint = endpoint;
    this.code = code;
    this.transport = transport;
  }
}

const reasons: Record<string, string> = {
  EADDRINUSE: "the port is in use",
  EADDRNOTAVAIL: "this machine has no such address",
  EACCES: "not permitted",
};

/** Whether an address or name may be used: loopback always, anything else only from the list. */
export function isAllowed(host: string, allow: readonly string[]): boolean {
  return host === "localhost" || isLoopback(host) || allow.includes(host);
}

/** Opens real sockets by the port's rules. */
export function liveSockets(live: LiveSocketOptions = {}): OpenDatagramSocket {
  return (options) => new LiveDatagramSocket(live, options);
}

/** What cannot be sent is lost, as on any network. */
function ignore(): void {}

function isLoopback(host: string): boolean {
  return host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

class LiveDatagramSocket implements DatagramSocket {
  private readonly live: LiveSocketOptions;
  private readonly options: DatagramOptions;
  private readonly allow: readonly string[];
  private readonly family: 4 | 6;
  private readonly socket: Socket;
  private readonly waiting: Datagram[];
  /** Addresses of names, once they are known; undefined while being asked for. */
  private readonly resolved: Map<string, string | undefined>;
  private ready: boolean;
  private closed: boolean;

  constructor(live: LiveSocketOptions, options: DatagramOptions) {
    this.live = live;
    this.options = options;
    this.allow = live.allow ?? [];
    this.waiting = [];
    this.resolved = new Map();
    this.ready = false;
    this.closed = false;
    const host = live.host ?? "127.0.0.1";
    if (!isAllowed(host, this.allow)) throw new Error(`live sockets: ${host} is neither loopback nor allowed`);
    this.family = isIPv6(host) ? 6 : 4;
    this.socket = createSocket({
      type: `udp${this.family}`,
      ...(live.receiveBufferBytes === undefined ? {} : { recvBufferSize: live.receiveBufferBytes }),
      lookup: (name, _options, found) => this.find(name, found),
    });
    this.socket.on("error", (error: NodeJS.ErrnoException) => this.failed(host, error.code ?? error.message));
    this.socket.on("message", (bytes, from) => this.heard(bytes, from));
    this.socket.bind({ address: host, port: options.localPort, exclusive: true }, () => {
      this.ready = true;
      const local = this.socket.address();
      options.onReady({ host: local.address, port: local.port });
    });
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (!this.ready || this.closed) return;
    if (isIP(to.host) !== 0) this.sendTo(bytes, to.host, to.port);
    else this.sendToName(bytes, to);
  }

  read(): Datagram | undefined {
    return this.waiting.shift();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.ready = false;
    this.waiting.length = 0;
    this.socket.close();
  }

  /** Node asks for the address behind each address that it sends to. */
  private find(
    name: string,
    found: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
  ): void {
    if (isIP(name) === 0) lookup(name, { family: this.family }, found);
    else if (this.ready) found(null, name, this.family);
    else process.nextTick(found, null, name, this.family); // nothing is told from inside the opener
  }

  private sendTo(bytes: Uint8Array, address: string, port: number): void {
    if (isAllowed(address, this.allow)) this.socket.send(bytes, port, address, ignore);
    else this.live.onDropped?.(address);
  }

  /** A name on the list allows whatever it resolves to. */
  private sendToName(bytes: Uint8Array, to: Endpoint): void {
    if (!isAllowed(to.host, this.allow)) {
      this.live.onDropped?.(to.host);
      return;
    }
    const known = this.resolved.get(to.host);
    if (known !== undefined) {
      this.socket.send(bytes, to.port, known, ignore);
      return;
    }
    if (this.resolved.has(to.host)) return; // being asked for; what is sent meanwhile is lost, as on any network
    this.resolved.set(to.host, undefined);
    const kept = bytes.slice();
    lookup(to.host, { family: this.family }, (error, address) => {
      if (this.closed) return;
      if (error !== null) {
        this.resolved.delete(to.host);
        this.options.onFault("name-not-found");
        return;
      }
      this.resolved.set(to.host, address);
      this.socket.send(kept, to.port, address, ignore);
    });
  }

  private heard(bytes: Uint8Array, from: RemoteInfo): void {
    if (this.closed) return;
    if (!isAllowed(from.address, this.allow) && !this.isResolved(from.address)) {
      this.live.onDropped?.(from.address);
      return;
    }
    if (this.waiting.length >= waitingLimit) return;
    this.waiting.push({ bytes, from: { host: from.address, port: from.port } });
    this.options.onReadable(this.waiting.length);
  }

  private isResolved(address: string): boolean {
    for (const known of this.resolved.values()) if (known === address) return true;
    return false;
  }

  private failed(host: string, code: string): void {
    if (this.closed) return;
    const wasReady = this.ready;
    this.ready = false;
    if (!wasReady) this.live.onListenError?.(new ListenError({ host, port: this.options.localPort }, code));
    this.options.onFault(wasReady ? "lost" : "no-address");
  }
}
