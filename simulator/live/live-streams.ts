/**
 * Real TCP and TLS connections behind the OpenStream port (TLS 1.2 or later, sessions resumed by RFC 5077 and RFC 8446 2.2).
 * Loopback unless an address is on the allow-list, as for datagrams.
 */
import { connect as connectTcp, isIP, isIPv6, type Socket } from "node:net";
import {
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import type { Timer } from "../../firmware/ports/clock.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { OpenStream, PeerProof, Stream, StreamOptions } from "../../firmware/ports/stream.ts";
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import { LiveClock } from "./live-clock.ts";
import { isAllowed } from "./live-sockets.ts";
import { faultOf } from "./live-stream-faults.ts";
import { judgeServer, type LiveTrust } from "./live-trust.ts";

/** Bytes that may wait to be sent; write() throws beyond. */
export const writeLimit = 65_536;
/** Bytes that may wait for read(); beyond, the other side has to wait. */
export const unreadLimit = 262_144;
/** Connections whose TLS session is remembered; the oldest gives way. */
export const sessionLimit = 16;

/** One read of Node's sockets is at most so long. */
const chunkByteLimit = 65_536;
const defaultPatienceMs = 60_000;

/** What TLS has shown of a server that is not simply in order. */
export interface PeerNews {
  readonly to: Endpoint;
  /** Undefined: it was left. */
  readonly proof: PeerProof | undefined;
  /** The unit wanted to speak with it whatever it shows. */
  readonly isLastResort: boolean;
  /** In words; "" where nothing is wrong. */
  readonly why: string;
}

export interface LiveStreamOptions {
  /** Own address; the system's choice unless said. */
  readonly host?: string | undefined;
  /** Addresses and names beyond loopback that may be used, exactly as they are written elsewhere. */
  readonly allow?: readonly string[];
  readonly trust?: LiveTrust;
  /** From the start of a connection to the end of its TLS handshake; 60 s unless said. */
  readonly patienceMs?: number;
  /** A connection to an address that is not allowed was not tried. */
  readonly onDropped?: (host: string) => void;
  readonly onPeer?: (news: PeerNews) => void;
}

/** A TLS session that may be resumed: that skips the check of the name, so only what was checked is kept, until its certificate ends. */
interface KeptSession {
  readonly session: Buffer;
  readonly validToMs: number;
}

/** All connections of one unit, and the sessions that make the next ones quick. */
export class LiveStreams {
  readonly live: LiveStreamOptions;
  readonly clock: LiveClock;
  private readonly streams: Set<LiveStream>;
  private readonly sessions: Map<string, KeptSession>;
  private context: SecureContext | undefined;

  /** Throws where the trusted certificates or the own one are no PEM. */
  constructor(live: LiveStreamOptions = {}) {
    this.live = live;
    this.clock = new LiveClock();
    this.streams = new Set();
    this.sessions = new Map();
    this.context = undefined;
  }

  readonly open: OpenStream = (options) => {
    const stream = new LiveStream(this, options, () => this.streams.delete(stream));
    this.streams.add(stream);
    return stream;
  };

  /** Ends every connection at once. */
  close(): void {
    for (const stream of [...this.streams]) stream.abort();
  }

  secureContext(): SecureContext {
    const { ca, identity } = this.live.trust ?? {};
    this.context ??= createSecureContext({ ca, ...identity, minVersion: "TLSv1.2" });
    return this.context;
  }

  keepSession(key: string, kept: KeptSession): void {
    this.sessions.delete(key);
    this.sessions.set(key, kept);
    if (this.sessions.size > sessionLimit) this.sessions.delete(this.sessions.keys().next().value as string);
  }

  /** It is gone until a connection that was opened with it keeps it again: where it leads nowhere, the next begins anew. */
  takeSession(key: string): KeptSession | undefined {
    const kept = this.sessions.get(key);
    this.sessions.delete(key);
    return kept !== undefined && kept.validToMs > Date.now() ? kept : undefined;
  }
}

class LiveStream implements Stream {
  private readonly owner: LiveStreams;
  private readonly options: StreamOptions;
  private readonly onOver: () => void;
  private readonly socket: Socket | undefined;
  private readonly patience: Timer | undefined;
  private waiting: Buffer[];
  private waitingBytes: number;
  private ready: boolean;
  private over: boolean;

  constructor(owner: LiveStreams, options: StreamOptions, onOver: () => void) {
    this.owner = owner;
    this.options = options;
    this.onOver = onOver;
    this.waiting = [];
    this.waitingBytes = 0;
    this.ready = false;
    this.over = false;
    const { host } = options.to;
    if (!isAllowed(host, owner.live.allow ?? [])) {
      this.socket = undefined;
      this.patience = undefined;
      setImmediate(() => {
        if (!this.over) owner.live.onDropped?.(host);
        this.fail("connection-refused");
      });
      return;
    }
    this.socket = options.serverName === undefined ? this.connectPlain() : this.connectSecure(options.serverName);
    this.patience = owner.clock.after(owner.live.patienceMs ?? defaultPatienceMs, () => this.fail("connect-timeout"));
    this.socket.on("data", (bytes) => this.heard(bytes));
    this.socket.on("error", (error: NodeJS.ErrnoException) => this.fail(faultOf(error.code ?? "", this.ready)));
    this.socket.on("end", () => this.fail("connection-lost"));
    this.socket.on("close", () => this.fail("connection-lost"));
  }

  write(bytes: Uint8Array): void {
    if (this.over || this.socket === undefined) return;
    if (!this.ready) throw new Error("live stream: written to before it was ready");
    if (this.socket.writableLength + bytes.length > writeLimit) throw new Error("live stream: too much unsent");
    this.socket.write(bytes);
  }

  read(): Uint8Array | undefined {
    if (this.waitingBytes === 0) return undefined;
    const bytes = this.waiting.length === 1 ? this.waiting[0] : Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    if (this.socket?.isPaused() === true) this.socket.resume();
    return bytes;
  }

  /** What was written still goes out, as far as the other side takes it. */
  close(): void {
    if (!this.end()) return;
    this.socket?.destroySoon();
    this.socket?.unref();
  }

  abort(): void {
    if (this.end()) this.socket?.destroy();
  }

  private connectPlain(): Socket {
    const socket = connectTcp(this.wayOut());
    socket.once("connect", () => this.become("unverified", socket));
    return socket;
  }

  private connectSecure(serverName: string): TLSSocket {
    const { owner, options } = this;
    const key = `${options.to.host}:${options.to.port} ${serverName}`;
    const offered = owner.takeSession(key);
    const socket = connectTls({
      ...this.wayOut(),
      // An address is no server name (RFC 6066 3); it is checked all the same.
      servername: isIP(serverName) === 0 ? serverName : "",
      secureContext: owner.secureContext(),
      session: offered?.session,
      rejectUnauthorized: false, // judged below
      checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    });
    // A session comes before the end of the handshake (TLS 1.2) or after it (1.3); a resumed one bears no certificate any more.
    let session = offered?.session;
    let validToMs: number | undefined;
    const keep = (): void => {
      if (session !== undefined && validToMs !== undefined) owner.keepSession(key, { session, validToMs });
    };
    socket.on("session", (newer) => {
      session = newer;
      keep();
    });
    socket.once("secureConnect", () => {
      const proof = this.judge(socket, serverName);
      if (proof === undefined) return;
      const resumed = socket.isSessionReused() ? offered : undefined;
      if (proof === "checked") validToMs = resumed?.validToMs ?? Date.parse(socket.getPeerCertificate().valid_to);
      keep();
      this.become(proof, socket);
    });
    return socket;
  }

  /** What is proven, or undefined where the server was left. */
  private judge(socket: TLSSocket, serverName: string): PeerProof | undefined {
    const { trust, onPeer } = this.owner.live;
    const { to } = this.options;
    const isLastResort = this.options.trust === "any";
    const judged = judgeServer(socket, serverName, trust?.ca);
    const isLeft = !isLastResort && trust?.unverified !== true;
    const proof = judged.proof ?? (isLeft ? undefined : "unverified");
    if (proof !== "checked") onPeer?.({ to, proof, isLastResort, why: judged.why });
    if (proof === undefined) this.fail("certificate");
    return proof;
  }

  private wayOut() {
    const { host } = this.owner.live;
    const { to } = this.options;
    const own = host === undefined ? {} : { localAddress: host, family: isIPv6(host) ? 6 : 4 };
    return { host: to.host, port: to.port, noDelay: true, ...own };
  }

  private become(proof: PeerProof, socket: Socket): void {
    if (this.over) return;
    this.ready = true;
    this.patience?.cancel();
    this.options.onReady({ host: socket.localAddress ?? "", port: socket.localPort ?? 0 }, proof);
  }

  private heard(bytes: Buffer): void {
    if (this.over) return;
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.waitingBytes + chunkByteLimit > unreadLimit) this.socket?.pause();
    this.options.onReadable(this.waitingBytes);
  }

  private fail(fault: StreamFault): void {
    if (!this.end()) return;
    this.socket?.destroy();
    this.options.onFault(fault);
  }

  /** False where it was over already. */
  private end(): boolean {
    if (this.over) return false;
    this.over = true;
    this.patience?.cancel();
    this.onOver();
    return true;
  }
}
