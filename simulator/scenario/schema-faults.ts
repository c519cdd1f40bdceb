/** The keys of what goes wrong: which object, how, from when to when. */
import { z } from "zod";
import { receiverModes } from "../peers/receiver-modes.ts";
import { broadbandFaults, mobileFaults } from "./fault.ts";
import { duration, instant, name, share, word } from "./schema-parts.ts";

const window = {
  from: instant().describe("When it begins."),
  to: instant().describe("When it ends; left out: it lasts to the end of the run.").optional(),
};
const fault = <const T extends readonly string[]>(words: T, more: string) =>
  word(words).describe(
    `down: no link, and the unit can see it. no-data: the link looks well and carries nothing. slow, lossy. gone: down for good.${more}`,
  );
const mobileFault = () =>
  fault(
    mobileFaults,
    " denied: modems are turned away. stale-sessions: what was connected carries nothing, what connects anew does.",
  );
const link = {
  ...window,
  delay: duration().describe("For slow: added to each datagram one way, 2s unless said.").optional(),
  loss: share().describe("For lossy: in place of the usual loss, 30 % unless said.").optional(),
};
const receiverFault = z.strictObject({
  ...window,
  receiver: name().describe("The receiver that fails."),
  fault: word(receiverModes).describe("What it does meanwhile; the modes of `livlina receiver --mode`."),
  over: word(["mobile", "broadband"])
    .describe("Only those that ask over this route meet it, as with a fault on the way; left out: everybody.")
    .optional(),
});
const operatorFault = z.strictObject({
  operator: name().describe("The operator that fails, with all its cells."),
  ...link,
  fault: mobileFault(),
});
const cellFault = z.strictObject({ cell: name().describe("The cell that fails."), ...link, fault: mobileFault() });
const broadbandFault = z.strictObject({
  broadband: name().describe("The provider that fails."),
  ...link,
  fault: fault(
    broadbandFaults,
    " no-address: a link, and no address for it. no-names: host names cannot be looked up.",
  ),
});

const powerFault = z.strictObject({
  ...window,
  power: name().describe("The power area that fails."),
  fault: word(["off"]).describe("off: no mains. Units live on their batteries, and broadband routers are dead."),
});

export const anyFault = z.union([receiverFault, operatorFault, cellFault, broadbandFault, powerFault]);
