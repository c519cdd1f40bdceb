/** The called end's part of a call: what is said to the INVITE that has come (RFC 3261 12.1.1 and 13.3.1, RFC 4028 9). */
import { dialogOfCalled } from "../../protocol/sip/dialog.ts";
import type { Header, SipRequest } from "../../protocol/sip/message.ts";
import { sdpType } from "../../protocol/sip/sdp.ts";
import { CallDialog } from "./call-dialog.ts";
import { InviteServer, type InviteServerOwner } from "./call-invite-server.ts";
import type { CallLine } from "./call-line.ts";
import { allowHeader } from "./call-line.ts";
import { hasType, noBody, plainAnswer } from "./call-messages.ts";
import type { CallSession } from "./call-session.ts";
import type { SessionTimer } from "./call-state.ts";
import { answerTimer } from "./call-times.ts";
import type { Peer } from "./receiver-address.ts";

export class CallAnswering {
  /** Of all our answers, and of the dialog. */
  readonly tag: string;
  readonly server: InviteServer;
  /** Undefined where the INVITE opens no dialog. */
  readonly dialog: CallDialog | undefined;
  /** What the caller asks for; it counts from our 200 on. */
  readonly timer: SessionTimer | undefined;
  private readonly line: CallLine;
  private readonly timerHeaders: readonly Header[];
  private description: Uint8Array;

  /** `request` is kept; `receiver` is who sent it, or -1. */
  constructor(line: CallLine, owner: InviteServerOwner, request: SipRequest, from: Peer, receiver: number) {
    const timing = answerTimer(request);
    this.line = line;
    this.tag = line.newText(4);
    this.server = new InviteServer(line, owner, request, this.tag, from, receiver);
    const made = dialogOfCalled(request, this.tag);
    this.dialog = made.ok ? new CallDialog(line, made.value, this.server.hop) : undefined;
    this.timer = timing.timer;
    this.timerHeaders = timing.headers;
    this.description = noBody;
  }

  ring(): void {
    this.say(180, noBody, []);
  }

  /** Our end of the sound is known: what the 200 says of it is an answer, or the offer where the INVITE bore none (13.2.1). */
  describe(session: CallSession): void {
    const request = this.server.request;
    this.description = hasType(request, sdpType) ? (session.answer(request.body) ?? noBody) : session.offer();
  }

  /** 200 until its ACK has come; false where it is too long for its way: the caller has heard 513. */
  accept(): boolean {
    return this.say(200, this.description, this.timerHeaders);
  }

  refuse(status: number): void {
    this.server.say(plainAnswer(status));
  }

  private say(status: number, body: Uint8Array, more: readonly Header[]): boolean {
    const headers: Header[] = [this.line.contact(this.server.hop), allowHeader];
    for (const header of more) headers.push(header);
    return this.server.say({ status, headers, body });
  }
}
