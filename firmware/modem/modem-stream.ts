/**
 * A TCP or TLS connection over AT commands: to SIP, mobile and broadband look alike. It says what it wants of the line, one
 * exchange at a time. Whatever leaves open which bytes were carried ends it: SIP says again what was lost with a connection
 * (RFC 3261 18.4). A far side that takes everything and never answers is left to whoever uses the connection.
 */
import type { Fact } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import type { StreamPlan, StreamTalk } from "../../protocol/at/stream-talk.ts";
import type { Clock } from "../ports/clock.ts";
import type { PeerProof, Stream, StreamOptions } from "../ports/stream.ts";
import type { StreamFault } from "../sip/stream-fault.ts";
import type { Answer } from "./at-session.ts";
import { Delay } from "./delay.ts";
import type { LineJob } from "./line-user.ts";
import { StreamBytes } from "./modem-stream-bytes.ts";
import { StreamOpening } from "./modem-stream-opening.ts";
import type { NumberedUser, SocketOwner } from "./numbered-user.ts";
import { isAddress } from "./numbered-user.ts";

/** `preparing`: its steps are being said; `connecting`: the modem tells how it went; `closing`: nobody uses it any longer. */
type StreamAt = "new" | "preparing" | "connecting" | "open" | "closing" | "ended";
type JobKind = "sweep" | "create" | "step" | "send" | "look" | "read" | "close";

const connectMs = 40_000;
/** Waits before a chunk that the modem had no room for is said again; after the last the connection is given up. */
const stallsMs: readonly number[] = [500, 1_000, 2_000, 4_000];
const sipPort = 5_060;
const sipsPort = 5_061;

export class ModemStream implements Stream, NumberedUser {
  readonly needsContext: boolean;
  readonly id: number;
  number: number;
  at: StreamAt;
  private readonly options: StreamOptions;
  private readonly plan: StreamPlan;
  private readonly owner: SocketOwner;
  private readonly bytes: StreamBytes;
  private talk: StreamTalk | undefined;
  private address: string;
  private opening: StreamOpening | undefined;
  private stalls: number;
  private isStalled: boolean;
  private sentLast: boolean;
  /** What `next` last answered, and what is on the line. */
  private wanted: JobKind;
  private kind: JobKind | undefined;
  private readonly delay: Delay;

  /** `caFile` names the certificate that the modem keeps of whom to trust; with "" TLS checks nothing. */
  constructor(id: number, clock: Clock, options: StreamOptions, caFile: string, owner: SocketOwner) {
    this.needsContext = true;
    this.id = id;
    this.number = -1;
    this.at = "new";
    this.options = options;
    this.plan = { host: options.to.host, port: options.to.port, serverName: options.serverName, caFile };
    this.owner = owner;
    this.bytes = new StreamBytes();
    this.talk = undefined;
    this.address = "";
    this.opening = undefined;
    this.stalls = 0;
    this.isStalled = false;
    this.sentLast = false;
    this.wanted = "close";
    this.kind = undefined;
    this.delay = new Delay(clock);
  }

  write(bytes: Uint8Array): void {
    if (this.at !== "open") return;
    this.bytes.write(bytes);
    this.owner.wake();
  }

  recall(bytes: Uint8Array): void {
    this.bytes.recall(bytes, this.kind === "send");
  }

  read(): Uint8Array | undefined {
    const wasFull = this.bytes.isFull;
    const all = this.bytes.takeAll();
    // A full inbox had stopped the reading: what more there is waits in the modem.
    if (wasFull && this.bytes.readable) this.owner.wake();
    return all;
  }

  close(): void {
    if (this.at === "closing" || this.at === "ended") return;
    this.leave();
    this.owner.wake();
  }

  begin(address: string, dialect: Dialect): void {
    if (this.at !== "new") return;
    const talk = this.plan.serverName === undefined ? dialect.tcp : dialect.tls;
    this.address = address;
    this.talk = talk;
    this.at = "preparing";
    const opening = new StreamOpening(talk, this.owner);
    this.opening = opening;
    if (talk.create === undefined) {
      // Datagrams and plain TCP share their numbers, which are the places of the unit's sockets.
      this.number = this.plan.serverName === undefined ? this.id : opening.freeNumber();
      if (this.number >= 0) opening.prepare(this.number, this.plan);
      else this.failLater("no-link");
    }
    this.owner.wake();
  }

