/** The challenges that one request within a call has met, over all its tries (RFC 3261 22.2 and 22.3). */
import type { SipResponse } from "../../protocol/sip/message.ts";
import type { Authorization } from "./authorization.ts";

/** Challenges that one request answers. */
export const challengeLimit = 4;

export class CallChallenges {
  private count: number;
  private serverAnswered: boolean;
  private proxyAnswered: boolean;

  constructor() {
    this.count = 0;
    this.serverAnswered = false;
    this.proxyAnswered = false;
  }

  /** Takes a challenge; true where the request is to be sent anew. When the very answer to one is refused, and not only its nonce, the password is wrong. */
  meets(answer: SipResponse, authorization: Authorization | undefined): boolean {
    if ((answer.status !== 401 && answer.status !== 407) || authorization === undefined) return false;
    const isProxy = answer.status === 407;
    const challenge = authorization.learn(answer);
    const wasAnswered = isProxy ? this.proxyAnswered : this.serverAnswered;
    this.count++;
    if (challenge === undefined || (wasAnswered && !challenge.stale) || this.count > challengeLimit) {
      authorization.forget(answer.status);
      return false;
    }
    if (isProxy) this.proxyAnswered = true;
    else this.serverAnswered = true;
    return true;
  }
}
