/** The connection to one receiver with its socket, its framing and its deadline (RFC 3261 18.3); `connection-machine.ts` decides. */
import { MessageStream } from "../../protocol/sip/stream.ts";
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
  readonly to: Endpoint;
  /** For TLS; undefined: plain TCP. */
  readonly serverName: string | undefined;
  readonly onLocal: (local: Endpoint) => void;
  /** One whole SIP message; its bytes are overwritten by the next one. */
  readonly onMessage: (bytes: Uint8Array) => void;
  /** What was under way is given up. */
  readonly onFailed: (fault: ConnectionFault) => void;
}

export class ReceiverConnection {
  /** What TLS has shown of the receiver, on the newest connection that opened. */
  proof: PeerProof;
  private readonly options: ConnectionOptions;
  private readonly runner: Runner<ConnectionState, ConnectionEvent, ConnectionEffect>;
  private readonly wake: Wake;
  private stream: Stream | undefined;

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.proof = "unverified";
    this.stream = undefined;
    this.wake = new Wake(options.clock, () => this.runner.dispatch({ type: "due", nowMs: this.nowMs() }));
    this.runner = new Runner(stepConnection, noConnection, (effect) => this.perform(effect), undefined);
  }

  /** Sends one whole message, as soon as there is a connection. The bytes must not change. */
  send(bytes: Uint8Array): void {
    this.runner.dispatch({ type: "wanted", nowMs: this.nowMs(), bytes });
  }

  /** Whether it stays open when nothing is said. */
  keep(on: boolean): void {
    if (this.runner.state.kept !== on) this.runner.dispatch({ type: "kept", nowMs: this.nowMs(), on });
  }

  /** The next message goes over a new connection; what is under way is given up. */
  reopen(): void {
    const serial = this.runner.state.serial;
    this.shut();
    this.runner.dispatch({ type: "faulted", nowMs: this.nowMs(), serial, fault: "connection-lost" });
  }

  private nowMs(): number {
    return this.options.clock.nowMs();
  }

  private perform(effect: ConnectionEffect): void {
    switch (effect.type) {
      case "open":
        this.open(effect.serial);
        return;
      case "write":
        if (this.stream !== undefined) this.stream.write(effect.bytes);
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
    this.shut();
    const messages = new MessageStream(false, {
      onMessage: (bytes) => this.options.onMessage(bytes),
      onKeepAlive: () => {},
      // Where the next message begins is lost: only a new connection helps.
      onFault: () => this.fault(serial, "connection-lost"),
    });
    const stream = this.options.open({
      to: this.options.to,
      serverName: this.options.serverName,
      onReady: (local, proof) => {
        this.proof = proof;
        this.options.onLocal(local);
        this.runner.dispatch({ type: "opened", nowMs: this.nowMs(), serial });
      },
      onReadable: () => {
        const bytes = stream.read();
        if (bytes === undefined || this.stream !== stream) return;
        this.runner.dispatch({ type: "heard", nowMs: this.nowMs(), serial });
        messages.push(bytes);
      },
      onFault: (fault) => this.fault(serial, fault),
    });
    this.stream = stream;
  }

  private fault(serial: number, fault: Exclude<ConnectionFault, "silent">): void {
    if (serial === this.runner.state.serial) this.shut();
    this.runner.dispatch({ type: "faulted", nowMs: this.nowMs(), serial, fault });
  }

  private shut(): void {
    if (this.stream !== undefined) this.stream.close();
    this.stream = undefined;
  }
}
