/** What one call's two ends have said of the sound so far: our description, its version, and what is agreed (RFC 3264 5 to 8). */
import type { AgreedAudio } from "../../protocol/sip/offer.ts";
import { answerOffer, offerOf, settle } from "../../protocol/sip/offer.ts";
import type { SessionDescription } from "../../protocol/sip/sdp.ts";
import { decodeSdp, encodeSdp } from "../../protocol/sip/sdp.ts";
import type { Endpoint } from "../ports/socket.ts";

/** Longest offer that is answered, where a byte that is no UTF-8 counts three: the answer repeats some of it. */
export const offerByteLimit = 3000;
const staticNumberA = 8;
const staticNumberU = 0;

export class CallSession {
  /** The newest agreement; undefined before the first. */
  agreed: AgreedAudio | undefined;
  private readonly sessionId: string;
  private local: Endpoint;
  private version: number;
  /** Our newest description, empty before the first. */
  private said: Uint8Array;

  /** `sessionId`: decimal digits (RFC 4566 5.2). */
  constructor(sessionId: string) {
    this.agreed = undefined;
    this.sessionId = sessionId;
    this.local = { host: "0.0.0.0", port: 9 };
    this.version = 0;
    this.said = new Uint8Array(0);
  }

  /** Where our end hears the sound; from now on descriptions say so. */
  hearAt(local: Endpoint): void {
    this.local = local;
  }

  /** Our description as an offer. */
  offer(): Uint8Array {
    return this.say((version) => offerOf(this.end(version)));
  }

  /** Our newest description once more, unchanged (RFC 4028 7.4); an offer where there was none. */
  repeated(): Uint8Array {
    return this.said.length === 0 ? this.offer() : this.said;
  }

  /** Takes an offer and answers it; undefined, and nothing has changed, where no sound is to be had: 488. */
  answer(offer: Uint8Array): Uint8Array | undefined {
    const decoded = isShort(offer) ? decodeSdp(offer) : undefined;
    if (decoded === undefined || !decoded.ok) return undefined;
    const answered = answerOffer(decoded.value, this.end(this.version));
    if (!answered.ok || !isPlain(answered.value.agreed)) return undefined;
    const offered = decoded.value;
    this.agreed = answered.value.agreed;
    return this.say((version) => {
      const again = answerOffer(offered, this.end(version));
      if (!again.ok) throw new Error("sdp: an offer was answered once only");
      return again.value.answer;
    });
  }

  /** Takes the answer to our offer; false, and nothing has changed, where it fits not. */
  settle(answer: Uint8Array): boolean {
    const decoded = decodeSdp(answer);
    if (!decoded.ok) return false;
    const agreed = settle(decoded.value);
    if (!agreed.ok || !isPlain(agreed.value)) return false;
    this.agreed = agreed.value;
    return true;
  }

  private end(version: number): {
    readonly host: string;
    readonly port: number;
    readonly sessionId: string;
    readonly version: string;
  } {
    return { host: this.local.host, port: this.local.port, sessionId: this.sessionId, version: "" + version };
  }

  /** The version goes up by one where the description differs from the last one (8). */
  private say(describe: (version: number) => SessionDescription): Uint8Array {
    const same = encodeSdp(describe(this.version));
    if (this.said.length > 0 && !isEqual(same, this.said)) {
      this.version++;
      this.said = encodeSdp(describe(this.version));
    } else this.said = same;
    return this.said;
  }
}

function isShort(offer: Uint8Array): boolean {
  let length = 0;
  for (let i = 0; i < offer.length; i++) length += (offer[i] as number) < 0x80 ? 1 : 3;
  return length <= offerByteLimit;
}

/** G.711 under a number of its own is not what the sound's port can carry. */
function isPlain(agreed: AgreedAudio): boolean {
  return agreed.payloadType === (agreed.encoding === "PCMA" ? staticNumberA : staticNumberU);
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
