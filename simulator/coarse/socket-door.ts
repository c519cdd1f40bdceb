/**
 * A modem at the socket level: datagrams of the unit go to the bearer and come from it beside the modem's line, one at a time and as
 * late as AT talk makes them. Start, registration, context and recovery stay with the modem's stand-in and its bytes.
 */
import type { Timer } from "../../firmware/ports/clock.ts";
import type {
  Datagram,
  DatagramOptions,
  DatagramSocket,
  Endpoint,
  OpenDatagramSocket,
} from "../../firmware/ports/socket.ts";
import type { Bearer, BearerSession } from "../network/bearer.ts";

export interface DoorHost {
  nowMs(): number;
  after(delayMs: number, callback: () => void): Timer;
  below(n: number): number;
  /** Whether the modem hangs: it hears nothing and says nothing. */
  isSilent(): boolean;
}

/** One exchange on the line, the way there and back included: what `ModemPeer` takes for an answer, and what a `Wire` does. */
const talk = { leastMs: 21, spreadMs: 281 };
/** Behind the order to open a socket comes the news that it is. */
const opening = { leastMs: 20, spreadMs: 181 };
/** The firmware's patience with an exchange of a socket, and with each sounding after it. */
const patienceMs = 15_000;
const soundingMs = 5_000;
const soundings = 3;
/** As in the firmware's own socket over the line. */
const outboxLimit = 8;
const inboxLimit = 8;
const readsPerSend = 4;
const retryMs: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
/** As in the modem's stand-in. */
const waitingLimit = 32;
const firstFreePort = 50_600;

export class SocketDoor {
  /** One socket at a time; opening anew takes the place of the former. */
  readonly openDatagram: OpenDatagramSocket;
  private readonly host: DoorHost;
  private session: BearerSession | undefined;
  private socket: DoorSocket | undefined;

  constructor(host: DoorHost) {
    this.host = host;
    this.session = undefined;
    this.socket = undefined;
    this.openDatagram = (options) => {
      this.socket?.close();
      this.socket = new DoorSocket(this.host, options, () => this.session);
      return this.socket;
    };
  }

  /** The bearer as the modem's stand-in has it: what is for a socket of this door never comes to its line. */
  through(bearer: Bearer): Bearer {
    return {
      state: () => bearer.state(),
      listen: (onChange) => bearer.listen(onChange),
      wallMs: () => bearer.wallMs(),
      ...(bearer.select === undefined ? {} : { select: (plmn: string | undefined) => bearer.select?.(plmn) }),
      activate: (receive) => {
        const session = bearer.activate((bytes, from, toPort) => {
          if (this.socket?.port === toPort) this.socket.hear(bytes, from);
          else receive(bytes, from, toPort);
        });
        this.session = session;
        return session && { ...methodsOf(session), close: () => this.close(session) };
      },
    };
  }

  private close(session: BearerSession): void {
    if (this.session === session) this.session = undefined;
    session.close();
  }
}

function methodsOf(session: BearerSession): Omit<BearerSession, "close"> {
  return {
    address: session.address,
    send: (bytes, fromPort, to) => session.send(bytes, fromPort, to),
    connect: (options) => session.connect(options),
    resolve: (name, then) => session.resolve(name, then),
  };
}

interface Outgoing {
  readonly bytes: Uint8Array;
  /** The array that was handed over. */
  readonly origin: Uint8Array;
  readonly to: Endpoint;
}

/** What the line is busy with; `hung`: with something that the modem never answered. */
type Job = "none" | "open" | "send" | "read" | "hung";

class DoorSocket implements DatagramSocket {
  readonly port: number;
  private readonly host: DoorHost;
  private readonly options: DatagramOptions;
  private readonly session: () => BearerSession | undefined;
  private readonly outbox: Outgoing[];
  /** On the line. */
  private leaving: Outgoing | undefined;
  /** In the modem, and fetched from it. */
  private readonly waiting: Datagram[];
  private readonly inbox: Datagram[];
  private job: Job;
  private timer: Timer | undefined;
  private isOpen: boolean;
  private isClosed: boolean;
  /** The line is free from then on; until `readEndsMs` what comes is fetched by a read that is under way. */
  private freeMs: number;
  private readEndsMs: number;
  private turns: number;
  private quietSends: number;
  private tries: number;

  constructor(host: DoorHost, options: DatagramOptions, session: () => BearerSession | undefined) {
    this.host = host;
    this.options = options;
    this.session = session;
    this.port = options.localPort === 0 ? firstFreePort : options.localPort;
    this.outbox = [];
    this.leaving = undefined;
    this.waiting = [];
    this.inbox = [];
    this.job = "none";
    this.timer = undefined;
    this.isOpen = false;
    this.isClosed = false;
    this.freeMs = 0;
    this.readEndsMs = -1;
    this.turns = 0;
    this.quietSends = 0;
    this.tries = 0;
    this.reopen(0);
  }