  end(): void {
    if (this.at === "closing") this.at = "ended";
    this.number = -1;
    this.fail(this.at === "open" ? "connection-lost" : "no-link");
  }

  reopen(): void {
    if (this.at !== "new") this.fail("connection-lost");
  }

  takeNumber(number: number): void {
    if (this.kind !== "create" || this.opening === undefined) return;
    this.number = number;
    if (this.at === "preparing") this.opening.prepare(number, this.plan);
  }

  forgetNumber(number: number): void {
    if (this.number !== number) return;
    this.number = -1;
    this.fail("connection-lost");
  }

  next(): LineJob | undefined {
    const talk = this.talk;
    if (talk === undefined) return undefined;
    switch (this.at) {
      case "preparing":
        return this.nextStep(talk);
      case "open":
        return this.nextOpen(talk);
      case "closing":
        return this.number < 0 ? undefined : this.job("close", talk.close(this.number), undefined);
      default:
        return undefined;
    }
  }

  begun(): void {
    const kind = this.wanted;
    this.kind = kind;
    this.sentLast = kind === "send";
    if (kind === "read" || kind === "look") this.bytes.readable = false;
    if (kind === "step" && this.opening !== undefined && this.opening.isLast)
      this.delay.start(connectMs, () => this.fail("connect-timeout"));
  }

  answered(_job: LineJob, answer: Answer): void {
    const kind = this.kind;
    const talk = this.talk;
    this.kind = undefined;
    if (talk === undefined || this.at === "ended") return;
    if (kind === "close" || (this.at === "closing" && this.number < 0)) this.at = "ended";
    else if (this.at === "preparing") this.prepared(kind, answer);
    else if (this.at === "open" && kind === "send") this.sent(talk, answer);
    else if (this.at === "open" && kind === "look") this.looked(talk, answer);
    else if (this.at === "open" && kind === "read") this.fetched(talk, answer);
  }

  /** What was under way may have been done or not. */
  unanswered(): void {
    const kind = this.kind;
    this.kind = undefined;
    // A socket that was made or kept all the same has a number that nobody knows.
    if (kind === "create" || kind === "sweep" || kind === "close") this.owner.sweepDue = true;
    if (this.at === "closing" || this.at === "ended") {
      if (kind === "close" || this.number < 0) this.at = "ended";
      return;
    }
    this.fail(this.at === "open" ? "connection-lost" : "connect-timeout");
  }

  hear(fact: Fact): void {
    switch (fact.type) {
      case "socket-opened":
        this.hearOpened(fact.error);
        return;
      case "socket-readable":
        this.bytes.readable = true;
        return;
      case "socket-closed":
        // What came before the end is fetched first.
        if (this.at === "open") this.bytes.hearEnd();
        else if (this.isBegun) this.fail("connection-refused");
        return;
      default:
        return;
    }
  }

  hearLine(): void {}

  /** Whether the last step was said: what the modem tells of this number is about this connection. */
  private get isBegun(): boolean {
    return this.at === "connecting" || (this.at === "preparing" && this.delay.isRunning);
  }

  private nextStep(talk: StreamTalk): LineJob | undefined {
    const opening = this.opening as StreamOpening;
    const sweep = opening.sweeping;
    if (sweep !== undefined) return this.job("sweep", sweep, undefined);
    if (this.number >= 0) return this.job("step", opening.exchange, undefined);
    return talk.create === undefined ? undefined : this.job("create", talk.create, undefined);
  }

  private nextOpen(talk: StreamTalk): LineJob | undefined {
    const chunk = this.isStalled || this.bytes.isEnding ? undefined : this.bytes.chunk(talk.chunkLimit);
    if (this.bytes.wantsRead && (chunk === undefined || this.sentLast)) {
      const looks = talk.askWaiting !== undefined && this.bytes.waitingCount === 0;
      if (looks && talk.askWaiting !== undefined) return this.job("look", talk.askWaiting(this.number), undefined);
      return this.job("read", talk.read(this.number), undefined);
    }
    return chunk === undefined ? undefined : this.job("send", talk.send(this.number, chunk.length), chunk);
  }

