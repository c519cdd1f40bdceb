/** What `livlina load --json` prints. */
import { z } from "zod";
import type { LoadResult } from "../load/load-result.ts";
import type { LoadSecond } from "../load/tally.ts";
import { type Answers, answerOf, count, ms } from "./answer.ts";

const waits = z.strictObject({ count, medianMs: ms, p90Ms: ms, p99Ms: ms, mostMs: ms });
const sums = {
  sent: count.describe("New messages."),
  again: count.describe("Copies, because no answer had come; of firmware, further tries."),
  carried: count.describe("Answered 200 by SIP."),
  accepted: count.describe("By an mrs with snu 0."),
  refused: count,
  lost: count,
  unsent: count.describe("Due, and held back because too many were open."),
  carriedIn: waits,
  acceptedIn: waits,
};
const second = answerOf<LoadSecond>()(z.strictObject({ second: count, ...sums }));
const step = z.strictObject({ rate: z.number(), offeredRate: z.number(), tookMs: ms, ...sums });

export const loadAnswers: Answers = {
  load: answerOf<LoadResult>()(
    z.strictObject({
      profile: z.string(),
      units: count,
      to: z.string(),
      interrupted: z.boolean(),
      cleanRate: z.number().nullable().describe("Of a search: messages a second; 0 where no rate was clean."),
      limit: z.enum(["receiver", "sender", "last-rate", "stopped"]).nullable(),
      steps: z.array(step),
      seconds: z.array(second).describe("Of the last rate."),
    }),
  ),
};
