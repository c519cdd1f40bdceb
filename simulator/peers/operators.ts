/**
 * The people at a receiver who talk with those in need (SS 91100 5, 7 and 9.2): they take the calls of units, and call where
 * an `mrs` has promised it. Each has one call at a time; who calls when all have one hears busy.
 */
import type { Timer } from "../../firmware/ports/clock.ts";
import type { Media, MediaOptions, OpenMedia } from "../../firmware/ports/media.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { type SipMessage, type SipRequest, viewSip } from "../../protocol/sip/message.ts";
import { hostPortText } from "../../protocol/sip/uri.ts";
import { type VoiceMode, type VoiceRules, voiceRulesOf } from "./operator-modes.ts";
import { type OperatorEvent, type OperatorManner, OperatorPhone } from "./operator-phone.ts";
import type { CallNews } from "./receiver-events.ts";
import { isWithinCall } from "./receiver-front.ts";
import type { ReceiverHost } from "./receiver-options.ts";
import { userOf } from "./receiver-packets.ts";
import type { Flow } from "./receiver-registrar.ts";
import type { ReceiverTransport } from "./receiver-transactions.ts";

export interface OperatorsOptions {
  /** How many there are at the beginning. */
  readonly count: number;
  readonly mode: VoiceMode;
  readonly openMedia: OpenMedia;
  /** Pressed in each call, spread over the talk; those of the mode unless said. */
  readonly keys?: string | undefined;
  /** From the beginning of a call to key 0, or to hanging up; 20 s unless said. */
  readonly talkMs?: number | undefined;
  readonly onCall?: ((news: CallNews) => void) | undefined;
}

/** A call that the centre has promised. */
export interface PromisedCall {
  /** Whom: its SIP address, and the way to it. */
  readonly uri: string;
  readonly flow: Flow;
  /** The account that the unit has turned to, and that calls it now. */
  readonly own: string;
  /** The unit takes it until then. */
  readonly untilMs: number;
}

interface Line {
  /** 1, 2, 3 ...; 0: one who only says busy. */
  readonly operator: number;
  readonly phone: OperatorPhone;
  readonly uri: string;
  readonly flow: Flow;
  callId: string | undefined;
  /** Somebody has it in hand. */
  hasRung: boolean;
  isOver: boolean;
  /** While the unit that is called has not answered. */
  patience: Timer | undefined;
}

const takesAfterMs = 2_000;
const callsAfterMs = 3_000;
const usualTalkMs = 20_000;
/** A unit that has heard key 0 hangs up by itself; the operator does not wait longer. */
const graceMs = 10_000;
/** Nobody lets it ring longer. */
const ringMs = 60_000;
/** Promised calls that wait for a free operator; more are not kept. */
export const promiseLimit = 1_000;
/** Calls that are known, those included whose last copies may still come; of these the oldest gives way. */
export const lineLimit = 256;
/** Who speaks where the unit has named no account. */
const anyUser = "larm";

export class Operators {
  private readonly host: ReceiverHost;
  private readonly addressOf: (transport: ReceiverTransport) => Endpoint;
  private readonly options: OperatorsOptions;
  private rules: VoiceRules;
  private count: number;
  /** By Call-ID, oldest first. */
  private readonly lines: Map<string, Line>;
  private readonly free: number[];
  private readonly busy: Set<number>;
  private readonly promised: PromisedCall[];
  private readonly timers: Set<Timer>;
  private readonly sounds: Set<Media>;

  /** `addressOf`: where they are reached. */
  constructor(host: ReceiverHost, addressOf: (transport: ReceiverTransport) => Endpoint, options: OperatorsOptions) {
    this.host = host;
    this.addressOf = addressOf;
    this.options = options;
    this.rules = voiceRulesOf(options.mode);
    this.lines = new Map();
    this.free = [];
    this.busy = new Set();
    this.count = 0;
    this.promised = [];
    this.timers = new Set();
    this.sounds = new Set();
    this.setCount(options.count);
  }

