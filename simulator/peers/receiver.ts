/**
 * An alarm receiver: it hears SIP MESSAGEs with SCAIP, answers at the SIP level, keeps a book of cases and sends each `mrs`
 * in a MESSAGE of its own (RFC 3428, SS 91100 4). The same code runs in virtual time and on real sockets.
 */
import type { Timer } from "../../firmware/ports/clock.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { encodeResponse, type ScaipResponse } from "../../protocol/scaip/response.ts";
import { sipDateText } from "../../protocol/sip/date.ts";
import { encodeSip, type Header, type SipRequest, viewSip } from "../../protocol/sip/message.ts";
import { hostPortText } from "../../protocol/sip/uri.ts";
import { type Answer, CaseBook } from "./case-book.ts";
import { type DigestAccount, DigestGate } from "./receiver-digest.ts";
import { eventTypeOf, type ReceiverEvent, type ReceiverSign } from "./receiver-events.ts";
import { acceptedMethods, acceptedTypes, headByteLimit, sipFault } from "./receiver-front.ts";
import { type Intake, isScaipType, readBody } from "./receiver-intake.ts";
import { copyAfterMs, type ModeRules, type ReceiverMode, rulesOf } from "./receiver-modes.ts";
import { answerAddress, answerTo, ownMessage, userOf } from "./receiver-packets.ts";
import { AnswersGiven, OwnRequests, type ReceiverTransport, transactionKey } from "./receiver-transactions.ts";

/** What a receiver needs of the world around it. */
export interface ReceiverHost {
  /** Monotonic, in whole ms. */
  nowMs(): number;
  /** Since 1970, in ms. */
  wallMs(): number;
  after(delayMs: number, callback: () => void): Timer;
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  send(bytes: Uint8Array, to: Endpoint, transport: ReceiverTransport): void;
}

export interface ReceiverOptions {
  readonly name: string;
  /** Its own address, as units see it. */
  readonly address: Endpoint;
  readonly mode: ReceiverMode;
  /** From carried to the `mrs`, drawn anew for each. */
  readonly latencyMs: { readonly least: number; readonly most: number };
  /** Asks for authentication; absent: takes everybody. */
  readonly digest?: DigestAccount | undefined;
  /** Accounts whose refs are stem and session (see CaseBook); none unless said. */
  readonly ours?: (cid: string) => boolean;
  /** Call orders for accepted alarms that offer a medium; absent: no call. */
  readonly voice?: Pick<ScaipResponse, "mre" | "cre" | "tnu">;
  /** Heartbeat interval in minutes for units that let it be set. */
  readonly heartbeatMin?: number;
  /** Most `mrs` being prepared or sent at once (beyond: SIP 503), and most answers kept; 10,000 unless said. */
  readonly limit?: number;
  readonly onEvent: (event: ReceiverEvent) => void;
  readonly onSign?: (sign: ReceiverSign) => void;
}

/** One request being dealt with. */
interface Talk {
  readonly request: SipRequest;
  readonly from: Endpoint;
  readonly transport: ReceiverTransport;
  readonly id: number;
  readonly rules: ModeRules;
}

const defaultLimit = 10_000;
/** Kept for a request that a mute front has heard. */
const unanswered = new Uint8Array(0);

/** See the file's head; what each mode does stands in `receiver-modes.ts`. */
export class Receiver {
  readonly book: CaseBook;
  private readonly host: ReceiverHost;
  private readonly options: ReceiverOptions;
  private readonly gate: DigestGate | undefined;
  private readonly given: AnswersGiven;
  private readonly own: OwnRequests;
  /** `mrs` that wait for their time. */
  private readonly waiting: Set<Timer>;
  private readonly limit: number;
  private rules: ModeRules;
  /** Some that ask are treated in another way: a fault of the network between them and the receiver. */
  private exception: { readonly rules: ModeRules; readonly applies: (from: Endpoint) => boolean } | undefined;
  /** Gone down in mode `dies`. */
  private down: boolean;
  private lastId: number;

  constructor(host: ReceiverHost, options: ReceiverOptions) {
    this.host = host;
    this.options = options;
    this.limit = options.limit ?? defaultLimit;
    this.book = new CaseBook({ ours: options.ours ?? (() => false) });
    this.gate =
      options.digest === undefined
        ? undefined
        : new DigestGate({
            account: options.digest,
            nowMs: () => host.nowMs(),
            below: (n) => host.below(n),
          });
    this.given = new AnswersGiven(this.limit);
    this.own = new OwnRequests(host);
    this.waiting = new Set();
    this.rules = rulesOf(options.mode);
    this.exception = undefined;
    this.down = false;
    this.lastId = 0;
  }

  /** From now on it behaves so; what a silent or dead application had still to say is never said. */
  setMode(mode: ReceiverMode): void {
    this.rules = rulesOf(mode);
    this.down = false;
    if (this.rules.application === "silent") this.fallSilent();
  }

