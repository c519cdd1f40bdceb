/** Which requests belong to calls: an agent of messages hands them on to a telephone. */

/** The methods of a dialog that an INVITE opens (RFC 3261 13 to 15, RFC 3262, RFC 3311, RFC 6086). */
export function isOfCalls(method: string): boolean {
  switch (method) {
    case "INVITE":
    case "ACK":
    case "BYE":
    case "CANCEL":
    case "INFO":
    case "PRACK":
    case "UPDATE":
      return true;
    default:
      return false;
  }
}
