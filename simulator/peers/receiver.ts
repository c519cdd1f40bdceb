/**
 * An alarm receiver: it hears SIP MESSAGEs with SCAIP, answers at the SIP level, keeps a book of cases and sends each `mrs`
 * in a MESSAGE of its own (RFC 3428, SS 91100 4). The same code runs in virtual time and on real sockets.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { ScaipResponse } from "../../protocol/scaip/response.ts";
import { sipDateText } from "../../protocol/sip/date.ts";
import { encodeSip, type Header, type SipRequest, viewSip } from "../../protocol/sip/message.ts";
import { type Answer, CaseBook } from "./case-book.ts";
import { Operators } from "./operators.ts";
import { DigestGate } from "./receiver-digest.ts";
import { type EventPart, eventTypeOf, type ReceiverSign, receiverEvent, saidOf } from "./receiver-events.ts";
import {
  acceptedMethods,
  acceptedTypes,
  acceptedWithCalls,
  headByteLimit,
  isWithinCall,
  sipFault,
} from "./receiver-front.ts";
import { type Intake, isScaipType, readBody } from "./receiver-intake.ts";
import { Manner } from "./receiver-manner.ts";
import type { TakenMessage } from "./receiver-mirror.ts";
import type { ModeRules, ReceiverMode } from "./receiver-modes.ts";
import type { ReceiverCounts, ReceiverHost, ReceiverOptions } from "./receiver-options.ts";
import { answerAddress, answerTo, userOf } from "./receiver-packets.ts";
import { type Flow, ReceiverRegistrar } from "./receiver-registrar.ts";
import { callBackMin, numberFor, printable, ResponseSender, randomWord, refFor } from "./receiver-responses.ts";
import { AnswersGiven, type ReceiverTransport, transactionKey } from "./receiver-transactions.ts";
import { WorkQueue } from "./receiver-work.ts";

/** One request being dealt with. */
interface Talk {
  readonly request: SipRequest;
  readonly from: Endpoint;
  readonly transport: ReceiverTransport;
  readonly id: number;
  readonly rules: ModeRules;
  readonly transaction: string;
}

const defaultLimit = 10_000;
/** Kept for a request that a mute front has heard. */
const unanswered = new Uint8Array(0);
/** Kept for an INVITE that an operator answers. */
const passedOn = new Uint8Array(0);
const minuteMs = 60_000;
/** The application has no time (SS 91100 table 2). */
const busySnu = 6;

/** See the file's head; what each mode does stands in `receiver-modes.ts`. */
export class Receiver {
  readonly book: CaseBook;
  /** What waits for its application. */
  readonly work: WorkQueue;
  /** Undefined where nobody takes calls. */
  readonly operators: Operators | undefined;
  private readonly host: ReceiverHost;
  private readonly options: ReceiverOptions;
  private readonly gate: DigestGate | undefined;
  private readonly given: AnswersGiven;
  private readonly responses: ResponseSender;
  private readonly registrar: ReceiverRegistrar;
  private readonly methods: Header;
  private readonly limit: number;
  private readonly manner: Manner;
  private lastId: number;

  constructor(host: ReceiverHost, options: ReceiverOptions) {
    this.host = host;
    this.options = options;
    this.limit = options.limit ?? defaultLimit;
    this.book = new CaseBook({ ours: options.ours ?? (() => false), keepMs: options.caseKeepMs });
    this.gate =
      options.digest === undefined
        ? undefined
        : new DigestGate({
            account: options.digest,
            nowMs: () => host.nowMs(),
            below: (n) => host.below(n),
          });
    this.given = new AnswersGiven(this.limit);
    const addressOf = options.addressOf ?? (() => options.address);
    this.responses = new ResponseSender(host, addressOf);
    this.registrar = new ReceiverRegistrar(this.limit);
    this.operators = options.operators === undefined ? undefined : new Operators(host, addressOf, options.operators);
    this.work = new WorkQueue(host, options.capacity);
    this.methods = this.operators === undefined ? acceptedMethods : acceptedWithCalls;
    this.manner = new Manner(options.mode);
    this.lastId = 0;
  }

  /** From now on it behaves so; what a silent or dead application had still to say is never said. */
  setMode(mode: ReceiverMode): void {
    this.manner.set(mode);
    if (this.manner.rules.application === "silent") this.fallSilent();
  }

  /** From now on those that `applies` names meet `mode`, until they meet undefined: a fault on their way. */
  setModeFor(applies: (from: Endpoint) => boolean, mode: ReceiverMode | undefined): void {
    this.manner.setFor(applies, mode);
  }

  /** Whether it takes a connection from there. */
  admits(from: Endpoint): boolean {
    return this.manner.hears(from);
  }