  /** From now on those that `applies` names meet `mode`, until they meet undefined: a fault on their way. */
  setModeFor(applies: (from: Endpoint) => boolean, mode: ReceiverMode | undefined): void {
    this.exception = mode === undefined ? undefined : { rules: rulesOf(mode), applies };
  }

  /** Whether it takes a connection from there. */
  admits(from: Endpoint): boolean {
    return !this.down && this.rulesFor(from).front !== "deaf";
  }

  /** Takes one packet. Nothing that comes makes it throw. */
  receive(bytes: Uint8Array, from: Endpoint, transport: ReceiverTransport): void {
    const rules = this.rulesFor(from);
    if (this.down || rules.front === "deaf") return;
    const decoded = viewSip(bytes);
    if (!decoded.ok) return;
    const message = decoded.value;
    if (bytes.length - message.body.length > headByteLimit) return;
    if (message.kind === "response") {
      this.own.hear(message);
      return;
    }
    if (message.method === "ACK") return;
    const key = transactionKey(message);
    const given = this.given.find(key, this.host.nowMs());
    const answers = rules.front === "answers";
    if (given !== undefined && (given !== unanswered || !answers)) {
      if (answers) this.host.send(given, answerAddress(message, from, transport), transport);
      return;
    }
    this.lastId++;
    const talk: Talk = { request: message, from, transport, id: this.lastId, rules };
    if (message.method === "MESSAGE") this.sign({ type: "heard", id: talk.id, cid: userOf(message.from.uri) });
    if (answers) this.answer(talk);
    else this.given.keep(key, unanswered, this.host.nowMs());
  }

  private rulesFor(from: Endpoint): ModeRules {
    return this.exception?.applies(from) === true ? this.exception.rules : this.rules;
  }

  private answer(talk: Talk): void {
    const { request } = talk;
    if (request.method !== "MESSAGE" && request.method !== "OPTIONS") {
      this.refuse(talk, 405, [acceptedMethods], request.method + " is not taken");
      return;
    }
    const fault = sipFault(request);
    if (fault !== undefined) {
      this.refuse(talk, fault.status, fault.headers, fault.why);
      return;
    }
    const admission = this.gate?.check(request);
    if (admission?.admitted === false) {
      const header: Header = { name: "WWW-Authenticate", value: admission.challenge };
      // The first challenge belongs to every conversation and is no event.
      this.refuse(talk, 401, [header], admission.wrong ? "wrong credentials" : undefined);
    } else if (talk.rules.refusal === 503) this.sayBusy(talk, "busy");
    else if (talk.rules.refusal !== 0) this.refuse(talk, talk.rules.refusal, [], "refused");
    else if (request.method === "OPTIONS") {
      const cid = userOf(request.from.uri);
      this.reply(talk, 200, [acceptedMethods, acceptedTypes]);
      this.sign({ type: "probed", cid });
      this.tell(talk, { type: "heartbeat", cid, ref: "", mty: "", answer: "sip 200" });
    } else this.takeMessage(talk);
  }

  private takeMessage(talk: Talk): void {
    const { request } = talk;
    if (!isScaipType(request.contentType)) {
      this.refuse(talk, 415, [acceptedTypes], "Content-Type " + (request.contentType ?? "missing"));
      return;
    }
    if (this.waiting.size + this.own.count >= this.limit) {
      this.sayBusy(talk, "too many answers under way");
      return;
    }
    const intake = readBody(request.body);
    if (intake.type === "unreadable") {
      this.refuse(talk, 400, [], intake.why);
      return;
    }
    this.reply(talk, 200, []);
    const { cid, ref } = intake.type === "request" ? intake.request : intake;
    this.sign({ type: "carried", id: talk.id, cid, ref });
    if (talk.rules.application === "answers") this.apply(talk, intake);
    else {
      this.tellCarried(talk, intake);
      if (talk.rules.application === "dies") {
        this.down = true;
        this.fallSilent();
      }
    }
  }

  private tellCarried(talk: Talk, intake: Exclude<Intake, { type: "unreadable" }>): void {
    const content = intake.type === "request" ? intake.request : intake;
    const { cid, ref } = content;
    const mty = content.mty ?? "ME";
    const codes = intake.type === "request" ? { dty: intake.request.dty, stc: intake.request.stc } : {};
    this.tell(talk, { type: eventTypeOf(mty), cid, ref, mty, ...codes, answer: "sip 200" });
  }

