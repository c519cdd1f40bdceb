/** The keys of what goes wrong: which object, how, from when to when. */
import { z } from "zod";
import { receiverModes } from "../peers/receiver-modes.ts";
import { broadbandFaults, generations, mobileFaults } from "./fault.ts";
import { clockErrorPattern } from "./scenario-units.ts";
import { duration, instant, list, name, share, text, word } from "./schema-parts.ts";
import { rate } from "./schema-receiver.ts";
import { groupFault, unitFault } from "./schema-unit-faults.ts";
import { strangerFault } from "./stranger-fault.ts";

const window = {
  from: instant().describe("When it begins."),
  to: instant().describe("When it ends; left out: it lasts to the end of the run.").optional(),
  every: duration()
    .describe("It comes again and again in that time, so long from one beginning to the next.")
    .optional(),
  on: duration().describe("With `every`: how long it lasts each time.").optional(),
};
const some = {
  share: share()
    .describe("It hits this share of the units there, 100 % unless said; the same ones each time.")
    .optional(),
};
/** One object, or several that fail as one. */
const names = (what: string) => z.union([name(), list(name(), 1, 100)]).describe(`${what}, or a list of several.`);
const fault = <const T extends readonly string[]>(words: T, more: string) =>
  word(words).describe(
    `down: no link, and the unit can see it. no-data: the link looks well and carries nothing. slow, lossy; congested: both. gone: down for good.${more}`,
  );
const mobileFault = () =>
  fault(
    mobileFaults,
    " denied: modems are turned away. stale-sessions: what was connected carries nothing, what connects anew does. wrong-time: it tells another time.",
  );
const link = {
  ...window,
  ...some,
  delay: duration()
    .describe("For slow (2s unless said) and congested (3s): added to each datagram one way.")
    .optional(),
  loss: share().describe("For lossy (30 % unless said) and congested (20 %): in place of the usual loss.").optional(),
};
const mobileLink = {
  ...link,
  clock: text(clockErrorPattern, 'a time such as "1h ahead" or "30s behind"')
    .describe("For wrong-time: how far its clock is off, 1h ahead unless said.")
    .optional(),
  fault: mobileFault(),
};
const receiverFault = z.strictObject({
  ...window,
  ...some,
  receiver: names("The receiver that fails"),
  fault: word(receiverModes).describe("What it does meanwhile; the modes of `livlina receiver --mode`."),
  over: word(["mobile", "broadband"])
    .describe("Only those that ask over this route meet it, as with a fault on the way; left out: everybody.")
    .optional(),
});
const loadFault = z.strictObject({
  ...window,
  receiver: names("The receiver whose application is loaded"),
  fault: word(["loaded"]).describe("loaded: its application handles fewer messages; its queue is that of `capacity`."),
  "messages-per-second": rate().describe("How many it handles meanwhile, 1 unless said.").optional(),
});
const operatorFault = z.strictObject({
  operator: names("The operator that fails, with all its cells"),
  generation: word(generations)
    .describe("Only this generation of it; with `fault: gone` it is closed down. Left out: all.")
    .optional(),
  ...mobileLink,
});
const cellFault = z.strictObject({ cell: names("The cell that fails"), ...mobileLink });
const broadbandFault = z.strictObject({
  broadband: names("The provider that fails"),
  ...link,
  fault: fault(
    broadbandFaults,
    " no-address: a link, and no address for it. no-names: host names cannot be looked up.",
  ),
});

const powerFault = z.strictObject({
  ...window,
  ...some,
  power: names("The power area that fails"),
  fault: word(["off"]).describe(
    "off: no mains. Units, and what has a battery, live on it; other routers, cells and providers there are dead.",
  ),
});

const buildingFault = z.strictObject({
  ...window,
  building: names("The building, or the home that stands alone, whose air is disturbed"),
  fault: word(["jammed"]).describe("jammed: a foreign transmitter drowns buttons and units."),
  loss: share().describe("Packets that it destroys, 100 % unless said.").optional(),
});

export const anyFault = z.union([
  receiverFault,
  operatorFault,
  cellFault,
  broadbandFault,
  powerFault,
  buildingFault,
  loadFault,
  unitFault,
  groupFault,
  strangerFault,
]);
