/** What an INVITE is refused for before anything rings (RFC 3261 8.2 and 13.3.1; RFC 4028 5). */
import { tokensOf, unsupported } from "../../protocol/sip/header-list.ts";
import type { Header, SipRequest } from "../../protocol/sip/message.ts";
import { headerOf } from "../../protocol/sip/message.ts";
import { sameText } from "../../protocol/sip/scan.ts";
import { sdpType } from "../../protocol/sip/sdp.ts";
import { parseUri } from "../../protocol/sip/uri.ts";
import type { CallAnswer } from "./call-messages.ts";
import { hasType, noBody, plainAnswer } from "./call-messages.ts";
import { CallSession } from "./call-session.ts";
import { isTooBrief, leastSession } from "./call-times.ts";

const known: readonly string[] = ["timer"];

/**
 * Judges an INVITE outside a call, in this order: caller (603), Request-URI (416, 404), required extensions (420), body
 * (415, 488), session timer (422). Undefined: it may ring, as far as the INVITE goes.
 */
export function judgeInvite(
  request: SipRequest,
  isOurs: (user: string | undefined) => boolean,
  isAllowed: boolean,
): CallAnswer | undefined {
  if (!isAllowed) return plainAnswer(603);
  const uri = parseUri(request.uri);
  if (!uri.ok) return plainAnswer(416);
  if (!isOurs(uri.value.user)) return plainAnswer(404);
  const required = tokensOf(request, "Require");
  if (!required.ok) return plainAnswer(400);
  const missing = unsupported(required.value, known);
  if (missing.length > 0) return refusal(420, { name: "Unsupported", value: missing.join(", ") });
  const encoding = headerOf(request, "Content-Encoding");
  if (encoding !== undefined && !sameText(encoding, "identity"))
    return refusal(415, { name: "Accept-Encoding", value: "identity" });
  if (request.body.length > 0 && !hasType(request, sdpType)) return refusal(415, { name: "Accept", value: sdpType });
  if (request.body.length > 0 && new CallSession("0").answer(request.body) === undefined) return plainAnswer(488);
  return isTooBrief(request) ? refusal(422, leastSession) : undefined;
}

function refusal(status: number, header: Header): CallAnswer {
  return { status, headers: [header], body: noBody };
}
