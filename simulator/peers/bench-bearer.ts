/** A mobile network in a test's hands: what a modem sends to it lies in lists, and what comes back is given by hand. */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { PeerProof } from "../../firmware/ports/stream.ts";
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import type { Bearer, BearerSession, BearerState, BearerStream, BearerStreamOptions } from "../network/bearer.ts";

const start: BearerState = { signal: 17, registered: "home", operatorName: "Nord", plmn: "24001", generation: "4g" };

/** A connection in the test's hands: what the modem wrote to it, and what it is sent. */
export class BenchStream implements BearerStream {
  readonly options: BearerStreamOptions;
  readonly written: Uint8Array[] = [];
  unsentCount = 0;
  isClosed = false;
  /** What goes in on either side comes out nowhere. */
  isCut = false;
  private inbox: Uint8Array[] = [];

  constructor(options: BearerStreamOptions) {
    this.options = options;
  }
  write(bytes: Uint8Array): void {
    if (!this.isCut) this.written.push(new Uint8Array(bytes));
  }
  read(): Uint8Array | undefined {
    return this.inbox.shift();
  }
  close(): void {
    this.isClosed = true;
  }
  /** Bytes come from the other side. */
  arrive(bytes: Uint8Array): void {
    if (this.isClosed || this.isCut) return;
    this.inbox.push(bytes);
    this.options.onReadable(bytes.length);
  }
}

/** A network that hands every datagram to a list and can be changed from outside. */
export class BenchBearer implements Bearer {
  now: BearerState = start;
  refusesData = false;
  readonly sent: { bytes: Uint8Array; fromPort: number; to: Endpoint }[] = [];
  /** Carries nothing: a session stands, and datagrams and connections go nowhere. */
  swallows = false;
  /** Connections in the order begun; `answers` says what becomes of each by itself, undefined for nothing. */
  readonly streams: BenchStream[] = [];
  answers: (options: BearerStreamOptions) => StreamFault | PeerProof | undefined = () => "unverified";
  readonly names = new Map<string, string>();
  activations = 0;
  receive: ((bytes: Uint8Array, from: Endpoint, toPort: number) => void) | undefined;
  private onChange: () => void = () => {};

  state(): BearerState {
    return this.now;
  }
  listen(onChange: () => void): void {
    this.onChange = onChange;
  }
  change(change: Partial<BearerState>): void {
    this.now = { ...this.now, ...change };
    this.onChange();
  }
  activate(receive: (bytes: Uint8Array, from: Endpoint, toPort: number) => void): BearerSession | undefined {
    if (this.refusesData) return undefined;
    this.activations++;
    this.receive = receive;
    const first = this.streams.length;
    return {
      address: "10.1.2.3",
      send: (bytes, fromPort, to) => {
        if (!this.swallows) this.sent.push({ bytes: new Uint8Array(bytes), fromPort, to });
      },
      connect: (options) => this.connect(options),
      resolve: (name, then) => {
        if (!this.swallows) this.later(() => then(this.names.get(name)));
      },
      close: () => {
        this.receive = undefined;
        for (const stream of this.streams.slice(first)) stream.close();
      },
    };
  }
  /** How the next things happen by themselves; a bench with a queue says when. */
  later: (run: () => void) => void = (run) => run();

  private connect(options: BearerStreamOptions): BearerStream {
    const stream = new BenchStream(options);
    this.streams.push(stream);
    const answer = this.answers(options);
    if (!this.swallows && answer !== undefined) {
      this.later(() => {
        if (stream.isClosed) return;
        if (answer === "checked" || answer === "expired" || answer === "unverified")
          options.onReady({ host: "10.1.2.3", port: 49_152 }, answer);
        else options.onFault(answer);
      });
    }
    return stream;
  }

  wallMs(): number | undefined {
    return 1_772_431_805_000;
  }
}
