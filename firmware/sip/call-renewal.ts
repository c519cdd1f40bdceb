/** What changes or refreshes a call that is up: re-INVITE and UPDATE of either end (RFC 3261 14, RFC 3311 5, RFC 3264 8, RFC 4028 7.4 and 9). A call that is held stays up. */
import type { Header, SipRequest, SipResponse } from "../../protocol/sip/message.ts";
import { sdpType } from "../../protocol/sip/sdp.ts";
import { CallChallenges } from "./call-challenges.ts";
import type { CallDialog } from "./call-dialog.ts";
import { hearAnswer, InviteClient } from "./call-invite-client.ts";
import { InviteServer } from "./call-invite-server.ts";
import type { CallLine } from "./call-line.ts";
import { allowHeader } from "./call-line.ts";
import type { CallAnswer } from "./call-messages.ts";
import { answerHop, hasType, noBody, plainAnswer } from "./call-messages.ts";
import type { Hop } from "./call-route.ts";
import type { CallSession } from "./call-session.ts";
import type { SessionTimer } from "./call-state.ts";
import { answerTimer, isTooBrief, leastSession, refreshHeaders, settledTimer } from "./call-times.ts";
import type { Peer } from "./receiver-address.ts";

export interface RenewalUser {
  /** What is agreed now may differ; `answer`: the 2xx to a request of ours. */
  renewed(timer: SessionTimer | undefined, answer: SipResponse | undefined): void;
  /** Our refresh was refused; `isGone`: the other end knows the call no more, or says nothing. */
  notRenewed(isGone: boolean): void;
  /** The 200 to a re-INVITE was never acknowledged. */
  unacknowledged(server: InviteServer): void;
}

/** A refresh of ours that is under way. */
interface Refresh {
  readonly dialog: CallDialog;
  readonly timer: SessionTimer;
  readonly challenges: CallChallenges;
}

export class CallRenewal {
  /** Whether the other end takes UPDATE. */
  canUpdate: boolean;
  private readonly line: CallLine;
  private readonly session: CallSession;
  private readonly user: RenewalUser;
  /** Our re-INVITEs, the newest last. */
  private readonly clients: InviteClient[];
  private dialog: CallDialog | undefined;
  private underWay: Refresh | undefined;
  private server: InviteServer | undefined;

  constructor(line: CallLine, session: CallSession, user: RenewalUser) {
    this.canUpdate = false;
    this.line = line;
    this.session = session;
    this.user = user;
    this.clients = [];
    this.dialog = undefined;
    this.underWay = undefined;
    this.server = undefined;
  }

  get isOver(): boolean {
    for (const client of this.clients) if (!client.isOver) return false;
    return this.server === undefined || this.server.isOver;
  }

  /** Refreshes the session without changing it. */
  refresh(dialog: CallDialog, timer: SessionTimer): void {
    this.dialog = dialog;
    this.underWay = { dialog, timer, challenges: new CallChallenges() };
    if (this.canUpdate)
      dialog.request("UPDATE", this.headers(dialog.last, refreshHeaders(timer)), (answer) => this.settle(answer));
    else this.invite(this.underWay);
  }

  /** The other end's re-INVITE, or a copy of it; false where one of either end is not over: 491 (RFC 3261 14.2). */
  hearInvite(request: SipRequest, from: Peer, tag: string, receiver: number): boolean {
    if (this.isBusy) return false;
    if (this.server !== undefined) this.server.close();
    this.server = new InviteServer(this.line, this, request, tag, from, receiver);
    const answer = this.answer(request, this.server.hop, request.body.length > 0 ? request.body : undefined);
    this.server.say(answer);
    if (answer.status < 300) this.user.renewed(answerTimer(request).timer, undefined);
    return true;
  }

  /** True where the INVITE is one that was answered before. */
  hearCopy(request: SipRequest): boolean {
    if (this.server === undefined || !this.server.isCopy(request)) return false;
    this.server.hearCopy();
    return true;
  }

