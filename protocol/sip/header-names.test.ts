import { expect, test } from "vitest";
import { canonicalName } from "./header-names.ts";

const pairs =
  "a Accept-Contact,b Referred-By,c Content-Type,d Request-Disposition,e Content-Encoding,f From,i Call-ID,j Reject-Contact," +
  "k Supported,l Content-Length,m Contact,n Identity-Info,o Event,r Refer-To,s Subject,t To,u Allow-Events,v Via," +
  "x Session-Expires,y Identity";

test("every compact form, in either case, stands for its long name", () => {
  for (const pair of pairs.split(",")) {
    const [compact = "", long = ""] = pair.split(" ");
    expect([canonicalName(compact), canonicalName(compact.toUpperCase())]).toEqual([long, long]);
    expect([canonicalName(long.toLowerCase()), canonicalName(long.toUpperCase())]).toEqual([long, long]);
  }
});

test("a known name gets the spelling of its RFC, an unknown one stays as it is", () => {
  for (const name of [
    "CSeq",
    "WWW-Authenticate",
    "Proxy-Authenticate",
    "MIME-Version",
    "SIP-ETag",
    "SIP-If-Match",
    "RAck",
    "RSeq",
    "Retry-After",
    "To",
  ])
    expect(canonicalName(name.toLowerCase())).toBe(name);
  for (const name of ["x-own", "z", "", "-", "constructor"]) expect(canonicalName(name)).toBe(name);
});
