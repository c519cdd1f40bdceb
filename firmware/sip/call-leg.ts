/** One call: its machine, its dialog, its INVITE, its sound (RFC 3261 12 to 15). `call-machine.ts` decides. */
import { contactsOf } from "../../protocol/sip/contact.ts";
import { dtmfRelayType, encodeKeyPress } from "../../protocol/sip/dtmf-relay.ts";
import type { SipRequest, SipResponse } from "../../protocol/sip/message.ts";
import { sdpType } from "../../protocol/sip/sdp.ts";
import type { OpenMedia } from "../ports/media.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { CallEnd, SpeechMode } from "../ports/voice.ts";
import { Runner } from "../runner.ts";
import { Wake } from "../wake.ts";
import { CallAnswering } from "./call-answering.ts";
import type { CallDialog } from "./call-dialog.ts";
import type { InviteServer } from "./call-invite-server.ts";
import { CallInviting } from "./call-inviting.ts";
import { CallKeys, type KeySource } from "./call-keys.ts";
import type { CallLine } from "./call-line.ts";
import { isHeld, newCall, stepCall } from "./call-machine.ts";
import { hasType } from "./call-messages.ts";
import { CallRenewal } from "./call-renewal.ts";
import { CallSession } from "./call-session.ts";
import { CallSound } from "./call-sound.ts";
import type { CallEffect, CallEvent, CallState, SessionTimer } from "./call-state.ts";
import { allows, patienceOf, settledTimer } from "./call-times.ts";
import type { Peer } from "./receiver-address.ts";

/** Whoever holds the calls. None of them is called from inside a method of the call. */
export interface CallUserEvents {
  readonly onAnswered: (call: CallLeg) => void;
  /** Not after hangUp(). */
  readonly onEnded: (call: CallLeg, reason: CallEnd) => void;
  readonly onKey: (call: CallLeg, key: string) => void;
}

export interface CallLegOptions {
  readonly line: CallLine;
  readonly openMedia: OpenMedia;
  readonly user: CallUserEvents;
  readonly mode: SpeechMode;
  readonly observe: ((event: CallEvent, effects: readonly CallEffect[]) => void) | undefined;
}

/** How long a key is said to be held (SS 91100 7: 100 to 500 ms). */
const keyMs = 200;
const nowhere = "0.0.0.0";

export class CallLeg {
  private readonly options: CallLegOptions;
  private readonly line: CallLine;
  private readonly runner: Runner<CallState, CallEvent, CallEffect>;
  private readonly wake: Wake;
  private readonly sound: CallSound;
  private readonly session: CallSession;
  private readonly renewal: CallRenewal;
  private readonly keys: CallKeys;
  private target: string;
  private dialog: CallDialog | undefined;
  private inviting: CallInviting | undefined;
  private answering: CallAnswering | undefined;
  private timer: SessionTimer | undefined;

  constructor(options: CallLegOptions) {
    const line = options.line;
    this.options = options;
    this.line = line;
    this.runner = new Runner(stepCall, newCall, (effect) => this.perform(effect), options.observe);
    this.wake = new Wake(line.clock, () => this.dispatch({ type: "due", nowMs: line.nowMs() }));
    this.sound = new CallSound(options.openMedia, options.mode, this);
    this.session = new CallSession(digits(line.newText(4)));
    this.renewal = new CallRenewal(line, this.session, this);
    this.target = "";
    this.dialog = undefined;
    this.inviting = undefined;
    this.answering = undefined;
    this.timer = undefined;
    this.keys = new CallKeys();
  }

  /** Calls `target`; once. */
  call(target: string): void {
    this.target = target;
    this.dispatch({ type: "dialled" });
  }

  /** Rings for an INVITE that can be taken. False where it opens no dialog. `request` is kept. */
  ring(request: SipRequest, from: Peer, receiver: number): boolean {
    const answering = new CallAnswering(this.line, this, request, from, receiver);
    this.answering = answering;
    this.dialog = answering.dialog;
    if (answering.dialog === undefined) return false;
    this.renewal.canUpdate = allows(request, "UPDATE");
    this.timer = answering.timer;
    const nowMs = this.line.nowMs();
    this.dispatch({ type: "called", nowMs, forMs: patienceOf(request), session: answering.timer });
    return true;
  }

