/** The connections of a simulated receiver: SIP messages cut out of them (RFC 3261 18.3), pings answered (RFC 5626 3.5.1), and its own written to the right one. */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { Stream } from "../../firmware/ports/stream.ts";
import { MessageStream, pong } from "../../protocol/sip/stream.ts";
import type { Certificate, TcpListener } from "../network/sim-tcp.ts";
import type { ReceiverTransport } from "./receiver-transactions.ts";

export interface ReceiverStreamsOptions {
  readonly port: number;
  /** TLS under that certificate; undefined: plain TCP. */
  readonly certificate: Certificate | undefined;
  readonly admits: (from: Endpoint) => boolean;
  readonly onMessage: (bytes: Uint8Array, from: Endpoint, transport: ReceiverTransport) => void;
}

interface Caller {
  readonly connection: Stream;
  readonly messages: MessageStream;
}

/** Connections kept; the oldest gives way. */
const callerLimit = 10_000;

export class ReceiverStreams {
  readonly listener: TcpListener;
  private readonly callers: Map<string, Caller>;
  private readonly options: ReceiverStreamsOptions;

  constructor(options: ReceiverStreamsOptions) {
    this.options = options;
    this.callers = new Map();
    this.listener = {
      port: options.port,
      certificate: options.certificate,
      admits: options.admits,
      onBytes: (connection, from, bytes) => this.callerAt(connection, from).messages.push(bytes),
    };
  }

  /** Over the connection that `to` is the far end of; nobody hears it where that is gone. */
  send(bytes: Uint8Array, to: Endpoint): void {
    this.callers.get(keyOf(to))?.connection.write(bytes);
  }

  private callerAt(connection: Stream, from: Endpoint): Caller {
    const key = keyOf(from);
    const known = this.callers.get(key);
    if (known?.connection === connection) return known;
    const transport = this.options.certificate === undefined ? "tcp" : "tls";
    const messages = new MessageStream(true, {
      onMessage: (bytes) => this.options.onMessage(bytes.slice(), from, transport),
      onKeepAlive: () => connection.write(pong),
      onFault: () => {
        connection.close();
        if (this.callers.get(key)?.connection === connection) this.callers.delete(key);
      },
    });
    const caller = { connection, messages };
    this.callers.delete(key);
    this.callers.set(key, caller);
    const [oldest] = this.callers.keys();
    if (this.callers.size > callerLimit && oldest !== undefined) this.callers.delete(oldest);
    return caller;
  }
}

function keyOf({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
