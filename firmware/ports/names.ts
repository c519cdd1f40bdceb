/** A name service, the host's own or a modem's: what stands behind the name of a receiver (RFC 1035, RFC 2782, RFC 3596). */
import type { NameAnswer, NameQuestion } from "../sip/name-answer.ts";

export type { NameAnswer, NameQuestion, Service } from "../sip/name-answer.ts";

/** `onAnswer` is called once or never, and never from inside; undefined: no server answers, or this host has no such question. */
export type LookUp = (question: NameQuestion, onAnswer: (answer: NameAnswer | undefined) => void) => void;