  private apply(talk: Talk, intake: Exclude<Intake, { type: "unreadable" }>): void {
    if (intake.type === "refused") {
      const { cid, ref, mty, snu, why } = intake;
      this.tell(talk, { type: "rejected", cid, ref, mty, answer: "snu " + snu, why });
      this.answerLater(talk, cid, { ref, snu, ste: printable(why) });
      return;
    }
    const { request } = intake;
    const mty = request.mty ?? "ME";
    const decided = talk.rules.snuForAll || mty === "ME" ? talk.rules.snu : 0;
    const answer: Answer = talk.rules.wrongRef
      ? { snu: 0, taken: { type: "turned-away" } }
      : this.book.take(request, this.host.nowMs(), () => decided);
    const { snu, taken } = answer;
    const known = "case" in taken ? taken.case : undefined;
    this.tell(talk, {
      type: snu === 0 || snu === 4 ? eventTypeOf(mty) : "rejected",
      cid: request.cid,
      ref: request.ref,
      mty,
      dty: request.dty,
      stc: request.stc,
      answer: "snu " + snu,
      case: known?.number,
      again: taken.type === "again",
      reused: taken.type === "opened" && taken.reused,
      why: taken.type === "withdrawn" ? "the session was withdrawn" : undefined,
    });
    let response: ScaipResponse = { ref: talk.rules.wrongRef ? anotherRef(request.ref) : request.ref, snu };
    const offersVoice = request.crd?.some((medium) => !medium.startsWith("no-voice:")) ?? true;
    if (snu === 0 && mty === "ME" && offersVoice) response = { ...response, ...this.options.voice };
    if (snu === 0 && mty === "PI" && request.hbo === 1) response = { ...response, hbi: this.options.heartbeatMin };
    this.answerLater(talk, request.cid, response);
  }

  private answerLater(talk: Talk, cid: string, response: ScaipResponse): void {
    const { least, most } = this.options.latencyMs;
    const delayMs = talk.rules.delayMs ?? least + this.host.below(most - least + 1);
    for (let copy = 0; copy < talk.rules.copies; copy++) {
      const timer = this.host.after(delayMs + copy * copyAfterMs, () => {
        this.waiting.delete(timer);
        this.sendOwn(talk, response);
        if (copy === 0) this.sign({ type: "answered", id: talk.id, cid, ref: response.ref, snu: response.snu });
      });
      this.waiting.add(timer);
    }
  }

  private sendOwn(talk: Talk, response: ScaipResponse): void {
    const branch = "z9hG4bK" + this.word();
    const own = this.options.address;
    const callId = this.word() + "@" + own.host;
    const { request, from: to, transport } = talk;
    const body = encodeResponse(response);
    const message = ownMessage({ request, to, transport, own, branch, tag: this.word(), callId, body });
    this.own.send(branch, encodeSip(message), to, transport);
  }

  private sayBusy(talk: Talk, why: string): void {
    const seconds = 10 + this.host.below(21);
    this.refuse(talk, 503, [{ name: "Retry-After", value: String(seconds) }], why);
  }

  /** Refuses at the SIP level; `why` undefined: not worth an event. */
  private refuse(talk: Talk, status: number, headers: readonly Header[], why: string | undefined): void {
    this.reply(talk, status, headers);
    if (talk.request.method === "MESSAGE") this.sign({ type: "refused", id: talk.id, status });
    if (why === undefined) return;
    const cid = userOf(talk.request.from.uri);
    this.tell(talk, { type: "rejected", cid, ref: "", mty: "", answer: "sip " + status, why });
  }

  /** A 200 tells the time (RFC 3261 20.17): for a unit on broadband alone it is the only clock. */
  private reply(talk: Talk, status: number, headers: readonly Header[]): void {
    const { request, from, transport } = talk;
    const date = status < 300 ? [{ name: "Date", value: sipDateText(this.host.wallMs()) }] : [];
    const bytes = encodeSip(answerTo(request, from, status, this.word(), [...headers, ...date]));
    this.given.keep(transactionKey(request), bytes, this.host.nowMs());
    this.host.send(bytes, answerAddress(request, from, transport), transport);
  }

  private tell(
    talk: Talk,
    what: Pick<ReceiverEvent, "type" | "cid" | "ref" | "mty" | "answer"> & Partial<ReceiverEvent>,
  ): void {
    const { type, cid, ref, mty, ...more } = what;
    this.options.onEvent({
      type,
      t: this.host.wallMs(),
      cid,
      ref,
      mty,
      dty: undefined,
      stc: undefined,
      case: undefined,
      again: false,
      reused: false,
      why: undefined,
      ...more,
      from: hostPortText(talk.from.host, talk.from.port),
      transport: talk.transport,
    });
  }

  private sign(sign: ReceiverSign): void {
    this.options.onSign?.(sign);
  }

  private fallSilent(): void {
    for (const timer of this.waiting) timer.cancel();
    this.waiting.clear();
    this.own.stopAll();
  }

  /** 12 hexadecimal digits of chance. */
  private word(): string {
    let text = "";
    for (let i = 0; i < 3; i++) text += (0x10000 + this.host.below(0x10000)).toString(16).substring(1);
    return text;
  }
}

/** A ref of another stem, so that it is nobody's by accident. */
function anotherRef(ref: string): string {
  return (ref.charAt(0) === "Z" ? "Y" : "Z") + ref.substring(1);
}

/** Status texts are ASCII (SS 91100 table 2). */
function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, "?");
}
