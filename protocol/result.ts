/** What a decoder answers: the value, or what was wrong and where. A decoder never throws. */

export type Fault =
  /** The bytes end too early; `at` is the offset where more was expected. */
  | { readonly kind: "truncated"; readonly at: number }
  /** More bytes, elements or levels than `limit` allows. */
  | { readonly kind: "too-long"; readonly at: number; readonly what: string; readonly limit: number }
  /** A field holds a value that its table does not list. */
  | { readonly kind: "unknown-value"; readonly at: number; readonly field: string; readonly value: number | string }
  /** A mandatory field is not there. */
  | { readonly kind: "missing"; readonly at: number; readonly field: string }
  /** The shape itself is wrong: `what` says which rule is broken. */
  | { readonly kind: "malformed"; readonly at: number; readonly what: string }
  /** A checksum, tag or signature does not fit. */
  | { readonly kind: "not-authentic"; readonly at: number; readonly what: string };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function bad<T>(fault: Fault): Result<T> {
  return { ok: false, fault };
}

/** One line for people: what was wrong and at which byte. */
export function faultText(fault: Fault): string {
  const where = " at byte " + fault.at;
  switch (fault.kind) {
    case "truncated":
      return "the message ends too early" + where;
    case "too-long":
      return fault.what + " is longer than " + fault.limit + where;
    case "unknown-value":
      return fault.field + " has the unknown value " + fault.value + where;
    case "missing":
      return fault.field + " is missing" + where;
    case "malformed":
      return fault.what + where;
    case "not-authentic":
      return fault.what + " does not fit" + where;
  }
}