  /** Takes the call that rings. */
  take(mode: SpeechMode): void {
    this.sound.speak(mode);
    this.dispatch({ type: "took" });
  }

  speak(mode: SpeechMode): void {
    this.sound.speak(mode);
  }

  /** Presses a key that the other end is to hear, told by INFO. */
  press(key: string): void {
    if (this.runner.state.at !== "up" || this.dialog === undefined) return;
    this.dialog.inform(dtmfRelayType, encodeKeyPress({ key, durationMs: keyMs }));
  }

  volume(step: 1 | -1): void {
    this.sound.volume(step);
  }

  /** Ends or refuses it; nothing is told any more. */
  hangUp(): void {
    this.dispatch({ type: "hung-up" });
  }

  /** The other end's CANCEL of this call's INVITE. */
  cancelled(): void {
    this.dispatch({ type: "cancelled" });
  }

  /** Whether the user still has it. */
  get isHeld(): boolean {
    return isHeld(this.runner.state);
  }

  /** Whether nothing of it will move any more. */
  get isOver(): boolean {
    const at = this.runner.state.at;
    if (at !== "over" && at !== "idle") return false;
    if (this.inviting !== undefined && !this.inviting.isOver) return false;
    return (this.answering === undefined || this.answering.server.isOver) && this.renewal.isOver;
  }

  /** Whether a request within a dialog is for this call, or for an end of it that was told BYE. */
  has(request: SipRequest): boolean {
    if (this.dialog !== undefined && this.dialog.has(request)) return true;
    return this.inviting !== undefined && this.inviting.hasFork(request);
  }

  /** What it says to the INVITE that has come; undefined in a call of ours. */
  get invitation(): CallAnswering | undefined {
    return this.answering;
  }

  /** True where the answer is one to an INVITE of this call. */
  hearAnswer(answer: SipResponse): boolean {
    return (this.inviting !== undefined && this.inviting.hear(answer)) || this.renewal.hearAnswer(answer);
  }

  /** An ACK within the call; those of refusals bear our tag too (17.1.1.3). */
  hearAck(ack: SipRequest): void {
    if (this.dialog === undefined || !this.dialog.has(ack)) return;
    const server = this.answering === undefined ? undefined : this.answering.server;
    if (server !== undefined && server.request.cseq === ack.cseq) server.hearAck(ack);
    else this.renewal.hearAck(ack);
  }

  /** Moves on with a request within the call's own dialog; false where it is out of order. */
  order(request: SipRequest): boolean {
    return this.dialog === undefined || !this.dialog.has(request) || this.dialog.hear(request);
  }

  hearBye(request: SipRequest): void {
    if (this.dialog === undefined || !this.dialog.has(request)) return;
    this.stopAnswers();
    this.dispatch({ type: "left" });
  }

  hearKey(source: KeySource, key: string): void {
    const at = this.runner.state.at;
    if (!this.isHeld || (at !== "up" && at !== "answered")) return;
    if (this.keys.isPress(source, key, this.line.nowMs())) this.options.user.onKey(this, key);
  }

  /** The part of the call that renews its session: re-INVITE and UPDATE. */
  get renewals(): CallRenewal | undefined {
    const at = this.runner.state.at;
    return at === "up" || at === "answered" ? this.renewal : undefined;
  }

  /** Whether our first 200 waits for its ACK, so that a new offer comes too early. */
  get isUnsettled(): boolean {
    return this.runner.state.at !== "up";
  }

  /** Ends it on the spot, to make room; nothing is sent. */
  close(): void {
    this.sound.close();
    this.renewal.close();
    if (this.inviting !== undefined) this.inviting.close();
    if (this.answering !== undefined) this.answering.server.close();
  }

  soundReady(local: Endpoint): void {
    this.session.hearAt(local.host === nowhere ? { host: this.ownHost, port: local.port } : local);
    if (this.answering !== undefined) this.answering.describe(this.session);
    this.dispatch({ type: "media-ready", nowMs: this.line.nowMs() });
  }

