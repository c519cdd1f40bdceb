/** Short messages of the unit over its modem's line (3GPP 27.005): what the messages machine wants, said and heard. */
import type { Fact } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import {
  deleteMessage,
  listMessages,
  messageErrorOf,
  pduMode,
  readMessage,
  sendMessage,
  smsPayload,
  tellStored,
  tellStoredPlainly,
  useMemory,
} from "../../protocol/at/sms.ts";
import type { SmsDeliver } from "../../protocol/at/sms-pdu.ts";
import { encodeSms } from "../../protocol/at/sms-pdu.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observe } from "../ports/host.ts";
import { Runner } from "../runner.ts";
import { Wake } from "../wake.ts";
import type { Answer } from "./at-session.ts";
import type { LineJob, LineUser } from "./line-user.ts";
import { stepMessages, wantedWork } from "./messages-machine.ts";
import {
  type MessageOrder,
  type MessagesEffect,
  type MessagesEvent,
  type MessagesState,
  type MessagesWork,
  messagesAway,
  type SendFault,
} from "./messages-state.ts";

export interface MessagesOptions {
  readonly clock: Clock;
  /** The line may be lent now: `Modem.wake`. */
  readonly onWant: () => void;
  /** The same message may come more than once. One part of a longer text comes as it is. */
  readonly onReceived: (message: SmsDeliver) => void;
  /** The network has taken it, which is not yet that anybody has it. */
  readonly onSent: (id: number) => void;
  readonly onNotSent: (id: number, fault: SendFault) => void;
  readonly observe: Observe | undefined;
}

/** How long the service centre tries to deliver: an alarm that is an hour old came another way, or nobody reads. */
const validMinutes = 60;
const noBytes = new Uint8Array(0);

export class ModemMessages implements LineUser {
  readonly needsContext: boolean;
  private readonly options: MessagesOptions;
  private readonly runner: Runner<MessagesState, MessagesEvent, MessagesEffect>;
  private readonly wake: Wake;

  constructor(options: MessagesOptions) {
    this.needsContext = false;
    this.options = options;
    this.wake = new Wake(options.clock, () => this.feed({ type: "due", nowMs: this.nowMs() }));
    const observe = options.observe;
    this.runner = new Runner<MessagesState, MessagesEvent, MessagesEffect>(
      stepMessages,
      messagesAway,
      (effect) => this.perform(effect),
      observe === undefined
        ? undefined
        : (event, effects) => observe("messages", { type: event.type }, namesOf(effects)),
    );
  }

  /** Whether it can be sent at all: an address, and one message's worth of text. It is sent when the modem can. */
  send(order: MessageOrder): boolean {
    if (pduOfOrder(order).length === 0) return false;
    this.feed({ type: "ordered", nowMs: this.nowMs(), order });
    return true;
  }

  /** It is not needed any more; nothing where it was sent, or is being sent. */
  cancel(id: number): void {
    this.feed({ type: "cancelled", nowMs: this.nowMs(), id });
  }

  next(): LineJob | undefined {
    const work = wantedWork(this.runner.state);
    return work === undefined ? undefined : new MessageJob(this, work);
  }

  begun(job: LineJob): void {
    if (job instanceof MessageJob) this.feed({ type: "started", nowMs: this.nowMs(), work: job.work });
  }

  answered(_job: LineJob, answer: Answer): void {
    this.feed({ type: "answered", nowMs: this.nowMs(), ok: answer.ok, error: messageErrorOf(answer.final) });
  }

  unanswered(_job: LineJob): void {
    this.feed({ type: "unanswered", nowMs: this.nowMs() });
  }

  hear(_fact: Fact): void {}

  hearLine(line: string): void {
    this.feed({ type: "heard", nowMs: this.nowMs(), line });
  }

  begin(_address: string, _dialect: Dialect): void {
    this.feed({ type: "began", nowMs: this.nowMs() });
  }

  end(): void {
    this.feed({ type: "ended", nowMs: this.nowMs() });
  }

  private feed(event: MessagesEvent): void {
    this.runner.dispatch(event);
  }

  private nowMs(): number {
    return this.options.clock.nowMs();
  }

  private perform(effect: MessagesEffect): void {
    switch (effect.type) {
      case "want":
        this.options.onWant();
        return;
      case "received":
        this.options.onReceived(effect.message);
        return;
      case "sent":
        this.options.onSent(effect.id);
        return;
      case "not-sent":
        this.options.onNotSent(effect.id, effect.fault);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}

class MessageJob implements LineJob {
  readonly user: LineUser;
  readonly exchange: Exchange;
  readonly payload: Uint8Array | undefined;
  readonly work: MessagesWork;

  constructor(user: LineUser, work: MessagesWork) {
    const pdu = work.kind === "send" ? pduOfOrder(work.order) : noBytes;
    this.user = user;
    this.work = work;
    this.exchange = exchangeOf(work, pdu);
    this.payload = work.kind === "send" ? smsPayload(pdu) : undefined;
  }
}

function exchangeOf(work: MessagesWork, pdu: Uint8Array): Exchange {
  switch (work.kind) {
    case "pdu-mode":
      return pduMode;
    case "memory":
      return useMemory(work.memory);
    case "tell-stored":
      return work.plainly ? tellStoredPlainly : tellStored;
    case "list":
      return listMessages;
    case "read":
      return readMessage(work.index);
    case "delete":
      return deleteMessage(work.index);
    case "send":
      return sendMessage(pdu);
  }
}

/** Empty where it cannot be written. */
function pduOfOrder(order: MessageOrder): Uint8Array {
  const pdu = encodeSms({
    kind: "submit",
    center: "",
    to: order.to,
    reference: 0,
    validMinutes,
    reportWanted: false,
    text: order.text,
    part: undefined,
  });
  return pdu.ok ? pdu.value : noBytes;
}

/** The log names what was done: texts are between people. */
function namesOf(effects: readonly MessagesEffect[]): readonly { readonly type: string }[] {
  const names: { readonly type: string }[] = [];
  for (const effect of effects) names.push({ type: effect.type });
  return names;
}
