/** UDP sockets, over broadband or through a modem: to SIP they look alike. Unconnected (design: an answer may come from elsewhere). */
export interface Endpoint {
  /** An address such as 192.0.2.7 or 2001:db8::7, or a name where the host can resolve names. */
  readonly host: string;
  readonly port: number;
}

export interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
}

/** Why a socket cannot be used: no link at all, a link without address, a name that does not resolve, or lost in use. */
export type SocketFault = "no-link" | "no-address" | "name-not-found" | "lost";

export interface DatagramOptions {
  /** 0 lets the host choose. */
  readonly localPort: number;
  /** From now on send() is allowed; comes again after a fault has passed. */
  readonly onReady: (local: Endpoint) => void;
  /** This many datagrams are waiting for read(). The host keeps at least 8 and drops what is beyond. */
  readonly onReadable: (datagramCount: number) => void;
  /** Not usable until the next onReady; the host itself goes on trying. */
  readonly onFault: (fault: SocketFault) => void;
}

export interface DatagramSocket {
  /** Hands over one datagram of at most 1,460 bytes; nothing is promised. Ignored while not ready. */
  send(bytes: Uint8Array, to: Endpoint): void;
  /** What was handed over as this very array and has not begun to leave need not leave. Absent where nothing waits. */
  recall?(bytes: Uint8Array): void;
  read(): Datagram | undefined;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenDatagramSocket = (options: DatagramOptions) => DatagramSocket;