  /** A repetition of what still waits would say nothing more. */
  send(bytes: Uint8Array, to: Endpoint): void {
    if (!this.isOpen || this.outbox.length >= outboxLimit) return;
    if (this.outbox.some((each) => each.to.host === to.host && each.to.port === to.port && isSame(each.bytes, bytes)))
      return;
    this.outbox.push({ bytes: bytes.slice(), origin: bytes, to });
    this.work();
  }

  recall(bytes: Uint8Array): void {
    for (let i = this.outbox.length - 1; i >= 0; i--) if (this.outbox[i]?.origin === bytes) this.outbox.splice(i, 1);
  }

  read(): Datagram | undefined {
    const wasFull = this.inbox.length >= inboxLimit;
    const first = this.inbox.shift();
    if (wasFull) this.work();
    return first;
  }

  close(): void {
    this.isClosed = true;
    this.isOpen = false;
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** The network has a datagram for it. */
  hear(bytes: Uint8Array, from: Endpoint): void {
    if (!this.isOpen || this.waiting.length >= waitingLimit) return;
    this.waiting.push({ bytes, from });
    this.work();
  }

  /** What the line does next, as soon as it is free. */
  private work(): void {
    if (this.job !== "none" || this.timer !== undefined || !this.isOpen) return;
    const nowMs = this.host.nowMs();
    const reads = this.waiting.length > 0 && this.inbox.length < inboxLimit;
    if (reads && nowMs < this.readEndsMs) this.begin("read", this.readEndsMs - nowMs);
    else if (!reads && this.outbox.length === 0) return;
    else if (nowMs < this.freeMs)
      this.timer = this.host.after(this.freeMs - nowMs, () => {
        this.timer = undefined;
        this.work();
      });
    else if (reads && (this.outbox.length === 0 || this.turns > 0)) this.begin("read", this.draw(talk));
    else this.begin("send", this.draw(talk));
  }

  private begin(job: Job, afterMs: number): void {
    this.job = job;
    if (job === "read" && this.turns > 0) this.turns--;
    if (job === "send") {
      this.turns = readsPerSend;
      this.leaving = this.outbox.shift();
    }
    this.timer = this.host.after(afterMs, () => {
      this.timer = undefined;
      this.end(job);
    });
  }

  private end(job: Job): void {
    this.job = "none";
    if (this.host.isSilent()) this.hang(patienceMs, soundings);
    else if (job === "open") this.opened();
    else if (job === "send") this.sent();
    else this.fetched();
    this.work();
  }

  private sent(): void {
    const out = this.leaving;
    if (out !== undefined) this.session()?.send(out.bytes, this.port, out.to);
    this.freeMs = this.host.nowMs() + this.draw(talk);
    // Two sent and nothing heard: the firmware looks whether the news of an answer was lost.
    if (this.quietSends > 0) this.looks(this.freeMs);
    this.quietSends++;
  }

  private fetched(): void {
    const datagram = this.waiting.shift();
    this.quietSends = 0;
    if (datagram === undefined) return;
    this.inbox.push(datagram);
    if (this.waiting.length === 0 && (this.outbox.length === 0 || this.turns > 0)) this.looks(this.host.nowMs());
    this.options.onReadable(this.inbox.length);
  }

  /** A read that finds nothing unless something comes before its end. */
  private looks(fromMs: number): void {
    this.readEndsMs = fromMs + this.draw(talk);
    this.freeMs = this.readEndsMs;
  }

  private opened(): void {
    const session = this.session();
    if (session === undefined) {
      this.lose("no-address");
      return;
    }
    this.tries = 0;
    this.isOpen = true;
    this.options.onReady({ host: session.address, port: this.port });
  }

  /** What was on the line is not answered any more; a modem that comes to itself is found by a sounding. */
  private hang(afterMs: number, soundingsLeft: number): void {
    this.job = "hung";
    this.timer = this.host.after(afterMs, () => {
      this.timer = undefined;
      this.job = "none";
      if (this.host.isSilent() && soundingsLeft > 0) this.hang(soundingMs, soundingsLeft - 1);
      else if (this.host.isSilent()) this.lose("lost");
      else if (this.isOpen) this.work();
      else this.reopen(0);
    });
  }

  private lose(fault: "lost" | "no-address"): void {
    this.isOpen = false;
    this.outbox.length = 0;
    this.waiting.length = 0;
    this.options.onFault(fault);
    if (this.isClosed) return;
    const waitMs = retryMs[Math.min(this.tries, retryMs.length - 1)] ?? 0;
    this.tries++;
    this.reopen(waitMs);
  }

  /** Closes whatever may be open of it, and opens it. */
  private reopen(afterMs: number): void {
    this.begin("open", afterMs + this.draw(talk) + this.draw(talk) + this.draw(opening));
  }

  private draw({ leastMs, spreadMs }: typeof talk): number {
    return leastMs + this.host.below(spreadMs);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
