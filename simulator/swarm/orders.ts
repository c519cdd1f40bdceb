/** What the pool and its worker processes say to each other: plain objects over the channel of `node:child_process`. */
import type { Outcome } from "./play-story.ts";
import type { Shrunk } from "./shrink.ts";

export type Order =
  | {
      readonly type: "play";
      readonly seeds: readonly number[];
      /** Where each run leaves its report, in a folder named by its seed; undefined: nowhere. */
      readonly reports: string | undefined;
    }
  | { readonly type: "shrink"; readonly seed: number; readonly runs: number };

export type Word =
  | { readonly type: "played"; readonly outcome: Outcome }
  /** All seeds of the order were played. */
  | { readonly type: "ready" }
  | { readonly type: "shrunk"; readonly shrunk: Shrunk }
  /** A mistake of the swarm itself, or a folder that cannot be written. */
  | { readonly type: "failed"; readonly text: string };