  /** From now on they treat new calls so. */
  setMode(mode: VoiceMode): void {
    this.rules = voiceRulesOf(mode);
  }

  /** From now on so many are there. Who goes and is in a call ends it first. */
  setCount(count: number): void {
    for (let i = this.count + 1; i <= count; i++) if (!this.busy.has(i)) this.free.push(i);
    this.count = count;
    for (let at = this.free.length - 1; at >= 0; at--) if ((this.free[at] as number) > count) this.free.splice(at, 1);
    if (this.promised.length > 0) this.later(0, () => this.callNext());
  }

  /** Operators in a call. */
  get busyCount(): number {
    return this.busy.size;
  }

  /** Calls that are known, with those that only wait for last copies. */
  get lineCount(): number {
    return this.lines.size;
  }

  /** Takes a call that begins, and what belongs to one that is known; false where it belongs to none. */
  hear(message: SipMessage, from: Endpoint, transport: ReceiverTransport): boolean {
    const line = this.lines.get(message.callId);
    if (line !== undefined) return line.phone.receive(message, from, transport);
    if (message.kind === "response" || isWithinCall(message)) return false;
    this.take(message, { to: from, transport });
    return true;
  }

  /** The centre calls soon, or as soon as somebody is free. A unit that is in a call, or waits for one, is not called again. */
  promise(call: PromisedCall): void {
    if (!this.rules.callsBack || this.isPromised(call.uri) || this.promised.length >= promiseLimit) return;
    this.promised.push(call);
    this.later(callsAfterMs, () => this.callNext());
  }

  /** All calls are gone at once, and nothing is told of them. */
  close(): void {
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    for (const sound of this.sounds) sound.close();
    this.sounds.clear();
    this.promised.length = 0;
    for (const line of this.lines.values()) this.release(line);
    this.lines.clear();
  }

  private isPromised(uri: string): boolean {
    if (this.promised.some((call) => call.uri === uri)) return true;
    for (const line of this.lines.values()) if (line.uri === uri && !line.isOver) return true;
    return false;
  }

  private take(request: SipRequest, flow: Flow): void {
    const operator = this.rules.engaged ? 0 : this.nextFree();
    const manner = operator === 0 ? { answerAfterMs: undefined, engaged: true } : this.manner();
    const line = this.open(operator, { uri: request.from.uri, flow, own: request.to.uri }, manner, userOf(request.uri));
    this.keep(line, request.callId);
    line.phone.receive(request, flow.to, flow.transport);
    if (!line.hasRung) this.release(line);
  }

  /** 0: nobody is free. */
  private nextFree(): number {
    const operator = this.free.shift() ?? 0;
    if (operator > 0) this.busy.add(operator);
    return operator;
  }

  private callNext(): void {
    const nowMs = this.host.nowMs();
    while (this.promised.length > 0 && this.free.length > 0) {
      const call = this.promised.shift() as PromisedCall;
      if (call.untilMs <= nowMs) continue;
      const line = this.open(this.nextFree(), call, this.manner(), "");
      line.hasRung = true;
      this.tell(line, { what: "called" });
      line.phone.dial(call.uri);
      line.patience = this.later(ringMs, () => line.phone.hangUp());
    }
  }

  private open(operator: number, call: Omit<PromisedCall, "untilMs">, manner: OperatorManner, called: string): Line {
    const { uri, flow, own } = call;
    const address = this.addressOf(flow.transport);
    const phone = new OperatorPhone(
      {
        nowMs: () => this.host.nowMs(),
        after: (delayMs, callback) => this.later(delayMs, callback),
        below: (n) => this.host.below(n),
        send: (bytes, to, transport) => {
          if (line.callId === undefined) this.keep(line, callIdOf(bytes));
          this.host.send(bytes, to, transport);
        },
        openMedia: (options) => this.openSound(options),
      },
      {
        uri: userOf(own) === "" ? `sip:${anyUser}@${hostPortText(address.host, address.port)}` : own,
        users: [called],
        address,
        whereIs: () => flow,
        manner,
        onEvent: (event) => this.follow(line, event),
      },
    );
    const line: Line = {
      operator,
      phone,
      uri,
      flow,
      callId: undefined,
      hasRung: false,
      isOver: false,
      patience: undefined,
    };
    return line;
  }