  /** Takes one packet. Nothing that comes makes it throw. */
  receive(bytes: Uint8Array, from: Endpoint, transport: ReceiverTransport): void {
    if (!this.manner.hears(from)) return;
    const rules = this.manner.rulesFor(from);
    const decoded = viewSip(bytes);
    if (!decoded.ok) return;
    const message = decoded.value;
    if (bytes.length - message.body.length > headByteLimit) return;
    const answers = rules.front === "answers";
    if (message.kind === "response") {
      if (!this.responses.hear(message) && answers) this.operators?.hear(message, from, transport);
      return;
    }
    if (isWithinCall(message) && (this.operators !== undefined || message.method === "ACK")) {
      if (answers) this.hearWithinCall(message, from, transport);
      return;
    }
    const key = transactionKey(message);
    const given = this.given.find(key, this.host.nowMs());
    if (given === passedOn) {
      if (answers) this.operators?.hear(message, from, transport);
      return;
    }
    if (given !== undefined && (given !== unanswered || !answers)) {
      if (answers) this.host.send(given, answerAddress(message, from, transport), transport);
      return;
    }
    this.lastId++;
    const talk: Talk = { request: message, from, transport, id: this.lastId, rules, transaction: key };
    if (message.method === "MESSAGE") this.sign({ type: "heard", id: talk.id, cid: userOf(message.from.uri) });
    if (answers) this.answer(talk);
    else this.given.keep(key, unanswered, this.host.nowMs());
  }

  private hearWithinCall(request: SipRequest, from: Endpoint, transport: ReceiverTransport): void {
    if (this.operators?.hear(request, from, transport) === true || request.method === "ACK") return;
    const answer = encodeSip(answerTo(request, from, 481, randomWord(this.host), []));
    this.host.send(answer, answerAddress(request, from, transport), transport);
  }

  /** What another receiver has taken and told stands in this book too. */
  mirror({ body, snu }: TakenMessage): void {
    const intake = readBody(body);
    if (intake.type === "request") this.book.take(intake.request, this.host.nowMs(), () => snu);
  }

  /** How full its tables are. */
  get counts(): ReceiverCounts {
    return {
      answersKept: this.given.count,
      responsesUnderWay: this.responses.count,
      operatorsBusy: this.operators?.busyCount ?? 0,
      callsKnown: this.operators?.lineCount ?? 0,
    };
  }

  private answer(talk: Talk): void {
    const { request } = talk;
    if (!this.takes(request.method)) {
      this.refuse(talk, 405, [this.methods], request.method + " is not taken");
      return;
    }
    const fault = sipFault(request);
    if (fault !== undefined) {
      this.refuse(talk, fault.status, fault.headers, fault.why);
      return;
    }
    const admission = this.gate?.check(request, talk.rules.gate);
    if (admission?.admitted === false) {
      const header: Header = { name: "WWW-Authenticate", value: admission.challenge };
      // The first challenge belongs to every conversation and is no event.
      this.refuse(talk, 401, [header], admission.wrong ? "wrong credentials" : undefined);
    } else if (talk.rules.refusal === 503) this.sayBusy(talk, "busy");
    else if (talk.rules.refusal !== 0) this.refuse(talk, talk.rules.refusal, [], "refused");
    else if (request.method === "OPTIONS") {
      const cid = userOf(request.from.uri);
      this.reply(talk, 200, [this.methods, acceptedTypes]);
      this.sign({ type: "probed", cid });
      this.tell(talk, { type: "heartbeat", cid, ref: "", mty: "", answer: "sip 200" });
    } else if (request.method === "REGISTER") this.register(talk);
    else if (request.method === "INVITE") {
      this.given.keep(talk.transaction, passedOn, this.host.nowMs());
      this.operators?.hear(request, talk.from, talk.transport);
    } else this.takeMessage(talk);
  }

  private takes(method: string): boolean {
    if (method === "INVITE") return this.operators !== undefined;
    return method === "MESSAGE" || method === "OPTIONS" || method === "REGISTER";
  }

  private register(talk: Talk): void {
    const { request, from: to, transport } = talk;
    const cid = userOf(request.to.uri);
    const { status, headers, why } = this.registrar.take(request, cid, { to, transport }, this.host.nowMs());
    this.reply(talk, status, headers);
    const type = status === 200 ? "registered" : "rejected";
    this.tell(talk, { type, cid, ref: "", mty: "", answer: "sip " + status, why });
  }

