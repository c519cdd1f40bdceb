/** What the dashboard's server shows: a town that is played, or one that lives elsewhere and is only watched. */
import type { Frame, Order, Story } from "./messages.ts";

export interface View {
  readonly story: Story;
  /** How things are now; `whole`: everything, for somebody who has seen nothing yet. Else what has changed since the frame before. */
  frame(whole: boolean): Frame;
  /** Follows an order; the answer is the path of what was saved, if it was. Throws RefusedError with the reason for people to read. */
  follow(order: Order): string | undefined;
  /** Nothing goes on any more. */
  close(): void;
}

/** Why an order is not followed, for people to read. */
export class RefusedError extends Error {}
