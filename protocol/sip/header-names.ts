/** Header names: compact forms and any mix of cases to the one spelling that we write (RFC 3261 7.3.3 and 20, and the IANA list). */

/** The long name in the spelling of its RFC, or `name` itself where it is not known. */
export function canonicalName(name: string): string {
  switch (name) {
    case "Via":
    case "From":
    case "To":
    case "Call-ID":
    case "CSeq":
    case "Max-Forwards":
    case "Content-Type":
    case "Content-Length":
    case "Authorization":
    case "WWW-Authenticate":
    case "Contact":
    case "Allow":
    case "Accept":
    case "Date":
    case "User-Agent":
    case "Server":
      return name;
  }
  return name.length === 1 ? longName(name) : spelled(name);
}

function longName(compact: string): string {
  switch (compact.toLowerCase()) {
    case "a":
      return "Accept-Contact";
    case "b":
      return "Referred-By";
    case "c":
      return "Content-Type";
    case "d":
      return "Request-Disposition";
    case "e":
      return "Content-Encoding";
    case "f":
      return "From";
    case "i":
      return "Call-ID";
    case "j":
      return "Reject-Contact";
    case "k":
      return "Supported";
    case "l":
      return "Content-Length";
    case "m":
      return "Contact";
    case "n":
      return "Identity-Info";
    case "o":
      return "Event";
    case "r":
      return "Refer-To";
    case "s":
      return "Subject";
    case "t":
      return "To";
    case "u":
      return "Allow-Events";
    case "v":
      return "Via";
    case "x":
      return "Session-Expires";
    case "y":
      return "Identity";
  }
  return compact;
}

/** Names whose spelling is more than a capital after each hyphen; the rest of the list follows that rule. */
function spelled(name: string): string {
  const lower = name.toLowerCase();
  switch (lower) {
    case "call-id":
      return "Call-ID";
    case "cseq":
      return "CSeq";
    case "www-authenticate":
      return "WWW-Authenticate";
    case "mime-version":
      return "MIME-Version";
    case "rack":
      return "RAck";
    case "rseq":
      return "RSeq";
    case "sip-etag":
      return "SIP-ETag";
    case "sip-if-match":
      return "SIP-If-Match";
  }
  return known.indexOf("," + lower + ",") < 0 ? name : capitalised(lower);
}

function capitalised(lower: string): string {
  let out = "";
  let start = true;
  for (let i = 0; i < lower.length; i++) {
    const letter = lower.charAt(i);
    out += start ? letter.toUpperCase() : letter;
    start = letter === "-";
  }
  return out;
}

const known =
  ",accept,accept-contact,accept-encoding,accept-language,alert-info,allow,allow-events,authentication-info," +
  "authorization,call-info,contact,content-disposition,content-encoding,content-language,content-length,content-type," +
  "date,error-info,event,expires,from,identity,identity-info,in-reply-to,max-forwards,min-expires,organization,path," +
  "priority,privacy,proxy-authenticate,proxy-authentication-info,proxy-authorization,proxy-require,reason,record-route," +
  "refer-to,referred-by,reject-contact,reply-to,request-disposition,require,retry-after,route,server,service-route," +
  "session-expires,subject,subscription-state,supported,timestamp,to,unsupported,user-agent,via,warning,";
