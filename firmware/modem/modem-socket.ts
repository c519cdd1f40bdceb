/**
 * A UDP socket over AT commands: to SIP, mobile and broadband look alike. It says what it wants of the line, one exchange at
 * a time, and opens itself anew when modem or network have lost it.
 */
import type { Fact } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import type { Clock } from "../ports/clock.ts";
import type { Datagram, DatagramOptions, DatagramSocket, Endpoint } from "../ports/socket.ts";
import type { Answer } from "./at-session.ts";
import { Delay } from "./delay.ts";
import type { LineJob } from "./line-user.ts";
import { ModemInbox } from "./modem-inbox.ts";
import { ModemOutbox } from "./modem-outbox.ts";
import type { NumberedUser, SocketOwner } from "./numbered-user.ts";

/** `look` asks how much waits, where a modem refuses to read from an empty socket. */
type JobKind = "close" | "open" | "send" | "look" | "read";

/** `down`: no modem to talk to; `stale`: the modem may still hold an older socket of this number. */
type SocketAt = "down" | "stale" | "closed" | "opening" | "open" | "waiting" | "ending" | "ended";

const openingMs = 20_000;
const waitsMs: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
/** Unanswered or refused exchanges in a row after which the socket is taken for broken. */
const failureLimit = 3;
/** In bytes; what one modem cannot carry is dropped, what no unit may send is a mistake. */
const longestDatagram = 1_460;
const firstFreePort = 50_600;

export class ModemSocket implements DatagramSocket, NumberedUser {
  readonly needsContext: boolean;
  /** Its place among the unit's sockets. */
  readonly id: number;
  /** The number the modem knows it by; below 0 while there is none. */
  number: number;
  at: SocketAt;
  /** Datagrams that the modem did not take. */
  private failedCount: number;
  private readonly options: DatagramOptions;
  private readonly owner: SocketOwner;
  private readonly localPort: number;
  private readonly outbox: ModemOutbox;
  private readonly inbox: ModemInbox;
  private address: string;
  private dialect: Dialect | undefined;
  private sweep: number;
  private failures: number;
  private openings: number;
  /** What `next` last answered, and what is on the line. */
  private wanted: JobKind;
  private kind: JobKind;
  private readonly delay: Delay;

  constructor(id: number, clock: Clock, options: DatagramOptions, owner: SocketOwner) {
    this.id = id;
    this.number = id;
    this.options = options;
    this.owner = owner;
    this.localPort = options.localPort === 0 ? firstFreePort + id : options.localPort;
    this.at = "down";
    this.failedCount = 0;
    this.outbox = new ModemOutbox();
    this.inbox = new ModemInbox();
    this.address = "";
    this.dialect = undefined;
    this.sweep = 0;
    this.failures = 0;
    this.openings = 0;
    this.wanted = "close";
    this.kind = "close";
    this.needsContext = true;
    this.delay = new Delay(clock);
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    if (bytes.length > longestDatagram) throw new Error("modem-socket: datagram too long");
    const dialect = this.dialect;
    if (this.at !== "open" || dialect === undefined || bytes.length === 0) return;
    if (this.outbox.add(bytes, to, dialect.datagramLimit)) this.owner.wake();
  }

  recall(bytes: Uint8Array): void {
    this.outbox.recall(bytes);
  }

  read(): Datagram | undefined {
    const wasFull = this.inbox.isFull;
    const first = this.inbox.take();
    // A full inbox had stopped the reading: what more there is waits in the modem.
    if (wasFull && this.inbox.readable) this.owner.wake();
    return first;
  }

  close(): void {
    this.delay.stop();
    if (this.at === "ended") return;
    this.at = this.at === "down" || (this.number < 0 && this.at !== "opening") ? "ended" : "ending";
    this.owner.wake();
  }

  /** The modem has a data context with this own address, and speaks this dialect. */
  begin(address: string, dialect: Dialect): void {
    if (this.at === "ending" || this.at === "ended") return;
    this.address = address;
    if (this.dialect !== dialect) this.number = dialect.choosesNumber ? -1 : this.id;
    this.dialect = dialect;
    this.makeStale();
  }

  /** The modem has lost its context, or is gone. */
  end(): void {
    this.leaveOpen("down");
    if (this.at === "ending") this.at = "ended";
    else if (this.at !== "ended") this.at = "down";
  }

  /** Ordered from outside: whatever state it is in, it is closed and opened anew. */
  reopen(): void {
    if (this.at === "ending" || this.at === "ended" || this.at === "down") return;
    this.leaveOpen("stale");
    this.makeStale();
  }

  /** The modem has given this number to the socket that is being opened. */
  takeNumber(number: number): void {
    if (this.kind !== "open") return;
    this.number = number;
    if (this.at === "opening") this.opened();
  }

  /** Another socket has this number now. */
  forgetNumber(number: number): void {
    if (this.number === number) this.number = -1;
  }

  /** Datagrams that were not sent: no room, too long, to nobody, or refused by the modem. */
  get droppedCount(): number {
    return this.failedCount + this.outbox.droppedCount;
  }

  /** Longest datagram in bytes that this modem carries. */
  get datagramLimit(): number {
    return this.dialect === undefined ? longestDatagram : this.dialect.datagramLimit;
  }

