/** Our INVITE over all its tries: challenges, one other address, a longer session, several ends that answer (RFC 3261 8.1.3.4, 9.1, 13.2 and 22; RFC 4028 7.3). */
import { contactsOf } from "../../protocol/sip/contact.ts";
import { cancelOf, dialogOfCaller } from "../../protocol/sip/dialog.ts";
import { parseSeconds } from "../../protocol/sip/header-list.ts";
import type { Header, SipRequest, SipResponse } from "../../protocol/sip/message.ts";
import { headerOf } from "../../protocol/sip/message.ts";
import { sameText } from "../../protocol/sip/scan.ts";
import { sdpType } from "../../protocol/sip/sdp.ts";
import { isRequestUri, parseUri } from "../../protocol/sip/uri.ts";
import { CallChallenges } from "./call-challenges.ts";
import { CallDialog } from "./call-dialog.ts";
import { hearAnswer, InviteClient } from "./call-invite-client.ts";
import type { CallLine } from "./call-line.ts";
import { allowHeader, timerSupported } from "./call-line.ts";
import type { Hop } from "./call-route.ts";

export interface InvitingUser {
  /** Whether the call is still to be had. */
  isWanted(): boolean;
  progressed(): void;
  /** The first end has taken it; the ACK has gone out. */
  taken(answer: SipResponse, dialog: CallDialog): void;
  refused(status: number): void;
  unanswered(): void;
}

/** Further ends that a proxy has let answer, each told BYE; what is beyond hears nothing. */
export const forkLimit = 4;
/** What stands for a refusal where there is no way at all. */
const noWay = 503;

export class CallInviting {
  private readonly line: CallLine;
  private readonly user: InvitingUser;
  private readonly offer: Uint8Array;
  private readonly callId: string;
  private readonly fromTag: string;
  private readonly challenges: CallChallenges;
  /** One for each try, the newest last. */
  private readonly clients: InviteClient[];
  private readonly forks: CallDialog[];
  private dialog: CallDialog | undefined;
  private target: string;
  private hop: Hop | undefined;
  private cseq: number;
  private isRedirected: boolean;
  private leastSessionS: number;

  constructor(line: CallLine, target: string, offer: Uint8Array, user: InvitingUser) {
    this.line = line;
    this.user = user;
    this.offer = offer;
    this.callId = line.newText(8);
    this.fromTag = line.newText(4);
    this.challenges = new CallChallenges();
    this.clients = [];
    this.forks = [];
    this.dialog = undefined;
    this.target = target;
    this.hop = undefined;
    this.cseq = 0;
    this.isRedirected = false;
    this.leastSessionS = 0;
  }

  get isOver(): boolean {
    for (const client of this.clients) if (!client.isOver) return false;
    return true;
  }

  /** Sends the next try; a refusal where there is no way. */
  start(): void {
    this.hop =
      this.line.route.usable && isRequestUri(this.target) ? this.line.route.hop(this.target, this.hop) : undefined;
    if (this.hop === undefined) {
      this.user.refused(noWay);
      return;
    }
    const client = new InviteClient(this.line, this, this.request(this.hop), this.hop);
    this.clients.push(client);
    client.start();
  }

  /** Takes the INVITE back; only where a provisional answer has come (9.1). */
  cancel(): void {
    const client = this.newest();
    if (client === undefined || !client.isPending) return;
    client.cancelled();
    this.line.begin(cancelOf(client.request), client.hop, () => {});
  }

  /** True where the answer is one to our INVITE. A 2xx that opens no dialog is none: it cannot be acknowledged. */
  hear(answer: SipResponse): boolean {
    return hearAnswer(this.clients, answer);
  }

  /** Whether a request belongs to an end that was told BYE already. */
  hasFork(request: SipRequest): boolean {
    for (const fork of this.forks) if (fork.has(request)) return true;
    return false;
  }

  close(): void {
    for (const client of this.clients) client.close();
  }

  answered(client: InviteClient, answer: SipResponse): void {
    const status = answer.status;
    if (status >= 200 && status < 300) this.takeSuccess(client, answer);
    else if (client !== this.newest()) return;
    else if (status < 200) this.user.progressed();
    else if (this.user.isWanted() && this.asksAgain(answer)) this.start();
    else this.user.refused(status);
  }

  noAnswer(client: InviteClient): void {
    if (client === this.newest()) this.user.unanswered();
  }

  private newest(): InviteClient | undefined {
    return this.clients[this.clients.length - 1];
  }

  private takeSuccess(client: InviteClient, answer: SipResponse): void {
    const made = dialogOfCaller(client.request, answer);
    if (!made.ok) return;
    const tag = answer.to.tag;
    if (this.dialog === undefined) {
      this.dialog = new CallDialog(this.line, made.value, client.hop);
      this.dialog.acknowledge(client.request);
      this.user.taken(answer, this.dialog);
      return;
    }
    let known = this.dialog.remoteTag === tag ? this.dialog : undefined;
    for (const fork of this.forks) if (fork.remoteTag === tag) known = fork;
    if (known !== undefined) {
      known.acknowledge(client.request);
      return;
    }
    if (this.forks.length >= forkLimit) return;
    const fork = new CallDialog(this.line, made.value, client.hop);
    this.forks.push(fork);
    fork.acknowledge(client.request); // 13.2.2.4: one dialog is kept, all others are ended
    fork.request("BYE", [], () => {});
  }

  /** Whether the refusal tells how it would be taken. */
  private asksAgain(answer: SipResponse): boolean {
    const status = answer.status;
    if (status === 401 || status === 407) {
      const receiver = this.hop === undefined ? -1 : this.hop.receiver;
      return this.challenges.meets(answer, this.line.route.authorization(receiver));
    }
    if (status === 422) {
      const leastS = parseSeconds(headerOf(answer, "Min-SE") ?? "");
      if (leastS === undefined || this.leastSessionS > 0 || leastS < 1) return false;
      this.leastSessionS = leastS;
      return true;
    }
    return status >= 300 && status < 400 && this.follows(answer);
  }

  /** One other address, once, and only one that leads to a receiver or stays at the host that was called. */
  private follows(answer: SipResponse): boolean {
    const contacts = contactsOf(answer);
    const first = contacts.ok ? contacts.value[0] : undefined;
    if (first === undefined || this.isRedirected || !isRequestUri(first.uri)) return false;
    if (!this.line.route.isReceivers(first.uri) && !isSameHost(first.uri, this.target)) return false;
    this.isRedirected = true;
    this.target = first.uri;
    return true;
  }

  private request(hop: Hop): SipRequest {
    this.cseq++;
    const headers: Header[] = [this.line.contact(hop), allowHeader, timerSupported];
    if (this.leastSessionS > 0) {
      headers.push({ name: "Session-Expires", value: "" + this.leastSessionS });
      headers.push({ name: "Min-SE", value: "" + this.leastSessionS });
    }
    this.line.authorize(headers, hop, "INVITE", this.target);
    return {
      kind: "request",
      method: "INVITE",
      uri: this.target,
      via: [this.line.via(hop, this.line.newBranch())],
      maxForwards: 70,
      from: { display: undefined, uri: this.line.route.aor, tag: this.fromTag, params: [] },
      to: { display: undefined, uri: this.target, tag: undefined, params: [] },
      callId: this.callId,
      cseq: this.cseq,
      cseqMethod: "INVITE",
      contentType: sdpType,
      headers,
      body: this.offer,
    };
  }
}

function isSameHost(one: string, other: string): boolean {
  const left = parseUri(one);
  const right = parseUri(other);
  return left.ok && right.ok && sameText(left.value.host, right.value.host);
}
