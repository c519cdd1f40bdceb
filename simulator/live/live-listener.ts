/**
 * A real TCP or TLS port that takes SIP connections: messages are cut out of them (RFC 3261 18.3), pings answered (RFC 5626
 * 3.5.1), and what a caller may cost is bounded, since anybody can call.
 */
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Timer } from "../../firmware/ports/clock.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { faultText } from "../../protocol/result.ts";
import { MessageStream, pong } from "../../protocol/sip/stream.ts";
import { LiveClock } from "./live-clock.ts";
import { isAllowed, ListenError } from "./live-sockets.ts";
import type { Identity } from "./live-trust.ts";

/** Connections at once unless said otherwise; those beyond are turned away. */
export const connectionLimit = 10_000;
/** A message that has begun, or a connection that has said nothing whole yet, may take so long, in ms. */
export const halfMessageMs = 32_000;
/** Bytes that a caller has not taken; beyond, the connection is closed. */
export const unsentLimit = 262_144;

/** Units beat at least each hour over a connection that they keep. */
const idleMs = 7_200_000;

/** What a TLS port shows of itself, and whom it asks for a certificate. */
export interface ListenerTls {
  readonly identity: Identity;
  /** Callers must show a certificate that this authority has signed; undefined: nobody is asked. */
  readonly clientCa?: string | undefined;
}

export interface LiveListenerOptions {
  readonly listen: Endpoint;
  /** Undefined: plain TCP. */
  readonly tls: ListenerTls | undefined;
  /** Addresses beyond loopback that may call. */
  readonly allow: readonly string[];
  readonly limit?: number;
  /** One whole SIP message; its bytes are the hearer's own. */
  readonly onMessage: (bytes: Uint8Array, from: Endpoint) => void;
  /** A connection was closed, or not taken, for a reason of the caller's making. */
  readonly onClosed: (from: Endpoint, why: string) => void;
}

/** One port. `open` and `shut` may follow each other; the port that was given first is kept. */
export class LiveListener {
  readonly transport: "tcp" | "tls";
  private readonly options: LiveListenerOptions;
  private readonly clock: LiveClock;
  private readonly callers: Map<string, Caller>;
  /** With those whose TLS handshake is not over. */
  private readonly sockets: Set<Socket>;
  private address: Endpoint;
  private server: Server | undefined;

  constructor(options: LiveListenerOptions) {
    const { host } = options.listen;
    if (!isAllowed(host, options.allow)) throw new Error(`live listener: ${host} is neither loopback nor allowed`);
    this.transport = options.tls === undefined ? "tcp" : "tls";
    this.options = options;
    this.clock = new LiveClock();
    this.callers = new Map();
    this.sockets = new Set();
    this.address = options.listen;
    this.server = undefined;
  }

  /** Listens, and tells where. Rejects with a ListenError where the port cannot be had. */
  open(): Promise<Endpoint> {
    return new Promise((resolve, reject) => {
      const server = this.createServer();
      server.maxConnections = this.options.limit ?? connectionLimit;
      server.on("connection", (socket: Socket) => {
        this.sockets.add(socket);
        socket.once("close", () => this.sockets.delete(socket));
      });
      server.on("drop", (far) => {
        const from = { host: hostOf(far?.remoteAddress), port: far?.remotePort ?? 0 };
        this.options.onClosed(from, "more connections than are taken");
      });
      // Once it listens, what fails is one call, and Node goes on.
      server.on("error", (error: NodeJS.ErrnoException) => {
        if (server.listening) return;
        this.server = undefined;
        reject(new ListenError(this.address, error.code ?? error.message, this.transport));
      });
      server.listen({ host: this.address.host, port: this.address.port, exclusive: true }, () => {
        const own = server.address();
        if (own !== null && typeof own === "object") this.address = { host: own.address, port: own.port };
        resolve(this.address);
      });
      this.server = server;
    });
  }

  get isOpen(): boolean {
    return this.server !== undefined;
  }

  get callerCount(): number {
    return this.callers.size;
  }

  /** Over the connection that `to` is the far end of; nobody hears it where that is gone. */
  send(bytes: Uint8Array, to: Endpoint): void {
    this.callers.get(keyOf(to))?.send(bytes);
  }

