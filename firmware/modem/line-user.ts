/** Whoever uses a modem's line beside the modem's own care: sockets, connections, the telephone, text messages. One exchange at a time is lent. */
import type { Fact } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import type { Answer } from "./at-session.ts";

/** One exchange that somebody wants. */
export interface LineJob {
  readonly user: LineUser;
  readonly exchange: Exchange;
  /** What the prompt asks for; undefined where there is none. */
  readonly payload: Uint8Array | undefined;
}

export interface LineUser {
  /**
   * Whether it is served only while there is a data context. One that needs none, such as the telephone, is served from
   * the registration on, also while the data service is refused.
   */
  readonly needsContext: boolean;
  /** What it wants of the line now; undefined: nothing. The job counts only once `begun` was called. */
  next(): LineJob | undefined;
  /** The job is on the line. */
  begun(job: LineJob): void;
  /** It has ended, well or not. */
  answered(job: LineJob, answer: Answer): void;
  /** No answer came at all. */
  unanswered(job: LineJob): void;
  /** News of the modem, also while a job runs. */
  hear(fact: Fact): void;
  /** A line that says nothing to the modem itself: news of calls and messages, or a part of the answer to the job on the line. */
  hearLine(line: string): void;
  /** The modem can be used from now on, and speaks this dialect. The unit's own address in the data context; "" for one that needs none. */
  begin(address: string, dialect: Dialect): void;
  /** It can be used no longer: registration or context are lost, or the modem is gone. */
  end(): void;
}
