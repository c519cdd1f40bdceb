/** SIP's answers by number (RFC 3261 21), with what a unit makes of each that answers its MESSAGE. For people; the firmware knows numbers only. */

export interface SipStatus {
  readonly code: number;
  /** The reason phrase of the standard. */
  readonly phrase: string;
  readonly says: string;
}

const otherPath = "The unit counts the path as failed and tries the next one; the alarm stays pending.";

export const sipStatuses: readonly SipStatus[] = [
  { code: 100, phrase: "Trying", says: "Heard, no answer yet. The unit stops repeating over UDP and goes on waiting." },
  { code: 180, phrase: "Ringing", says: "A call rings at the far end." },
  { code: 183, phrase: "Session Progress", says: "A call is being set up; sound may come before it is taken." },
  {
    code: 200,
    phrase: "OK",
    says: "Carried, and no more than that: the SIP front has the message. Only an mrs with snu 0 is an acceptance.",
  },
  { code: 202, phrase: "Accepted", says: "As 200 for a MESSAGE, whatever its name says: carried, not accepted." },
  { code: 301, phrase: "Moved Permanently", says: `Not followed: receivers are configured. ${otherPath}` },
  { code: 302, phrase: "Moved Temporarily", says: `Not followed: receivers are configured. ${otherPath}` },
  { code: 400, phrase: "Bad Request", says: `The far end cannot read the message. ${otherPath}` },
  {
    code: 401,
    phrase: "Unauthorized",
    says: "The server asks for a password. The unit asks again with its digest; once more 401 means the account is wrong.",
  },
  { code: 403, phrase: "Forbidden", says: `The server knows the sender and refuses it. ${otherPath}` },
  { code: 404, phrase: "Not Found", says: `Nobody has that address there. ${otherPath}` },
  { code: 405, phrase: "Method Not Allowed", says: `The far end takes no MESSAGE: no alarm receiver. ${otherPath}` },
  { code: 407, phrase: "Proxy Authentication Required", says: "As 401, asked for by a proxy on the way." },
  { code: 408, phrase: "Request Timeout", says: `A proxy on the way got no answer. ${otherPath}` },
  { code: 413, phrase: "Request Entity Too Large", says: `The message is too long for the far end. ${otherPath}` },
  { code: 415, phrase: "Unsupported Media Type", says: `The far end does not take SCAIP's XML. ${otherPath}` },
  { code: 416, phrase: "Unsupported URI Scheme", says: "The far end does not know that kind of address." },
  {
    code: 420,
    phrase: "Bad Extension",
    says: "The request demands an extension that the far end lacks; Unsupported names it.",
  },
  {
    code: 422,
    phrase: "Session Interval Too Small",
    says: "A call's timer is shorter than the far end wants; Min-SE names it.",
  },
  { code: 423, phrase: "Interval Too Brief", says: "A registration is to last longer; Min-Expires names how long." },
  { code: 480, phrase: "Temporarily Unavailable", says: "Nobody takes the call now." },
  { code: 481, phrase: "Call/Transaction Does Not Exist", says: "The far end knows no such call any more; ours ends." },
  { code: 482, phrase: "Loop Detected", says: `A proxy sent the message in a circle. ${otherPath}` },
  { code: 486, phrase: "Busy Here", says: "The telephone is engaged." },
  { code: 487, phrase: "Request Terminated", says: "The caller hung up before anybody took the call." },
  { code: 488, phrase: "Not Acceptable Here", says: "No common sound coding, or none that was offered suits." },
  { code: 500, phrase: "Server Internal Error", says: `The server is broken. ${otherPath}` },
  { code: 501, phrase: "Not Implemented", says: `The server does not know the method. ${otherPath}` },
  { code: 502, phrase: "Bad Gateway", says: `A proxy got nonsense from the next server. ${otherPath}` },
  {
    code: 503,
    phrase: "Service Unavailable",
    says: "The receiver is overloaded or closed. The unit leaves it out for as long as Retry-After says, for lower kinds most of all, and tries the others.",
  },
  { code: 504, phrase: "Server Time-out", says: `A proxy got no answer from the next server. ${otherPath}` },
  { code: 600, phrase: "Busy Everywhere", says: "The person called is engaged on every telephone." },
  { code: 603, phrase: "Decline", says: "The call is refused; a unit says so to callers that it does not know." },
];
