/**
 * Connections over a modem's own TCP and TLS as data: what a vendor's modem is told to open one, to carry bytes and to end it,
 * and how it answers. A file per vendor gives the words.
 */
import type { Exchange } from "./commands.ts";

/** Whom a connection is for, and what TLS is to check. */
export interface StreamPlan {
  /** An address or a name. */
  readonly host: string;
  readonly port: number;
  /** The name under TLS (RFC 6066 3); undefined for plain TCP. */
  readonly serverName: string | undefined;
  /** The file or name under which the modem keeps the certificate of the authority to trust; "" where it has none. */
  readonly caFile: string;
}

/** One exchange on the way to a connection. One that is `optional` may be refused. */
export interface StreamStep {
  readonly exchange: Exchange;
  /** Whether only its success lets the modem check the server's name. */
  readonly proves: boolean;
  /** Said where this is refused; its OK means that the connection stands. */
  readonly instead: Exchange | undefined;
}

/** How a connection that was begun did not come about; `handshake`: TLS has failed, which is mostly the certificate. */
export type OpenFault = "no-address" | "name-not-found" | "connect-timeout" | "connection-refused" | "handshake";

/** What one kind of connection is told. Numbers are those of the facts. */
export interface StreamTalk {
  /** The lowest of its numbers, and how many there are. */
  readonly firstNumber: number;
  readonly numberCount: number;
  /** Most bytes of one send or read. */
  readonly chunkLimit: number;
  /** Makes a socket, whose number comes as a `socket-chosen` fact; undefined where the modem is told the number. */
  readonly create: Exchange | undefined;
  /** Everything before the connection begins, in this order; the last begins it, and a `socket-opened` fact tells how it went. */
  readonly connect: (number: number, plan: StreamPlan) => readonly StreamStep[];
  readonly openFaultOf: (error: number) => OpenFault;
  readonly send: (number: number, length: number) => Exchange;
  /** Of a send that has ended, by its result and its answer line: how many of `length` bytes were taken; -1 where nobody knows. */
  readonly sentOf: (final: string, line: string, length: number) => number;
  /** Answers how much waits; undefined where `read` itself tells that nothing does. */
  readonly askWaiting: ((number: number) => Exchange) | undefined;
  readonly waitingOf: (line: string, number: number) => number;
  readonly read: (number: number) => Exchange;
  /** Length of the data behind or inside an answer line to `read`; 0 where nothing waits. */
  readonly readLengthOf: (line: string) => number;
  readonly close: (number: number) => Exchange;
}

/** Numbers of TLS connections that a modem counts apart from its sockets are told with this added. */
export const secureFrom = 100;

/** The number of a TLS connection as facts tell it; below 0 where the modem's own is none. */
export function secureNumber(id: number): number {
  return id < 0 ? id : secureFrom + id;
}

export function step(exchange: Exchange): StreamStep {
  return { exchange, proves: false, instead: undefined };
}

/** A step without which the server's name is not checked. */
export function proof(exchange: Exchange): StreamStep {
  return { exchange, proves: true, instead: undefined };
}

/** The step, and what is said where it is refused. */
export function stepOr(exchange: Exchange, instead: Exchange): StreamStep {
  return { exchange, proves: false, instead };
}
