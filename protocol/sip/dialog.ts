/** A call's dialog as a value, and the requests that follow from an INVITE: ACK, CANCEL, BYE and INFO (RFC 3261 9.1, 12, 13.2.2.4, 15.1 and 17.1.1.3). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { contactsOf } from "./contact.ts";
import type { Header, NameAddress, SipRequest, SipResponse, Via } from "./message.ts";
import { routedTo, routeSetOf } from "./route.ts";
import { sameText } from "./scan.ts";

/** What both ends of a call remember (12). */
export interface Dialog {
  readonly callId: string;
  /** Ourselves and the other end, with their tags. */
  readonly local: NameAddress;
  readonly remote: NameAddress;
  /** The other end's Contact: the Request-URI of what we send. */
  readonly target: string;
  /** Nearest hop first. */
  readonly routeSet: readonly string[];
  /** CSeq of our last request; 0 where we have sent none. */
  readonly localCseq: number;
  /** CSeq of the other end's last request; undefined where none has come. */
  readonly remoteCseq: number | undefined;
}

/** What a new request is made of, beside what its dialog says. */
export interface RequestParts {
  readonly method: string;
  readonly via: Via;
  readonly headers: readonly Header[];
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

const firstMaxForwards = 70;
const noBody = new Uint8Array(0);

/** The caller's dialog, from its INVITE and a 101 to 299 response with a tag (12.1.2). */
export function dialogOfCaller(invite: SipRequest, response: SipResponse): Result<Dialog> {
  if (response.to.tag === undefined) return bad({ kind: "missing", at: 0, field: "tag of To" });
  const target = targetOf(response);
  const routes = routeSetOf(response, true);
  if (!target.ok) return target;
  if (!routes.ok) return routes;
  return ok({
    callId: invite.callId,
    local: invite.from,
    remote: response.to,
    target: target.value,
    routeSet: routes.value,
    localCseq: invite.cseq,
    remoteCseq: undefined,
  });
}

/** The called end's dialog, from the INVITE that came and the tag that it answers with (12.1.1). */
export function dialogOfCalled(invite: SipRequest, tag: string): Result<Dialog> {
  const target = targetOf(invite);
  const routes = routeSetOf(invite, false);
  if (!target.ok) return target;
  if (!routes.ok) return routes;
  const to = invite.to;
  return ok({
    callId: invite.callId,
    local: { display: to.display, uri: to.uri, tag, params: to.params },
    remote: invite.from,
    target: target.value,
    routeSet: routes.value,
    localCseq: 0,
    remoteCseq: invite.cseq,
  });
}

/** Whether a request that came belongs to the dialog: Call-ID and both tags (12.2.2). */
export function isOfDialog(dialog: Dialog, request: SipRequest): boolean {
  return (
    request.callId === dialog.callId && request.to.tag === dialog.local.tag && request.from.tag === dialog.remote.tag
  );
}

/** The dialog after a request that we have sent within it (12.2.1.1). */
export function afterSending(dialog: Dialog, request: SipRequest): Dialog {
  return moved(dialog, dialog.target, request.cseq, dialog.remoteCseq);
}

/**
 * The dialog after a request that came within it: an INVITE or UPDATE may bring a new target (RFC 3311 5.1). Undefined where its CSeq is lower
 * than one before: it is out of order and to be answered 500 (12.2.2). ACK and CANCEL bear the INVITE's number.
 */
export function afterHearing(dialog: Dialog, request: SipRequest): Dialog | undefined {
  if (request.method === "ACK" || request.method === "CANCEL") return dialog;
  if (dialog.remoteCseq !== undefined && request.cseq < dialog.remoteCseq) return undefined;
  const refreshes = request.method === "INVITE" || request.method === "UPDATE";
  const target = refreshes ? targetOf(request) : undefined;
  const next = target !== undefined && target.ok ? target.value : dialog.target;
  return moved(dialog, next, dialog.localCseq, request.cseq);
}

/** A new request within the dialog, such as BYE or INFO; see `afterSending` (12.2.1.1). */
export function requestWithin(dialog: Dialog, parts: RequestParts): SipRequest {
  return built(dialog, parts, dialog.localCseq + 1);
}

/** The ACK of a 200 to our INVITE: a new branch in `via`, the INVITE's CSeq number; `credentials` are the INVITE's own (13.2.2.4). */
export function ackOfSuccess(dialog: Dialog, invite: SipRequest, via: Via): SipRequest {
  const parts = { method: "ACK", via, headers: credentialsOf(invite), contentType: undefined, body: noBody };
  return built(dialog, parts, invite.cseq);
}

/** The ACK of a refusal: the INVITE's own address, top Via and Route, the refusal's To (17.1.1.3). */
export function ackOfFailure(invite: SipRequest, response: SipResponse): SipRequest {
  return sibling(invite, "ACK", response.to);
}

/** Takes our INVITE back, with its own top Via and To; only after a provisional response, before any final one (9.1). */
export function cancelOf(invite: SipRequest): SipRequest {
  return sibling(invite, "CANCEL", invite.to);
}

function moved(dialog: Dialog, target: string, localCseq: number, remoteCseq: number | undefined): Dialog {
  return {
    callId: dialog.callId,
    local: dialog.local,
    remote: dialog.remote,
    target,
    routeSet: dialog.routeSet,
    localCseq,
    remoteCseq,
  };
}

function built(dialog: Dialog, parts: RequestParts, cseq: number): SipRequest {
  const routed = routedTo(dialog.target, dialog.routeSet);
  return {
    kind: "request",
    method: parts.method,
    uri: routed.uri,
    via: [parts.via],
    maxForwards: firstMaxForwards,
    from: dialog.local,
    to: dialog.remote,
    callId: dialog.callId,
    cseq,
    cseqMethod: parts.method,
    contentType: parts.contentType,
    headers: routed.headers.concat(parts.headers),
    body: parts.body,
  };
}

function sibling(invite: SipRequest, method: string, to: NameAddress): SipRequest {
  const routes: Header[] = [];
  for (const header of invite.headers) if (sameText(header.name, "Route")) routes.push(header);
  return {
    kind: "request",
    method,
    uri: invite.uri,
    via: [invite.via[0] as Via],
    maxForwards: firstMaxForwards,
    from: invite.from,
    to,
    callId: invite.callId,
    cseq: invite.cseq,
    cseqMethod: method,
    contentType: undefined,
    headers: routes,
    body: noBody,
  };
}

function credentialsOf(invite: SipRequest): readonly Header[] {
  const headers: Header[] = [];
  for (const header of invite.headers)
    if (sameText(header.name, "Authorization") || sameText(header.name, "Proxy-Authorization")) headers.push(header);
  return headers;
}

/** The one Contact that an INVITE and its answers bear (8.1.1.8, 12.1.1). */
function targetOf(message: SipRequest | SipResponse): Result<string> {
  const contacts = contactsOf(message);
  if (!contacts.ok) return contacts;
  const first = contacts.value[0];
  if (first === undefined) return bad({ kind: "missing", at: 0, field: "Contact" });
  if (contacts.value.length > 1) return bad({ kind: "too-long", at: 0, what: "Contact", limit: 1 });
  return ok(first.uri);
}