  private takeMessage(talk: Talk): void {
    const { request } = talk;
    if (!isScaipType(request.contentType)) {
      this.refuse(talk, 415, [acceptedTypes], "Content-Type " + (request.contentType ?? "missing"));
      return;
    }
    const { refusal } = this.work;
    if (this.responses.count >= this.limit || refusal === "refuse") {
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
    if (talk.rules.application === "answers") {
      if (refusal === undefined) this.work.enter(() => this.apply(talk, intake));
      else this.turnAway(talk, intake);
    } else {
      this.tellCarried(talk, intake);
      if (talk.rules.application === "dies") {
        this.manner.isDown = true;
        this.fallSilent();
      }
    }
  }

  /** The front has taken it, and its application has no time for it. */
  private turnAway(talk: Talk, intake: Exclude<Intake, { type: "unreadable" }>): void {
    const { cid, ref, mty = "ME" } = intake.type === "request" ? intake.request : intake;
    this.tell(talk, { type: "rejected", cid, ref, mty, answer: "snu " + busySnu, why: "too much waits" });
    this.answerLater(talk, cid, { ref, snu: busySnu });
  }

  private tellCarried(talk: Talk, intake: Exclude<Intake, { type: "unreadable" }>): void {
    const { cid, ref, mty = "ME" } = intake.type === "request" ? intake.request : intake;
    const said = intake.type === "request" ? saidOf(intake.request) : {};
    this.tell(talk, { type: eventTypeOf(mty), cid, ref, mty, ...said, answer: "sip 200" });
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
    const answer: Answer =
      talk.rules.ref === "sent"
        ? this.book.take(request, this.host.nowMs(), () => numberFor(talk.rules, request))
        : { snu: 0, taken: { type: "turned-away" } };
    const { snu, taken } = answer;
    if (taken.type !== "beat") this.options.onTaken?.({ body: talk.request.body.slice(), snu });
    const known = "case" in taken ? taken.case : undefined;
    this.tell(talk, {
      type: snu === 0 || snu === 4 ? eventTypeOf(mty) : "rejected",
      cid: request.cid,
      ref: request.ref,
      mty,
      ...saidOf(request),
      answer: "snu " + snu,
      case: known?.number,
      again: taken.type === "again",
      reused: taken.type === "opened" && taken.reused,
      why: taken.type === "withdrawn" ? "the session was withdrawn" : undefined,
    });
    let response: ScaipResponse = { ref: refFor(talk.rules, request.ref), snu };
    const offersVoice = request.crd?.some((medium) => !medium.startsWith("no-voice:")) ?? true;
    if (snu === 0 && mty === "ME" && offersVoice) response = { ...response, ...this.options.voice };
    const mayPace = request.hbo === 1 || this.options.heartbeatUnasked === true;
    if (snu === 0 && mty === "PI" && mayPace) response = { ...response, hbi: this.options.heartbeatMin };
    this.answerLater(talk, request.cid, response, callBackMin(request, response));
  }

  private answerLater(talk: Talk, cid: string, response: ScaipResponse, callBackForMin = 0): void {
    const { least, most } = this.options.latencyMs;
    const delayMs = talk.rules.delayMs ?? least + this.host.below(most - least + 1);
    const order = { request: talk.request, response, delayMs, copies: talk.rules.copies };
    this.responses.sendLater(
      order,
      () => this.flowOf(talk),
      () => {
        this.sign({ type: "answered", id: talk.id, cid, ref: response.ref, snu: response.snu });
        if (callBackForMin > 0) this.promiseCall(talk, callBackForMin);
      },
    );
  }

  /** Where the unit has registered, else where it spoke from. */
  private flowOf({ request, from, transport }: Talk): Flow {
    return this.registrar.flowOf(userOf(request.from.uri), this.host.nowMs()) ?? { to: from, transport };
  }

  private promiseCall(talk: Talk, forMin: number): void {
    const { from, to } = talk.request;
    const untilMs = this.host.nowMs() + forMin * minuteMs;
    this.operators?.promise({ uri: from.uri, flow: this.flowOf(talk), own: to.uri, untilMs });
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
    const bytes = encodeSip(answerTo(request, from, status, randomWord(this.host), [...headers, ...date]));
    this.given.keep(talk.transaction, bytes, this.host.nowMs());
    this.host.send(bytes, answerAddress(request, from, transport), transport);
  }

  private tell(talk: Talk, what: EventPart): void {
    this.options.onEvent(receiverEvent(what, this.host.wallMs(), talk.from, talk.transport));
  }

  private sign(sign: ReceiverSign): void {
    this.options.onSign?.(sign);
  }

  private fallSilent(): void {
    this.responses.stopAll();
    this.work.clear();
    if (this.manner.isDown || this.manner.rules.front !== "answers") this.operators?.close();
  }
}