  has(far: Endpoint): boolean {
    return this.callers.has(keyOf(far));
  }

  /** The port refuses connections, and those that are there end when they have taken what was written. */
  shut(): void {
    this.server?.close();
    this.server = undefined;
    for (const caller of [...this.callers.values()]) caller.end();
    for (const socket of this.sockets) socket.unref(); // nobody who dawdles keeps the process alive
  }

  private createServer(): Server {
    const { tls } = this.options;
    if (tls === undefined) return createServer({ noDelay: true }, (socket) => this.take(socket));
    const asks = tls.clientCa !== undefined;
    const server = createTlsServer(
      {
        ...tls.identity,
        ...(asks ? { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true } : {}),
        minVersion: "TLSv1.2",
        handshakeTimeout: halfMessageMs,
        noDelay: true,
      },
      (socket) => this.take(socket),
    );
    server.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => {
      const from = { host: hostOf(socket.remoteAddress), port: socket.remotePort ?? 0 };
      socket.destroy();
      if (error.code === "ECONNRESET") return; // gone again before it had said who it is
      this.options.onClosed(from, `no TLS: ${error.code ?? error.message}`);
    });
    return server;
  }

  private take(socket: Socket): void {
    const from = { host: hostOf(socket.remoteAddress), port: socket.remotePort ?? 0 };
    if (!isAllowed(from.host, this.options.allow)) {
      socket.destroy();
      return;
    }
    const key = keyOf(from);
    const caller = new Caller({
      socket,
      clock: this.clock,
      onMessage: (bytes) => this.options.onMessage(bytes, from),
      onBroken: (why) => this.options.onClosed(from, why),
      onOver: () => this.callers.delete(key),
    });
    this.callers.set(key, caller);
  }
}

interface CallerOptions {
  readonly socket: Socket;
  readonly clock: LiveClock;
  readonly onMessage: (bytes: Uint8Array) => void;
  readonly onBroken: (why: string) => void;
  readonly onOver: () => void;
}

/** One connection that somebody made to us. */
class Caller {
  private readonly options: CallerOptions;
  private readonly messages: MessageStream;
  /** Runs while something is owed: the first message, or the rest of one. */
  private patience: Timer | undefined;
  private over: boolean;

  constructor(options: CallerOptions) {
    const { socket } = options;
    this.options = options;
    this.over = false;
    this.patience = undefined;
    this.messages = new MessageStream(true, {
      onMessage: (bytes) => {
        this.forgive();
        options.onMessage(bytes.slice());
      },
      onKeepAlive: () => {
        this.forgive();
        this.send(pong);
      },
      onFault: (fault) => this.leave(faultText(fault)),
    });
    this.demand();
    socket.on("data", (bytes) => this.hear(bytes));
    socket.on("error", () => {}); // "close" follows
    socket.on("close", () => this.finish());
    socket.setTimeout(idleMs, () => this.end());
  }

  send(bytes: Uint8Array): void {
    const { socket } = this.options;
    if (this.over) return;
    if (socket.writableLength + bytes.length > unsentLimit) this.leave("it does not take what it is sent");
    else socket.write(bytes);
  }

  end(): void {
    this.options.socket.destroySoon();
    this.finish();
  }

  private hear(bytes: Uint8Array): void {
    if (this.over) return;
    this.messages.push(bytes);
    if (!this.over && this.messages.isHalf) this.demand();
  }

  private demand(): void {
    if (this.over) return;
    const why = `nothing whole for ${halfMessageMs / 1000} s`;
    this.patience ??= this.options.clock.after(halfMessageMs, () => this.leave(why));
  }

  private forgive(): void {
    this.patience?.cancel();
    this.patience = undefined;
  }

  private leave(why: string): void {
    if (this.over) return;
    this.options.socket.destroy();
    this.finish();
    this.options.onBroken(why);
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.messages.stop();
    this.forgive();
    this.options.onOver();
  }
}

function keyOf({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}

/** Without the mapping of IPv4 into IPv6 (RFC 4291 2.5.5.2). */
function hostOf(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
}
