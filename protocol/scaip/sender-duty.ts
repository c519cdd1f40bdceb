/** What a sender does upon each status number of a response (SS 91100 table 2 and 4.1 to 4.4). */

/**
 * `accepted`: done, the call may start · `hold`: the same bytes again after 5 to 20 s, for 3 to 30 min (times seen only in the
 * bought standard) · `not-treated`: the session is over, next receiver · `busy`: the session is over, next receiver now and
 * this one later · `refused`: the message itself was not liked; never the same bytes again, next receiver (our choice, the
 * sources say nothing).
 */
export type SenderDuty = "accepted" | "hold" | "not-treated" | "busy" | "refused";

/** The duty that `snu` brings; a number that no table holds is taken as the undefined error, 99. */
export function senderDuty(snu: number): SenderDuty {
  switch (snu) {
    case 0:
      return "accepted";
    case 4:
      return "hold";
    case 5:
      return "not-treated";
    case 6:
      return "busy";
    default:
      return "refused";
  }
}
