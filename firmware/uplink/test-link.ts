/** For tests only: two routes of one unit to the same receivers; time, the far end, its connections and its names are played by hand. */
import { decodeSip, encodeSip, type Header, headerOf, type SipRequest } from "../../protocol/sip/message.ts";
import type { Route } from "../alarm/report.ts";
import type { Observe } from "../ports/host.ts";
import type { NameAnswer, NameQuestion } from "../ports/names.ts";
import type { Datagram, DatagramOptions, DatagramSocket, Endpoint } from "../ports/socket.ts";
import type { Stream, StreamOptions } from "../ports/stream.ts";
import type { AgentEvent } from "../sip/message-agent.ts";
import type { ReceiverAddress } from "../sip/receiver-address.ts";
import { centre, HandClock } from "../sip/test-bench.ts";
import { RouteLink } from "./route-link.ts";

export interface Question {
  readonly kind: NameQuestion["kind"];
  readonly name: string;
  readonly answer: (answer: NameAnswer | undefined) => void;
}

export interface LinkBenchOptions {
  readonly names?: boolean;
  readonly streams?: boolean;
  readonly observe?: Observe;
}

/** A stream by hand: what was opened, and what was written to it. */
export class HandStream implements Stream {
  readonly written: Uint8Array[];
  readonly inbox: Uint8Array[];
  readonly options: StreamOptions;

  constructor(options: StreamOptions) {
    this.written = [];
    this.inbox = [];
    this.options = options;
  }

  write(bytes: Uint8Array): void {
    this.written.push(bytes);
  }

  read(): Uint8Array | undefined {
    return this.inbox.shift();
  }

  close(): void {}

  say(bytes: Uint8Array): void {
    this.inbox.push(bytes);
    this.options.onReadable(bytes.length);
  }
}

export interface LinkSent {
  readonly route: Route;
  readonly to: Endpoint;
  readonly bytes: Uint8Array;
}

export class LinkBench {
  readonly clock: HandClock;
  readonly sent: LinkSent[];
  /** What need not leave any more. */
  readonly recalled: { readonly route: Route; readonly bytes: Uint8Array }[];
  readonly lines: HandStream[];
  readonly events: AgentEvent[];
  readonly proofs: string[];
  readonly asked: Question[];
  readonly mobile: RouteLink;
  readonly broadband: RouteLink;
  private readonly sockets: DatagramOptions[];
  private readonly inbox: Datagram[];
  private seed: number;

  constructor(receivers: readonly ReceiverAddress[], options?: LinkBenchOptions) {
    this.clock = new HandClock();
    this.sent = [];
    this.recalled = [];
    this.lines = [];
    this.events = [];
    this.proofs = [];
    this.asked = [];
    this.sockets = [];
    this.inbox = [];
    this.seed = 1;
    this.mobile = this.link("mobile", receivers, options ?? {});
    this.broadband = this.link("broadband", receivers, options ?? {});
    this.up("mobile", true);
    this.up("broadband", true);
  }

  up(route: Route, isUp: boolean): void {
    const socket = this.socket(route);
    if (isUp) socket.onReady({ host: route === "mobile" ? "10.64.0.2" : "198.51.100.23", port: 5070 });
    else socket.onFault("no-link");
  }

  /** What left over UDP since it was last asked for, in short. */
  out(): string[] {
    const said: string[] = [];
    for (const one of this.sent.splice(0)) {
      const decoded = decodeSip(one.bytes);
      const what = !decoded.ok ? "ping" : decoded.value.kind === "request" ? decoded.value.method : "answer";
      said.push(one.route + " " + what + " " + one.to.host + ":" + one.to.port);
    }
    return said;
  }

  /** The newest request that left over UDP. */
  get request(): SipRequest {
    const newest = this.sent[this.sent.length - 1];
    if (newest === undefined) throw new Error("bench: nothing was sent");
    return requestIn(newest.bytes);
  }

  /** The receiver answers it. */
  done(route: Route, status?: number): void {
    this.arrive(route, answerTo(this.request, status ?? 200), centre);
  }

  arrive(route: Route, bytes: Uint8Array, from: Endpoint): void {
    this.inbox.push({ bytes, from });
    this.socket(route).onReadable(1);
  }

  private socket(route: Route): DatagramOptions {
    return this.sockets[route === "mobile" ? 0 : 1] as DatagramOptions;
  }

  private link(route: Route, receivers: readonly ReceiverAddress[], options: LinkBenchOptions): RouteLink {
    return new RouteLink({
      route,
      regId: route === "mobile" ? 1 : 2,
      open: (socket) => this.openSocket(route, socket),
      openStream: options.streams === true ? (stream) => this.openStream(stream) : undefined,
      lookUp:
        options.names === true
          ? (question, answer) => {
              this.asked.push({ kind: question.kind, name: question.name, answer });
            }
          : undefined,
      takesNames: route === "broadband",
      tlsTakesNames: route === "mobile",
      clock: this.clock,
      random: (into) => this.random(into),
      aor: "sip:4607110231@larm.example.net",
      localPort: 5070,
      receivers,
      onEvent: (_over, event) => this.events.push(event),
      onLinked: () => {},
      onProof: (over, receiver, proof) => this.proofs.push(over + " " + receiver + " " + proof),
      observe: options.observe,
      onTookOver: (over, receiver) => (over === "mobile" ? this.broadband : this.mobile).overtaken(receiver),
    });
  }

  private openSocket(route: Route, options: DatagramOptions): DatagramSocket {
    this.sockets.push(options);
    return {
      send: (bytes, to) => {
        this.sent.push({ route, bytes, to });
      },
      recall: (bytes) => {
        this.recalled.push({ route, bytes });
      },
      read: () => this.inbox.shift(),
      close: () => {},
    };
  }

  private openStream(options: StreamOptions): Stream {
    const line = new HandStream(options);
    this.lines.push(line);
    return line;
  }

  private random(into: Uint8Array): void {
    for (let i = 0; i < into.length; i++) {
      this.seed = (this.seed * 48271) % 2147483647;
      into[i] = this.seed & 0xff;
    }
  }
}

export function requestIn(bytes: Uint8Array): SipRequest {
  const decoded = decodeSip(bytes);
  if (!decoded.ok || decoded.value.kind !== "request") throw new Error("bench: no request");
  return decoded.value;
}

/** A REGISTER's binding is confirmed as it was asked for. */
export function answerTo(request: SipRequest, status: number, more?: readonly Header[]): Uint8Array {
  const value = headerOf(request, "Contact");
  const headers: Header[] = (more ?? []).concat();
  if (value !== undefined) headers.push({ name: "Contact", value });
  return encodeSip({
    kind: "response",
    status,
    reason: "",
    via: request.via,
    from: request.from,
    to: { display: undefined, uri: request.to.uri, tag: "p1", params: [] },
    callId: request.callId,
    cseq: request.cseq,
    cseqMethod: request.cseqMethod,
    contentType: undefined,
    headers,
    body: new Uint8Array(0),
  });
}
