/** What a receiver does with what it hears, well or badly, so that every kind of fault on the far side can be played. */
import type { GateManner } from "./receiver-digest.ts";

/** How the SIP front treats a request. `deaf`: nothing is heard at all. `mute`: heard, nothing is answered. */
type Front = "answers" | "mute" | "deaf";

/** What the application behind the front does with a request that the front has carried. */
type Application =
  /** It answers each request with an `mrs`. */
  | "answers"
  /** Nothing reaches it: no case is opened, no `mrs` comes. */
  | "silent"
  /** As silent, and with the first request that is carried the whole receiver goes down. */
  | "dies";

export interface ModeRules {
  readonly front: Front;
  /** SIP status that every MESSAGE and OPTIONS is refused with; 0: none. */
  readonly refusal: number;
  readonly application: Application;
  /** `snu` of a request that opens something new, SS 91100 table 2. */
  readonly snu: number;
  /** Whether `snu` also meets `IN`, `RE` and `PI`; otherwise those get 0. */
  readonly snuForAll: boolean;
  /** How long the `mrs` is held back, in ms; undefined: the receiver's own latency. */
  readonly delayMs: number | undefined;
  /** The ref of the `mrs`: as it was sent, one that nobody sent, or as it was sent and a character more. */
  readonly ref: "sent" | "another" | "longer";
  /** Whether an alarm that says more than it must is refused by `mrs` 3. */
  readonly leastOnly: boolean;
  /** What its gate makes of credentials, where it asks for any. */
  readonly gate: GateManner;
  /** How many times the `mrs` is sent, each time in a MESSAGE of its own. */
  readonly copies: number;
}

const usual: ModeRules = {
  front: "answers",
  refusal: 0,
  application: "answers",
  snu: 0,
  snuForAll: false,
  delayMs: undefined,
  ref: "sent",
  leastOnly: false,
  gate: "judges",
  copies: 1,
};

/**
 * | mode             | SIP                   | application                                                     |
 * |------------------|-----------------------|-----------------------------------------------------------------|
 * | normal           | 200                   | `mrs` 0 after the receiver's latency                            |
 * | slow             | 200                   | `mrs` 0 after 9 s                                               |
 * | silent-open      | heard, never answered | nothing reaches it                                              |
 * | silent-after-200 | 200                   | nothing reaches it: the server fault of Staffanstorp            |
 * | reject           | 200                   | `mrs` 5 (not treated), also to `IN`, `RE` and `PI`; no case     |
 * | busy             | 200                   | `mrs` 6, also to `IN`, `RE` and `PI`                            |
 * | hold             | 200                   | `mrs` 4 to every new alarm and poll; `IN`, `RE` and `PI` get 0  |
 * | wrong-ref        | 200                   | `mrs` 0 with another ref than was sent; no case                 |
 * | duplicate        | 200                   | the `mrs` twice, 1 s apart                                      |
 * | late             | 200                   | `mrs` 0 after 25 s                                              |
 * | refuse-connect   | nothing is heard (over UDP the port looks closed) | -                                   |
 * | dies             | 200 once, then as refuse-connect until the mode is set anew | nothing reaches it        |
 * | sip-403          | 403                   | nothing reaches it                                              |
 * | sip-500          | 500                   | nothing reaches it                                              |
 * | sip-503          | 503 with Retry-After  | nothing reaches it                                              |
 * | longer-ref       | 200                   | `mrs` 0 with the ref that was sent and a character more; no case |
 * | unknown-snu      | 200                   | `mrs` 42, which no table holds, also to `IN`, `RE` and `PI`     |
 * | least-only       | 200                   | `mrs` 3 to an alarm that says more than it must, else as normal |
 * | stale-nonces     | 401, stale, then 200  | `mrs` 0; the first nonce that a request is given is never good  |
 * | password-changed | 401 to all credentials | nothing reaches it                                             |
 *
 * An alarm that was accepted keeps its answer in every mode whose application answers.
 */
const rules = {
  normal: usual,
  slow: { ...usual, delayMs: 9_000 },
  "silent-open": { ...usual, front: "mute", application: "silent" },
  "silent-after-200": { ...usual, application: "silent" },
  reject: { ...usual, snu: 5, snuForAll: true },
  busy: { ...usual, snu: 6, snuForAll: true },
  hold: { ...usual, snu: 4 },
  "wrong-ref": { ...usual, ref: "another" },
  duplicate: { ...usual, copies: 2 },
  late: { ...usual, delayMs: 25_000 },
  "refuse-connect": { ...usual, front: "deaf", application: "silent" },
  dies: { ...usual, application: "dies" },
  "sip-403": { ...usual, refusal: 403, application: "silent" },
  "sip-500": { ...usual, refusal: 500, application: "silent" },
  "sip-503": { ...usual, refusal: 503, application: "silent" },
  "longer-ref": { ...usual, ref: "longer" },
  "unknown-snu": { ...usual, snu: 42, snuForAll: true },
  "least-only": { ...usual, leastOnly: true },
  "stale-nonces": { ...usual, gate: "calls-stale" },
  "password-changed": { ...usual, gate: "refuses" },
} as const satisfies Record<string, ModeRules>;

export type ReceiverMode = keyof typeof rules;

export const receiverModes = Object.keys(rules) as readonly ReceiverMode[];

/** Between the copies of mode `duplicate`. */
export const copyAfterMs = 1_000;

export function rulesOf(mode: ReceiverMode): ModeRules {
  return rules[mode];
}

export function isReceiverMode(text: string): text is ReceiverMode {
  return Object.hasOwn(rules, text);
}