  /** What it wants of the line now. The job counts only once `begun` was called. */
  next(): LineJob | undefined {
    const dialect = this.dialect;
    if (dialect === undefined) return undefined;
    switch (this.at) {
      case "stale":
      case "ending":
        return this.job("close", dialect.close(this.number < 0 ? this.sweep : this.number), undefined);
      case "closed":
        return this.job("open", dialect.openUdp(this.id, this.localPort), undefined);
      case "open": {
        const out = this.outbox.first(this.owner);
        if (this.inbox.isNext(out !== undefined)) {
          const kind = this.inbox.looksFirst(dialect) ? "look" : "read";
          return this.job(kind, this.inbox.exchange(dialect, this.number), undefined);
        }
        if (out === undefined) return undefined;
        const exchange = dialect.sendTo(this.number, out.to.host, out.to.port, out.bytes.length);
        return this.job("send", exchange, out.bytes);
      }
      default:
        return undefined;
    }
  }

  /** The job that `next` answered is on the line. */
  begun(_job: LineJob): void {
    const kind = this.wanted;
    this.kind = kind;
    if (kind === "send") {
      const out = this.outbox.take();
      if (out !== undefined) this.inbox.spokenTo(out.to);
    } else if (kind === "read" || kind === "look") this.inbox.begin();
    else if (kind === "open") {
      this.at = "opening";
      this.delay.start(openingMs, () => this.broken());
    }
  }

  answered(_job: LineJob, answer: Answer): void {
    const kind = this.kind;
    switch (kind) {
      case "close":
        this.closed();
        if (this.at === "stale" && !this.sweeps()) this.at = "closed";
        else if (this.at === "ending") this.at = "ended";
        return;
      case "open":
        if (!answer.ok && this.at === "opening") this.refused();
        else if (this.at === "ending" && this.number < 0) this.at = "ended";
        return;
      case "send":
        if (answer.ok) {
          this.succeeded();
          this.inbox.hearSent();
        } else this.sendRefused(answer);
        return;
      case "look":
      case "read":
        if (answer.ok) this.hearRead(kind, answer);
        else {
          // Its news will not be told again.
          this.inbox.readable = true;
          this.failed();
        }
        return;
    }
  }

  /** The job got no answer at all. */
  unanswered(_job: LineJob): void {
    const kind = this.kind;
    if (kind === "close") {
      if (this.at === "stale") this.broken();
      else if (this.at === "ending") this.at = "ended";
      return;
    }
    if (this.at === "ending" && this.number < 0) this.at = "ended";
    if (kind === "read" || kind === "look") this.inbox.readable = true;
    if (kind === "send") this.failedCount++;
    this.failed();
  }

  /** News of the modem about this socket. */
  hear(fact: Fact): void {
    switch (fact.type) {
      case "socket-readable":
        this.inbox.readable = true;
        return;
      case "socket-opened":
        if (this.at !== "opening") return;
        if (fact.error !== 0) this.refused();
        else this.opened();
        return;
      case "datagram-origin":
        this.inbox.origin = { host: fact.host, port: fact.port };
        return;
      case "socket-closed":
        if (this.at === "open" || this.at === "opening") this.broken();
        return;
      default:
        return;
    }
  }

  hearLine(): void {}

  /** The modem holds it no longer, or what the sweep came to. */
  private closed(): void {
    if (this.dialect === undefined || !this.dialect.choosesNumber) return;
    if (this.number < 0) this.sweep++;
    this.number = -1;
  }

  /**
   * Whether a number is still to be closed that may be this socket's: where the modem chooses numbers, an earlier life of the
   * unit or an answer that was lost may have left one open that nobody knows.
   */
  private sweeps(): boolean {
    if (this.dialect === undefined || !this.dialect.choosesNumber) return false;
    while (this.owner.isHeld(this.sweep)) this.sweep++;
    return this.sweep < this.dialect.socketLimit;
  }

  private refused(): void {
    this.broken();
    this.owner.doubt();
  }

  private opened(): void {
    this.delay.stop();
    this.at = "open";
    this.failures = 0;
    this.inbox.renew();
    this.options.onReady({ host: this.address, port: this.localPort });
  }

  private hearRead(kind: JobKind, answer: Answer): void {
    this.succeeded();
    if (this.dialect === undefined) return;
    if (kind === "look") this.inbox.hearWaiting(this.dialect, answer);
    else if (this.inbox.hearDatagram(this.dialect, answer, this.at === "open"))
      this.options.onReadable(this.inbox.count);
  }

  private sendRefused(answer: Answer): void {
    this.failedCount++;
    // A modem that tried may have a full buffer; an error says that there is no such socket.
    if (answer.tried) this.failed();
    else if (this.at === "open") this.broken();
  }

  private succeeded(): void {
    this.failures = 0;
    this.openings = 0;
  }

  private failed(): void {
    this.failures++;
    if (this.failures >= failureLimit && this.at !== "down" && this.at !== "ending" && this.at !== "ended")
      this.refused();
  }

  /** Opens itself anew after a wait that grows. */
  private broken(): void {
    this.leaveOpen("waiting");
    const wait = waitsMs[Math.min(this.openings, waitsMs.length - 1)] as number;
    this.openings++;
    this.delay.start(wait, () => this.makeStale());
  }

  private makeStale(): void {
    this.delay.stop();
    this.at = this.number < 0 && !this.sweeps() ? "closed" : "stale";
    this.failures = 0;
    this.inbox.readable = false;
    this.owner.wake();
  }

  /** From here on nothing can be sent; who uses the socket hears of it only where it could before. */
  private leaveOpen(to: SocketAt): void {
    const wasOpen = this.at === "open";
    this.sweep = 0;
    this.delay.stop();
    this.outbox.clear();
    if (this.at === "ending" || this.at === "ended") return;
    this.at = to;
    if (wasOpen) this.options.onFault("lost");
  }

  private job(kind: JobKind, exchange: Exchange, payload: Uint8Array | undefined): LineJob {
    this.wanted = kind;
    return { user: this, exchange, payload };
  }
}