  private prepared(kind: JobKind | undefined, answer: Answer): void {
    const opening = this.opening as StreamOpening;
    if (kind === "sweep") opening.swept();
    else if (kind === "step") this.stepped(opening, answer);
    else if (!answer.ok || this.number < 0) {
      // All numbers may be taken, some of them by nobody.
      this.owner.sweepDue = true;
      this.owner.doubt();
      this.fail("no-address");
    }
  }

  private stepped(opening: StreamOpening, answer: Answer): void {
    switch (opening.stepped(answer)) {
      case "next":
        return;
      case "wait":
        this.at = "connecting";
        return;
      case "open":
        this.opened();
        return;
      case "refused":
        this.fail("connection-refused");
        return;
      case "not-begun":
        this.owner.doubt();
        this.fail(isAddress(this.plan.host) ? "connection-refused" : "name-not-found");
        return;
    }
  }

  private hearOpened(error: number): void {
    if (!this.isBegun || this.talk === undefined) return;
    if (error === 0) {
      this.opened();
      return;
    }
    const fault = this.talk.openFaultOf(error);
    if (fault !== "handshake") this.fail(fault);
    else
      this.fail(this.plan.serverName !== undefined && this.plan.caFile !== "" ? "certificate" : "connection-refused");
  }

  private opened(): void {
    this.delay.stop();
    this.at = "open";
    const isSecure = this.plan.serverName !== undefined;
    const proof: PeerProof = isSecure && (this.opening as StreamOpening).isProven ? "checked" : "unverified";
    // The modem does not tell the local port; answers come back over the connection whatever is named (RFC 3261 18.2.2).
    this.options.onReady({ host: this.address, port: isSecure ? sipsPort : sipPort }, proof);
  }

  private sent(talk: StreamTalk, answer: Answer): void {
    const length = this.bytes.chunkLength;
    const count = answer.ok || answer.tried ? talk.sentOf(answer.final, answer.line, length) : -1;
    if (count < 0) this.fail("connection-lost");
    else if (count > 0) {
      this.stalls = 0;
      this.bytes.hearSent(count);
    } else this.stall();
  }

  private stall(): void {
    const afterMs = stallsMs[this.stalls];
    this.stalls++;
    if (afterMs === undefined) {
      this.fail("connection-lost");
      return;
    }
    this.isStalled = true;
    this.delay.start(afterMs, () => {
      this.isStalled = false;
      this.owner.wake();
    });
  }

  private looked(talk: StreamTalk, answer: Answer): void {
    const count = answer.ok ? talk.waitingOf(answer.line, this.number) : -1;
    if (count < 0 || (count === 0 && this.bytes.isEnding)) this.fail("connection-lost");
    else this.bytes.hearWaiting(count);
  }

  private fetched(talk: StreamTalk, answer: Answer): void {
    const length = answer.ok ? talk.readLengthOf(answer.line) : -1;
    const data = answer.data;
    if (length === 0 && !this.bytes.isEnding) {
      this.bytes.hearWaiting(0);
      return;
    }
    // Bytes that were damaged on the line are gone from the modem.
    if (length <= 0 || data === undefined || data.length !== length) {
      this.fail("connection-lost");
      return;
    }
    this.bytes.hearData(data);
    this.options.onReadable(this.bytes.inboxCount);
  }

  /** Never from inside the call that opens it. */
  failLater(fault: StreamFault): void {
    this.delay.start(0, () => this.fail(fault));
  }

  /** It is over: what the modem still holds of it is closed without a word more. */
  private fail(fault: StreamFault): void {
    if (this.at === "closing" || this.at === "ended") return;
    this.leave();
    this.options.onFault(fault);
    this.owner.wake();
  }

  private leave(): void {
    this.delay.stop();
    this.bytes.clear();
    this.at = this.number >= 0 || this.kind === "create" ? "closing" : "ended";
  }

  private job(kind: JobKind, exchange: Exchange, payload: Uint8Array | undefined): LineJob {
    this.wanted = kind;
    return { user: this, exchange, payload };
  }
}