  soundKey(key: string): void {
    this.hearKey("sound", key);
  }

  soundLost(): void {
    this.dispatch({ type: "media-lost" });
  }

  isWanted(): boolean {
    return this.isHeld;
  }

  progressed(): void {
    this.dispatch({ type: "progressed" });
  }

  taken(answer: SipResponse, dialog: CallDialog): void {
    this.dialog = dialog;
    this.renewal.canUpdate = allows(answer, "UPDATE");
    const usable = hasType(answer, sdpType) && this.session.settle(answer.body);
    this.timer = settledTimer(answer);
    this.dispatch({ type: "taken", nowMs: this.line.nowMs(), usable, session: this.timer });
  }

  refused(status: number): void {
    this.dispatch({ type: "refused", status });
  }

  unanswered(): void {
    this.dispatch({ type: "unanswered" });
  }

  acknowledged(_server: InviteServer, ack: SipRequest): void {
    const usable = this.session.agreed !== undefined || (hasType(ack, sdpType) && this.session.settle(ack.body));
    this.dispatch({ type: "acknowledged", usable });
  }

  unacknowledged(): void {
    this.dispatch({ type: "unacknowledged" });
  }

  /** The other end, or we, have renewed the session; `answer`: of ours, a 2xx. */
  renewed(timer: SessionTimer | undefined, answer: SipResponse | undefined): void {
    this.timer = timer;
    const contacts = answer === undefined ? undefined : contactsOf(answer);
    const contact = contacts !== undefined && contacts.ok ? contacts.value[0] : undefined;
    if (contact !== undefined && this.dialog !== undefined) this.dialog.retarget(contact.uri);
    this.startSound();
    this.dispatch({ type: "refreshed", nowMs: this.line.nowMs(), session: timer });
  }

  notRenewed(isGone: boolean): void {
    this.dispatch({ type: "not-refreshed", nowMs: this.line.nowMs(), isGone });
  }

  private dispatch(event: CallEvent): void {
    this.runner.dispatch(event);
  }

  private perform(effect: CallEffect): void {
    const user = this.options.user;
    switch (effect.type) {
      case "open-media":
        this.sound.open();
        return;
      case "close-media":
        this.sound.close();
        return;
      case "start-media":
        this.startSound();
        return;
      case "invite":
        this.inviting = new CallInviting(this.line, this.target, this.session.offer(), this);
        this.inviting.start();
        return;
      case "cancel":
        if (this.inviting !== undefined) this.inviting.cancel();
        return;
      case "ring":
        if (this.answering !== undefined) this.answering.ring();
        return;
      case "accept":
        if (this.answering === undefined || this.answering.accept()) return;
        this.dispatch({ type: "media-lost" }); // the answer is too long for its way: the caller has heard 513
        this.dispatch({ type: "left" });
        return;
      case "refuse":
        if (this.answering !== undefined) this.answering.refuse(effect.status);
        return;
      case "bye":
        this.leave();
        return;
      case "refresh":
        if (this.dialog !== undefined && this.timer !== undefined) this.renewal.refresh(this.dialog, this.timer);
        return;
      case "tell-answered":
        user.onAnswered(this);
        return;
      case "tell-ended":
        user.onEnded(this, effect.reason);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  private leave(): void {
    this.stopAnswers();
    if (this.dialog === undefined) return;
    this.dialog.request("BYE", [], () => this.dispatch({ type: "bye-over" }));
  }

  /** Where this route is towards the other end, for sound that is heard at every address of ours. */
  private get ownHost(): string {
    const route = this.line.route;
    const hop = this.answering === undefined ? route.hop(this.target, undefined) : this.answering.server.hop;
    return hop === undefined ? nowhere : route.local(hop.to, hop.transport).host;
  }

  private stopAnswers(): void {
    if (this.answering !== undefined) this.answering.server.ended();
    this.renewal.ended();
  }

  private startSound(): void {
    if (this.session.agreed !== undefined) this.sound.start(this.session.agreed);
  }
}

/** A session's number from hexadecimal digits (RFC 4566 5.2). */
function digits(hex: string): string {
  return "" + parseInt(hex, 16);
}