  private openSound(options: MediaOptions): Media {
    const sound = this.options.openMedia(options);
    const { isHeard } = this.rules;
    const own: Media = {
      start: (to, codec, eventType) => {
        if (isHeard) sound.start(to, codec, eventType);
      },
      open: (microphone, speaker) => sound.open(microphone, speaker),
      volume: (step) => sound.volume(step),
      close: () => {
        this.sounds.delete(own);
        sound.close();
      },
    };
    this.sounds.add(own);
    return own;
  }

  private manner(): OperatorManner {
    const { answers, clears } = this.rules;
    const talkMs = this.options.talkMs ?? usualTalkMs;
    const keys = [...(this.options.keys ?? this.rules.keys)];
    const last = clears ? ["0"] : [];
    return {
      answerAfterMs: answers ? takesAfterMs : undefined,
      keys: [...keys, ...last],
      keyPauseMs: Math.floor(talkMs / (keys.length + 1)),
      hangUpAfterMs: clears ? talkMs + graceMs : talkMs,
    };
  }

  private follow(line: Line, event: OperatorEvent): void {
    switch (event.type) {
      case "rang":
        line.hasRung = true;
        if (line.operator > 0) this.tell(line, { what: "rung" });
        return;
      case "talking":
        line.patience?.cancel();
        this.tell(line, { what: "answered" });
        return;
      case "pressed":
        this.tell(line, { what: "key-sent", key: event.key });
        return;
      case "heard-key":
        this.tell(line, { what: "key-heard", key: event.key });
        return;
      case "hung-up":
        this.tell(line, { what: line.operator === 0 ? "engaged" : "hung-up" });
        this.release(line);
        return;
      case "ended":
        this.tell(line, { what: "ended", why: event.reason });
        this.release(line);
        return;
    }
  }

  private keep(line: Line, callId: string): void {
    line.callId = callId;
    this.lines.set(callId, line);
    if (this.lines.size <= lineLimit) return;
    for (const [oldest, one] of this.lines) {
      if (!one.isOver && one.operator > 0) continue;
      this.lines.delete(oldest);
      return;
    }
  }

  /** The operator is free for another call. */
  private release(line: Line): void {
    if (line.isOver) return;
    line.isOver = true;
    line.patience?.cancel();
    if (line.operator === 0) return;
    this.busy.delete(line.operator);
    if (line.operator <= this.count) this.free.push(line.operator);
    // Not from inside the call that ends.
    if (this.promised.length > 0) this.later(0, () => this.callNext());
  }

  private later(delayMs: number, act: () => void): Timer {
    const timer = this.host.after(delayMs, () => {
      this.timers.delete(timer);
      act();
    });
    this.timers.add(timer);
    return {
      cancel: () => {
        this.timers.delete(timer);
        timer.cancel();
      },
    };
  }

  private tell(line: Line, news: Pick<CallNews, "what"> & Partial<CallNews>): void {
    const { to, transport } = line.flow;
    this.options.onCall?.({
      type: "call",
      t: this.host.wallMs(),
      operator: line.operator,
      cid: userOf(line.uri),
      from: hostPortText(to.host, to.port),
      transport,
      key: undefined,
      why: undefined,
      ...news,
    });
  }
}

function callIdOf(bytes: Uint8Array): string {
  const message = viewSip(bytes);
  if (!message.ok) throw new Error("operators: a telephone sent what cannot be read");
  return message.value.callId;
}
