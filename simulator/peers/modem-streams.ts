/**
 * The connections of a modem's stand-in: what has arrived waits here until it is fetched, and news of it is told once until
 * all of it was fetched, as the vendors' buffered modes do.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { PeerProof } from "../../firmware/ports/stream.ts";
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import type { BearerStream, BearerStreamOptions } from "../network/bearer.ts";
import type { ModemContext } from "./modem-context.ts";

/** What is asked of TLS; dates are looked at only where `dates` says so. */
export interface StreamSecurity {
  /** For SNI and the check of the name; "": the host itself is told in neither. */
  readonly serverName: string;
  readonly checks: BearerStreamOptions["checks"];
  readonly authorities: readonly string[];
  readonly dates: boolean;
}

export interface PeerStream {
  /** `over`: the other side has ended it; what has arrived can still be fetched. */
  at: "opening" | "open" | "over";
  readonly to: Endpoint;
  localPort: number;
  /** Bytes handed over so far, in both directions. */
  sentCount: number;
  fetchedCount: number;
  waiting: Uint8Array;
  announced: boolean;
  line: BearerStream | undefined;
}

export interface StreamListener {
  /** Undefined: it stands; otherwise why not, and the number is free again. */
  readonly onOpened: (id: number, fault: StreamFault | undefined) => void;
  /** So many bytes wait, and no news of them was told yet. */
  readonly onArrived: (id: number, count: number) => void;
  /** The other side, or the network, has ended it. */
  readonly onClosed: (id: number) => void;
  /** The context is gone, and every connection with it. */
  readonly onForgotten?: () => void;
}

/** What BearerStream takes without throwing; a modem's own buffer is smaller still. */
const unsentLimit = 11_680;
/** What waits in the modem; the rest waits in the network. */
const waitingLimit = 16_384;
/** The other side answers by then, or never. */
const openMs = 75_000;
const nothing = new Uint8Array(0);

export class StreamSet {
  private readonly context: ModemContext;
  private readonly listener: StreamListener;
  private readonly streams: Map<number, PeerStream>;

  constructor(context: ModemContext, listener: StreamListener) {
    this.context = context;
    this.listener = listener;
    this.streams = new Map();
    context.join(this);
  }

  get(id: number): PeerStream | undefined {
    return this.streams.get(id);
  }

  ids(): readonly number[] {
    return [...this.streams.keys()];
  }

  /** Takes the number; `onOpened` tells how it went. */
  open(id: number, to: Endpoint, security: StreamSecurity | undefined): void {
    const stream = newStream(to);
    this.streams.set(id, stream);
    const isOurs = (): boolean => this.streams.get(id) === stream;
    const fail = (fault: StreamFault): void => {
      if (!isOurs()) return;
      stream.line = undefined;
      if (stream.at === "opening") {
        this.streams.delete(id);
        this.listener.onOpened(id, fault);
      } else {
        stream.at = "over";
        this.listener.onClosed(id);
      }
    };
    stream.line = this.context.connect({
      to,
      serverName: security === undefined ? undefined : security.serverName || to.host,
      checks: security?.checks ?? "nothing",
      authorities: security?.authorities ?? [],
      onReady: (local, proof) => {
        if (!isOurs()) return;
        if (isRefused(proof, security)) {
          stream.line?.close();
          fail("certificate");
          return;
        }
        stream.at = "open";
        stream.localPort = local.port;
        this.listener.onOpened(id, undefined);
      },
      onReadable: () => {
        if (isOurs()) this.arrived(id, stream);
      },
      onFault: fail,
    });
    this.context.after(openMs, () => {
      if (stream.at !== "opening") return;
      stream.line?.close();
      fail("connect-timeout");
    });
  }

  /** False where its buffer has no room. */
  write(stream: PeerStream, bytes: Uint8Array): boolean {
    const { line } = stream;
    if (line === undefined || line.unsentCount + bytes.length > unsentLimit) return false;
    line.write(bytes);
    stream.sentCount += bytes.length;
    return true;
  }

  /** Takes up to `most` bytes of what waits; none where nothing does, and then the next arrival is told. */
  fetch(stream: PeerStream, most: number): Uint8Array {
    const bytes = stream.waiting.subarray(0, most);
    stream.waiting = stream.waiting.subarray(bytes.length);
    stream.fetchedCount += bytes.length;
    this.pull(stream);
    if (stream.waiting.length === 0) stream.announced = false;
    return bytes;
  }

  /** False where there is none. */
  close(id: number): boolean {
    const stream = this.streams.get(id);
    this.streams.delete(id);
    stream?.line?.close();
    return stream !== undefined;
  }

  /** The context is gone, and all connections with it; who waits for one hears that it failed. */
  forget(): void {
    const gone = [...this.streams];
    this.streams.clear();
    for (const [id, stream] of gone) if (stream.at === "opening") this.listener.onOpened(id, "connection-lost");
    this.listener.onForgotten?.();
  }

  private arrived(id: number, stream: PeerStream): void {
    this.pull(stream);
    if (stream.announced || stream.waiting.length === 0) return;
    stream.announced = true;
    this.listener.onArrived(id, stream.waiting.length);
  }

  private pull(stream: PeerStream): void {
    if (stream.line === undefined || stream.waiting.length >= waitingLimit) return;
    for (let bytes = stream.line.read(); bytes !== undefined; bytes = stream.line.read())
      stream.waiting = joined(stream.waiting, bytes);
  }
}

function newStream(to: Endpoint): PeerStream {
  return {
    at: "opening",
    to,
    localPort: 0,
    sentCount: 0,
    fetchedCount: 0,
    waiting: nothing,
    announced: false,
    line: undefined,
  };
}

function isRefused(proof: PeerProof, security: StreamSecurity | undefined): boolean {
  return security?.dates === true && proof === "expired";
}

function joined(before: Uint8Array, behind: Uint8Array): Uint8Array {
  if (before.length === 0) return behind;
  const all = new Uint8Array(before.length + behind.length);
  all.set(before, 0);
  all.set(behind, before.length);
  return all;
}
