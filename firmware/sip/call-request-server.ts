/** Requests within calls other than INVITE and ACK: each is answered once, and its copies the same way (RFC 3261 17.2.2; `server-transaction-machine.ts` decides). */
import type { SipRequest } from "../../protocol/sip/message.ts";
import type { Clock } from "../ports/clock.ts";
import type { CallLine } from "./call-line.ts";
import { isReliableTransport } from "./call-line.ts";
import { isCopy, keptRequest } from "./call-messages.ts";
import type { Hop } from "./call-route.ts";
import { CallTimers } from "./call-timers.ts";
import type { ServerEvent, ServerState, ServerTimer } from "./server-transaction-machine.ts";
import { startServer, stepServer } from "./server-transaction-machine.ts";

class Served {
  readonly request: SipRequest;
  readonly bytes: Uint8Array;
  readonly hop: Hop;
  readonly timers: CallTimers<ServerTimer>;
  state: ServerState;

  constructor(
    request: SipRequest,
    bytes: Uint8Array,
    hop: Hop,
    clock: Clock,
    fired: (served: Served, timer: ServerTimer) => void,
  ) {
    this.request = request;
    this.bytes = bytes;
    this.hop = hop;
    this.timers = new CallTimers(clock, (timer) => fired(this, timer));
    this.state = startServer(isReliableTransport(hop.transport));
  }
}

/** Answers that are kept for copies; the oldest gives way. */
export const servedLimit = 16;

export class CallRequestServer {
  private readonly line: CallLine;
  private readonly served: Served[];

  constructor(line: CallLine) {
    this.line = line;
    this.served = [];
  }

  /** True where the request was answered before: it was answered again. */
  hearCopy(request: SipRequest): boolean {
    for (const served of this.served) {
      if (!isCopy(served.request, request)) continue;
      this.step(served, { type: "heard-copy" });
      return true;
    }
    return false;
  }

  /** Sends the final answer `bytes`, and keeps it as long as copies may come. */
  answer(request: SipRequest, status: number, bytes: Uint8Array, hop: Hop): void {
    const served = new Served(keptRequest(request), bytes, hop, this.line.clock, (one, timer) =>
      this.step(one, { type: "fired", timer }),
    );
    this.served.push(served);
    if (this.served.length > servedLimit) this.drop(this.served[0] as Served);
    this.step(served, { type: "answered", status });
  }

  private step(served: Served, event: ServerEvent): void {
    const next = stepServer(served.state, event);
    served.state = next.state;
    for (const effect of next.effects) {
      switch (effect.type) {
        case "send-answer":
          this.line.transmit(served.bytes, served.hop);
          break;
        case "timer":
          served.timers.set(effect.timer, effect.afterMs);
          break;
        case "stop-timer":
          served.timers.stop(effect.timer);
          break;
        case "forget":
          this.drop(served);
          break;
        case "report-failure":
          break;
      }
    }
  }

  private drop(served: Served): void {
    served.timers.stopAll();
    const index = this.served.indexOf(served);
    if (index >= 0) this.served.splice(index, 1);
  }
}
