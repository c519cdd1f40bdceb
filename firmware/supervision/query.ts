/** The answer to "does it work?", asked by a key: what has been proven end to end, in one phrase. */
import type { PhraseName } from "../feedback/phrases.ts";

export interface QueryFacts {
  /** What the beats prove, route by route and receiver by receiver. */
  readonly links: "ready" | "one-path-lost" | "no-path";
  /** Whether a receiver has accepted anything of this life of the unit. */
  readonly proven: boolean;
  readonly fault: boolean;
}

/** The gravest thing that is true: nobody is told that it works because of something that worked yesterday. */
export function answerOf(facts: QueryFacts): PhraseName {
  if (facts.links === "no-path") return "works-not";
  if (!facts.proven) return "not-proven";
  if (facts.fault) return "works-with-fault";
  return facts.links === "one-path-lost" ? "works-with-one-path" : "works";
}
