/** The connection to one receiver with its socket, its framing and its deadline (RFC 3261 18.3); `connection-machine.ts` decides. */
import { MessageStream } from "../../protocol/sip/stream.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import type { Clock } from "../ports/clock.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { OpenStream, PeerProof, Stream } from "../ports/stream.ts";
import { Runner } from "../runner.ts";
import { Wake } from "../wake.ts";
import {
  type ConnectionEffect,
  type ConnectionEvent,
  type ConnectionState,
  noConnection,
  stepConnection,
} from "./connection-machine.ts";

export type ConnectionFault = Extract<ConnectionEffect, { readonly type: "failed" }>["fault"];

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly open: OpenStream;
  /** Where the receiver is now, asked for each connection. */
  readonly to: () => Endpoint;
  /** For TLS; undefined: plain TCP. */
  readonly serverName: string | undefined;
  /** Whether a wrong certificate is a fault, or the connection is opened all the same. */
  readonly trust: "checked" | "any";
  /** The connection in use is another one, a new one or the one before, from this own address; `proof` is what TLS has shown. */
  readonly onOpened: (local: Endpoint, proof: PeerProof) => void;
  /** One whole SIP message; its bytes are overwritten by the next one. */
  readonly onMessage: (bytes: Uint8Array) => void;
  /** There was no connection to be had, or what was under way is given up. */
  readonly onFailed: (fault: ConnectionFault) => void;
  readonly observe?: ((event: object, effects: readonly object[]) => void) | undefined;
}

export class ReceiverConnection {
  /** What TLS has shown of the receiver, on the connection that was last in use. */
  proof: PeerProof;
  /** Our own address on that connection; undefined before there was any. */
  local: Endpoint | undefined;
  private readonly options: ConnectionOptions;
  private readonly runner: Runner<ConnectionState, ConnectionEvent, ConnectionEffect>;
  private readonly wake: Wake;
  private stream: Stream | undefined;
  /** The one before, while it may still speak. */
  private former: Stream | undefined;
  private formerProof: PeerProof;
  private formerLocal: Endpoint | undefined;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.proof = "unverified";
    this.local = undefined;
    this.stream = undefined;
    this.former = undefined;
    this.formerProof = "unverified";
    this.formerLocal = undefined;
    this.wake = new Wake(options.clock, () => this.runner.dispatch({ type: "due", nowMs: this.nowMs() }));
    this.runner = new Runner(stepConnection, noConnection, (effect) => this.perform(effect), options.observe);
  }

  /**
   * Sends one whole message: one that expects an answer as soon as there is a connection, any other only where one is open.
   * The bytes must not change.
   */
  send(bytes: Uint8Array): void {
    this.runner.dispatch({ type: expectsAnswer(bytes) ? "wanted" : "replied", nowMs: this.nowMs(), bytes });
  }

  /** A message that was given to `send`, the same array, is wanted no more. */
  recall(bytes: Uint8Array): void {
    if (this.stream !== undefined && this.stream.recall !== undefined) this.stream.recall(bytes);
    if (this.former !== undefined && this.former.recall !== undefined) this.former.recall(bytes);
    this.runner.dispatch({ type: "recalled", bytes });
  }

  /** Opens it where it is closed; ends in `onOpened` or `onFailed`. */
  need(): void {
    this.runner.dispatch({ type: "needed", nowMs: this.nowMs() });
  }

  /** Whether it stays open when nothing is said. */
  keep(on: boolean): void {
    if (this.runner.state.kept !== on) this.runner.dispatch({ type: "kept", nowMs: this.nowMs(), on });
  }

  /** Whether a message could leave at once. */
  get isOpen(): boolean {
    return this.runner.state.at === "open";
  }

  /** Number of the connection in use, another one for each; 0 while none is open. */
  get serial(): number {
    return this.isOpen ? this.runner.state.serial : 0;
  }

  /** Shows the network between that it is still used, where it is kept (RFC 5626 3.5.1). */
  ping(): void {
    this.runner.dispatch({ type: "ping", nowMs: this.nowMs() });
  }

  /** The next message goes over a new connection; what is under way is given up. */
  reopen(): void {
    const state = this.runner.state;
    const nowMs = this.nowMs();
    this.shut();
    if (state.former > 0)
      this.runner.dispatch({ type: "faulted", nowMs, serial: state.former, fault: "connection-lost" });
    this.runner.dispatch({ type: "faulted", nowMs, serial: state.serial, fault: "connection-lost" });
  }

  private nowMs(): number {
    return this.options.clock.nowMs();
  }

  private perform(effect: ConnectionEffect): void {
    switch (effect.type) {
      case "open":
        if (effect.beside) this.stepAside();
        this.open(effect.serial);
        return;
      case "go-back":
        this.shutNewest();
        this.goBack();
        return;
      case "close-former":
        this.shutFormer();
        return;
      case "write":
        if (this.stream !== undefined) this.stream.write(effect.bytes);
        return;
      case "write-former":
        if (this.former !== undefined) this.former.write(effect.bytes);
        return;
      case "close":
        this.shut();
        return;
      case "failed":
        this.options.onFailed(effect.fault);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  private open(serial: number): void {
    this.shutNewest();
    const messages = new MessageStream(false, {
      onMessage: (bytes) => this.options.onMessage(bytes),
      onKeepAlive: () => this.runner.dispatch({ type: "pong", nowMs: this.nowMs(), serial }),
      // Where the next message begins is lost: only a new connection helps.
      onFault: () => this.fault(serial, "connection-lost"),
    });
    const stream = this.options.open({
      to: this.options.to(),
      serverName: this.options.serverName,
      trust: this.options.trust,
      onReady: (local, proof) => {
        this.proof = proof;
        this.local = local;
        this.runner.dispatch({ type: "opened", nowMs: this.nowMs(), serial });
        this.options.onOpened(local, proof);
      },
      onReadable: () => {
        const bytes = stream.read();
        if (bytes === undefined || (this.stream !== stream && this.former !== stream)) return;
        this.runner.dispatch({ type: "heard", nowMs: this.nowMs(), serial });
        messages.push(bytes);
      },
      onFault: (fault) => this.fault(serial, fault),
    });
    this.stream = stream;
  }

  private fault(serial: number, fault: Exclude<ConnectionFault, "silent">): void {
    if (serial === this.runner.state.serial) this.shutNewest();
    this.runner.dispatch({ type: "faulted", nowMs: this.nowMs(), serial, fault });
  }

  /** The stream in use becomes the former one. */
  private stepAside(): void {
    this.shutFormer();
    this.former = this.stream;
    this.formerProof = this.proof;
    this.formerLocal = this.local;
    this.stream = undefined;
  }

  private goBack(): void {
    this.stream = this.former;
    this.former = undefined;
    this.proof = this.formerProof;
    this.local = this.formerLocal;
    if (this.local !== undefined) this.options.onOpened(this.local, this.proof);
  }

  private shut(): void {
    this.shutNewest();
    this.shutFormer();
  }

  private shutNewest(): void {
    if (this.stream !== undefined) this.stream.close();
    this.stream = undefined;
  }

  private shutFormer(): void {
    if (this.former !== undefined) this.former.close();
    this.former = undefined;
  }
}

/** Nothing answers a response, nor an ACK (RFC 3261 17.1.1.1). */
function expectsAnswer(bytes: Uint8Array): boolean {
  return !startsWith(bytes, response) && !startsWith(bytes, ack);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  if (bytes.length < start.length) return false;
  for (let i = 0; i < start.length; i++) if (bytes[i] !== start[i]) return false;
  return true;
}

const response = ascii("SIP/");
const ack = ascii("ACK ");
