/** Datagrams fetched from a modem and not yet read by the unit, and what is known of those that still wait in it. */
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import type { Datagram, Endpoint } from "../ports/socket.ts";
import type { Answer } from "./at-session.ts";

const limit = 8;
/**
 * Datagrams fetched between two sends. One would not do: each message is answered, repeated and answered again, and while more
 * comes than is fetched the modem's room is full of what is old.
 */
const readsPerSend = 4;

export class ModemInbox {
  /** Something may wait in the modem. */
  readable: boolean;
  /** Where the datagram that is being fetched came from, as far as a line of its own has told. */
  origin: Endpoint | undefined;
  /** Datagrams that nobody can tell the origin of. */
  strangerCount: number;
  /** The only one the unit has spoken to since the socket was opened; undefined where there is none, or more than one. */
  private partner: Endpoint | undefined;
  private hasPartners: boolean;
  private readonly fetched: Datagram[];
  /** Bytes the modem says are waiting. */
  private waitingCount: number;
  /** How many may still be fetched before what waits to be sent. */
  private turns: number;
  private quietSends: number;

  constructor() {
    this.readable = false;
    this.origin = undefined;
    this.strangerCount = 0;
    this.partner = undefined;
    this.hasPartners = false;
    this.fetched = [];
    this.waitingCount = 0;
    this.turns = 0;
    this.quietSends = 0;
  }

  get count(): number {
    return this.fetched.length;
  }

  get isFull(): boolean {
    return this.fetched.length >= limit;
  }

  /** Whether something is to be fetched now, where something else waits to be sent (`hasOther`) or nothing does. */
  isNext(hasOther: boolean): boolean {
    return this.readable && !this.isFull && (!hasOther || this.turns > 0);
  }

  /** The socket is a new one: nobody was spoken to yet, and what came before its news was heard is found by looking. */
  renew(): void {
    this.readable = true;
    this.partner = undefined;
    this.hasPartners = false;
  }

  /** The unit speaks to this one now. */
  spokenTo(to: Endpoint): void {
    this.turns = readsPerSend;
    const known = this.partner;
    if (known !== undefined && known.host === to.host && known.port === to.port) return;
    this.partner = this.hasPartners ? undefined : to;
    this.hasPartners = true;
  }

  /** What was said has left. */
  hearSent(): void {
    // Two sent and nothing heard: the news of an answer may have been lost, and is not repeated.
    if (this.quietSends > 0) this.readable = true;
    this.quietSends++;
  }

  take(): Datagram | undefined {
    return this.fetched.shift();
  }

  /** Where a modem refuses to read from an empty socket, it is asked first. */
  looksFirst(dialect: Dialect): boolean {
    return dialect.askWaiting !== undefined && this.waitingCount === 0;
  }

  /** What asks the modem for the next datagram, or how much waits. */
  exchange(dialect: Dialect, number: number): Exchange {
    if (dialect.askWaiting !== undefined && this.waitingCount === 0) return dialect.askWaiting(number);
    return dialect.readFrom(number);
  }

  /** That exchange is on the line: news that comes while the modem answers counts again. */
  begin(): void {
    if (this.turns > 0) this.turns--;
    this.readable = false;
    this.waitingCount = 0;
    this.origin = undefined;
  }

  hearWaiting(dialect: Dialect, answer: Answer): void {
    this.waitingCount = dialect.waitingOf(answer.line);
    if (this.waitingCount > 0) this.readable = true;
  }

  /** Whether a datagram has come in; where the socket is no longer open it is dropped. */
  hearDatagram(dialect: Dialect, answer: Answer, isOpen: boolean): boolean {
    this.quietSends = 0;
    const header = dialect.datagramOf(answer.line);
    if (header === undefined) return false;
    this.readable = true;
    const bytes = answer.data;
    if (bytes === undefined || bytes.length !== header.length || !isOpen) return false;
    // A modem that does not tell the origin can only be believed where no more than one can have answered.
    const told = header.host === "" ? (this.origin ?? this.partner) : header;
    if (told === undefined) {
      this.strangerCount++;
      return false;
    }
    this.fetched.push({ bytes, from: { host: told.host, port: told.port } });
    return true;
  }
}
