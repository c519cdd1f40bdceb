/** One dialog of a call and what is sent within it: ACK, BYE, and refreshes (RFC 3261 12.2.1, 13.2.2.4, 15.1.1 and 22; RFC 4028 7.4). */
import type { Dialog } from "../../protocol/sip/dialog.ts";
import { ackOfSuccess, afterHearing, afterSending, isOfDialog, requestWithin } from "../../protocol/sip/dialog.ts";
import type { Header, SipRequest } from "../../protocol/sip/message.ts";
import { encodeSip } from "../../protocol/sip/message.ts";
import { routedTo } from "../../protocol/sip/route.ts";
import { CallChallenges } from "./call-challenges.ts";
import type { CallLine, Done } from "./call-line.ts";
import { noBody } from "./call-messages.ts";
import type { Hop } from "./call-route.ts";

/** A request and the hop that it takes. */
export interface Outgoing {
  readonly request: SipRequest;
  readonly hop: Hop;
}

interface Content {
  readonly method: string;
  readonly headers: readonly Header[];
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

export class CallDialog {
  /** The hop that the INVITE has taken. */
  readonly last: Hop;
  private readonly line: CallLine;
  private dialog: Dialog;
  /** The newest ACK, for copies of the answer. */
  private ack: Outgoing | undefined;
  private ackBytes: Uint8Array;

  constructor(line: CallLine, dialog: Dialog, last: Hop) {
    this.line = line;
    this.last = last;
    this.dialog = dialog;
    this.ack = undefined;
    this.ackBytes = noBody;
  }

  get remoteTag(): string | undefined {
    return this.dialog.remote.tag;
  }

  has(request: SipRequest): boolean {
    return isOfDialog(this.dialog, request);
  }

  /** A request of the other end; false where it is out of order: 500 (12.2.2). */
  hear(request: SipRequest): boolean {
    const next = afterHearing(this.dialog, request);
    if (next !== undefined) this.dialog = next;
    return next !== undefined;
  }

  /** A 2xx to a later INVITE of ours may bring a new target (12.2.1.2). */
  retarget(target: string): void {
    this.dialog = Object.assign({}, this.dialog, { target });
  }

  /** Acknowledges a 2xx to `invite`; each of its copies gets the same once more. */
  acknowledge(invite: SipRequest): void {
    if (this.ack === undefined || this.ack.request.cseq !== invite.cseq) {
      const hop = this.hop();
      if (hop === undefined) return;
      const request = ackOfSuccess(this.dialog, invite, this.line.via(hop, this.line.newBranch()));
      this.ack = { request, hop };
      this.ackBytes = encodeSip(request);
    }
    this.line.transmit(this.ackBytes, this.ack.hop);
  }

  /** Sends a request without a body; `done` hears the final answer, but for challenges that can be met. */
  request(method: string, headers: readonly Header[], done: Done): void {
    this.attempt({ method, headers, contentType: undefined, body: noBody }, done, new CallChallenges());
  }

  /** Sends INFO with a body; nothing hangs on its answer. */
  inform(contentType: string, body: Uint8Array): void {
    this.attempt({ method: "INFO", headers: [], contentType, body }, () => {}, new CallChallenges());
  }

  /** The next INVITE of ours within the dialog, with its hop; undefined where there is no way (14.1). */
  invite(headers: readonly Header[], contentType: string, body: Uint8Array): Outgoing | undefined {
    return this.build({ method: "INVITE", headers, contentType, body });
  }

  private attempt(what: Content, done: Done, challenges: CallChallenges): void {
    const built = this.build(what);
    if (built === undefined) {
      done(undefined);
      return;
    }
    this.line.begin(built.request, built.hop, (answer) => {
      if (answer !== undefined && challenges.meets(answer, this.line.route.authorization(built.hop.receiver)))
        this.attempt(what, done, challenges);
      else done(answer);
    });
  }

  private build(what: Content): Outgoing | undefined {
    const hop = this.hop();
    if (hop === undefined) return undefined;
    const all: Header[] = [];
    for (const header of what.headers) all.push(header);
    this.line.authorize(all, hop, what.method, routedTo(this.dialog.target, this.dialog.routeSet).uri);
    const via = this.line.via(hop, this.line.newBranch());
    const request = requestWithin(this.dialog, Object.assign({}, what, { via, headers: all }));
    this.dialog = afterSending(this.dialog, request);
    return { request, hop };
  }

  private hop(): Hop | undefined {
    const hop = this.line.route.hop(this.dialog.routeSet[0] ?? this.dialog.target, this.last);
    if (hop === undefined || hop.receiver >= 0) return hop;
    // Whoever the call went through knows us; a phone behind it asks, if at all, as it does.
    return { to: hop.to, transport: hop.transport, receiver: this.last.receiver };
  }
}