  /** Answers an UPDATE, which need not bear an offer. */
  hearUpdate(request: SipRequest, from: Peer): CallAnswer {
    if (this.isBusy) return plainAnswer(491);
    const answer = this.answer(request, answerHop(request, from, -1), request.body);
    if (answer.status < 300) this.user.renewed(answerTimer(request).timer, undefined);
    return answer;
  }

  hearAck(ack: SipRequest): void {
    if (this.server !== undefined && this.server.request.cseq === ack.cseq) this.server.hearAck(ack);
  }

  /** True where the answer is one to a re-INVITE of ours. */
  hearAnswer(answer: SipResponse): boolean {
    return hearAnswer(this.clients, answer);
  }

  /** The call has ended: no answer of ours is sent again. */
  ended(): void {
    if (this.server !== undefined) this.server.ended();
  }

  /** Ends it on the spot, to make room. */
  close(): void {
    for (const client of this.clients) client.close();
    if (this.server !== undefined) this.server.close();
  }

  /** Where the re-INVITE bore no offer, its ACK answers ours; one that fits not leaves all as it was. */
  acknowledged(server: InviteServer, ack: SipRequest): void {
    if (server.request.body.length > 0 || !hasType(ack, sdpType) || !this.session.settle(ack.body)) return;
    this.user.renewed(answerTimer(server.request).timer, undefined);
  }

  unacknowledged(server: InviteServer): void {
    this.user.unacknowledged(server);
  }

  answered(client: InviteClient, answer: SipResponse): void {
    const refresh = client === this.clients[this.clients.length - 1] ? this.underWay : undefined;
    if (answer.status >= 200 && answer.status < 300) {
      if (this.dialog !== undefined) this.dialog.acknowledge(client.request);
      if (refresh === undefined) return;
      if (hasType(answer, sdpType)) this.session.settle(answer.body);
      this.settle(answer);
    } else if (answer.status >= 300 && refresh !== undefined) {
      if (refresh.challenges.meets(answer, this.line.route.authorization(client.hop.receiver))) this.invite(refresh);
      else this.settle(answer);
    }
  }

  noAnswer(client: InviteClient): void {
    if (client === this.clients[this.clients.length - 1]) this.settle(undefined);
  }

  /** Whether an offer of either end is not settled yet. */
  private get isBusy(): boolean {
    return this.underWay !== undefined || (this.server !== undefined && this.server.isAwaited);
  }

  /** `offer`: undefined asks for ours, empty changes nothing. */
  private answer(request: SipRequest, hop: Hop, offer: Uint8Array | undefined): CallAnswer {
    if (isTooBrief(request)) return { status: 422, headers: [leastSession], body: noBody };
    let body = noBody;
    if (offer === undefined) body = this.session.repeated();
    else if (offer.length > 0) {
      if (!hasType(request, sdpType))
        return { status: 415, headers: [{ name: "Accept", value: sdpType }], body: noBody };
      const answered = this.session.answer(offer);
      if (answered === undefined) return plainAnswer(488); // 14.2: the session stays as it was
      body = answered;
    }
    return { status: 200, headers: this.headers(hop, answerTimer(request).headers), body };
  }

  private headers(hop: Hop, more: readonly Header[]): readonly Header[] {
    const headers: Header[] = [this.line.contact(hop), allowHeader];
    for (const header of more) headers.push(header);
    return headers;
  }

  private invite(refresh: Refresh): void {
    const headers = this.headers(refresh.dialog.last, refreshHeaders(refresh.timer));
    const built = refresh.dialog.invite(headers, sdpType, this.session.repeated());
    if (built === undefined) {
      this.settle(undefined);
      return;
    }
    for (let i = this.clients.length - 1; i >= 0; i--)
      if ((this.clients[i] as InviteClient).isOver) this.clients.splice(i, 1);
    const client = new InviteClient(this.line, this, built.request, built.hop);
    this.clients.push(client);
    client.start();
  }

  /** The final answer to our refresh; undefined: none. */
  private settle(answer: SipResponse | undefined): void {
    if (this.underWay === undefined) return;
    this.underWay = undefined;
    const status = answer === undefined ? 408 : answer.status;
    if (answer !== undefined && status < 300) this.user.renewed(settledTimer(answer), answer);
    else this.user.notRenewed(status === 408 || status === 481);
  }
}
