/** A receiver as a unit is set up with it: its SIP address, where its messages go, and who may speak for it (RFC 3261 8.1.2, 18 and 22). */
import type { Endpoint } from "../ports/socket.ts";

export type Transport = "udp" | "tcp" | "tls";

/** A receiver as one route reaches it. */
export interface ReceiverAddress {
  /** Request-URI and To, such as `sip:arc@example.net`. */
  readonly uri: string;
  /** Where its messages go: an address, or a name. */
  readonly host: string;
  /** 0: as the services of that name say, or the transport's usual port (RFC 3263 4.2). */
  readonly port: number;
  /** UDP where absent. TLS checks the certificate against `host`, or against `serverName` where that is an address. */
  readonly transport?: Transport;
  readonly serverName?: string;
  /** The address behind the name in `host`: used before any that a name server tells. */
  readonly address?: string;
  /** For digest authentication; an empty password answers no challenge. */
  readonly user: string;
  readonly password: string;
  /** Addresses beside `host` that its requests may come from, with any port. */
  readonly answerFrom: readonly string[];
  /** Whether it wants the unit to register there; absent: it does not. */
  readonly register?: boolean;
}

/**
 * The other end of a message, and what it travels over; absent: a datagram. `foreign`: a connection whose certificate is
 * wrong. A connection's peer is the receiver as it is set up, wherever its name may lead.
 */
export interface Peer extends Endpoint {
  readonly over?: "connection" | "foreign" | undefined;
  /** Whose connection; absent: that of the first receiver with this host and port. */
  readonly receiver?: number | undefined;
}

/** Over TCP and TLS a request is sent once: they lose nothing (RFC 3261 17.1.2.2). */
export function isReliable(receiver: ReceiverAddress): boolean {
  return receiver.transport === "tcp" || receiver.transport === "tls";
}

/** The receiver as it is set up, without a name server. */
export function peerOf(receiver: ReceiverAddress): Peer {
  return { host: receiver.host, port: receiver.port, over: isReliable(receiver) ? "connection" : undefined };
}
