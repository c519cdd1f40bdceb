/**
 * TCP in virtual time, as far as SIP needs it (RFC 9293): connections between addresses over the same lossy links as
 * datagrams, bytes in order and once, segments sent again until they are heard of. TLS costs its round trips and shows a
 * certificate by name; nothing is encrypted, nobody listens here.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { PeerProof, Stream, StreamOptions } from "../../firmware/ports/stream.ts";
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import { textOf, utf8 } from "../../protocol/text/utf8.ts";
import {
  Connection,
  decode,
  encode,
  nothing,
  open,
  refuses,
  type Segment,
  type Side,
  type TcpHost,
  tcpPorts,
} from "./tcp-connection.ts";

/** What a server shows of itself; `expired`: only the dates are wrong; `foreign`: nobody who is trusted has signed it. */
export interface Certificate {
  readonly name: string;
  readonly state: "good" | "expired" | "foreign";
}

/** What a client looks at in a certificate. */
export type Checks = "nothing" | "chain" | "chain-and-name";

export interface TcpListener {
  readonly port: number;
  /** Undefined: plain TCP. */
  readonly certificate: Certificate | undefined;
  /** Whether a connection is taken; otherwise it is turned away. */
  readonly admits: (from: Endpoint) => boolean;
  readonly onBytes: (connection: Stream, from: Endpoint, bytes: Uint8Array) => void;
}

const firstOwnPort = 49_152;
const ownPorts = 16_384;

/** All connections of one address. */
export class TcpStack {
  private readonly host: TcpHost;
  private readonly connections: Map<string, Connection>;
  private listener: TcpListener | undefined;
  private nextPort: number;
  private nextSerial: number;

  constructor(host: TcpHost) {
    this.host = host;
    this.connections = new Map();
    this.listener = undefined;
    this.nextPort = 0;
    this.nextSerial = 0;
  }

  listen(listener: TcpListener): void {
    this.listener = listener;
  }

  /** From `address`; `fault`: why there is nothing to be had, told a moment later. */
  connect(
    options: StreamOptions,
    address: string,
    fault: StreamFault | undefined,
    checks: Checks = "chain-and-name",
  ): Connection {
    const port = firstOwnPort + (this.nextPort++ % ownPorts);
    const far = { host: options.to.host, port: options.to.port + tcpPorts };
    const key = keyOf(port, far);
    // From the clock, as initial sequence numbers are (RFC 9293 3.4.1): a caller that starts anew is not taken for its former self.
    this.nextSerial = Math.max(this.nextSerial + 1, this.host.nowMs());
    const connection = new Connection(this.host, port, far, this.nextSerial, () => this.connections.delete(key));
    this.connections.set(key, connection);
    connection.become(clientSide(connection, options, { host: address, port }, checks));
    if (fault === undefined) connection.begin();
    else this.host.after(0, () => connection.end(fault));
    return connection;
  }

  /** Ends every connection, without a word to our own side. */
  closeAll(): void {
    for (const connection of [...this.connections.values()]) connection.close();
  }

  /** A segment for one of our ports. */
  hear(bytes: Uint8Array, from: Endpoint, toPort: number): void {
    const segment = decode(bytes);
    const port = toPort - tcpPorts;
    const key = keyOf(port, from);
    const known = this.connections.get(key);
    if (known !== undefined && (known.serial === segment.serial || (segment.flags & open) === 0)) {
      known.hear(segment);
      return;
    }
    if ((segment.flags & open) === 0 || (segment.flags & refuses) !== 0) return;
    known?.end("connection-lost");
    this.accept(segment, from, port, key);
  }

  private accept(segment: Segment, from: Endpoint, port: number, key: string): void {
    const listener = this.listener;
    const caller = { host: from.host, port: from.port - tcpPorts };
    if (listener === undefined || listener.port !== port || !listener.admits(caller)) {
      this.host.send(
        encode({ flags: refuses, serial: segment.serial, seq: 0, ack: 0, body: nothing }),
        port + tcpPorts,
        from,
      );
      return;
    }
    const connection = new Connection(this.host, port, from, segment.serial, () => this.connections.delete(key));
    this.connections.set(key, connection);
    connection.become(serverSide(connection, listener, caller));
    connection.hear(segment);
  }
}

/** Hello and certificate, finished and finished: two round trips, as in TLS 1.2 (RFC 5246 7.3). */
function clientSide(connection: Connection, options: StreamOptions, local: Endpoint, checks: Checks): Side {
  const { serverName } = options;
  let at: "hello" | "finished" | "ready" = "hello";
  let proof: PeerProof = "unverified";
  const ready = (): void => {
    at = "ready";
    options.onReady(local, proof);
  };
  return {
    opened: () => (serverName === undefined ? ready() : connection.write(utf8(`hello ${serverName}`))),
    take: (bytes) => {
      if (at === "ready") {
        connection.inbox.push(bytes);
        options.onReadable(bytes.length);
      } else if (at === "hello") {
        const [, name, state] = textOf(bytes, 0, bytes.length).split(" ");
        const isNamed = checks !== "chain-and-name" || name === serverName;
        const isWrong = checks !== "nothing" && (!isNamed || state === "foreign");
        if (isWrong && options.trust !== "any") {
          connection.close();
          options.onFault("certificate");
          return;
        }
        if (checks !== "nothing" && !isWrong) proof = state === "expired" ? "expired" : "checked";
        at = "finished";
        connection.write(utf8("finished"));
      } else ready();
    },
    ended: (fault) => options.onFault(fault),
  };
}

function serverSide(connection: Connection, listener: TcpListener, caller: Endpoint): Side {
  let left = listener.certificate === undefined ? 0 : 2;
  return {
    opened: () => {},
    take: (bytes) => {
      if (left === 0) {
        listener.onBytes(connection, caller, bytes);
        return;
      }
      const { name, state } = listener.certificate as Certificate;
      connection.write(utf8(left === 2 ? `certificate ${name} ${state}` : "finished"));
      left--;
    },
    ended: () => {},
  };
}

function keyOf(port: number, far: Endpoint): string {
  return `${port} ${far.host}:${far.port}`;
}
