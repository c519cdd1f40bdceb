/**
 * The vocabulary of scenario files: every key, what it means and which values it takes. The JSON Schema for editors is
 * made from this table, so the two cannot differ. Closed: a key that is not here is an error.
 */
import { z } from "zod";
import { relativeLimit } from "../../firmware/voice/voice-settings.ts";
import { type VoiceMode, voiceModes } from "../peers/operator-modes.ts";
import { receiverModes } from "../peers/receiver-modes.ts";
import { broadbandFaults, holds, keyNames, mobileFaults, routePolicies, telephones } from "./scenario.ts";
import {
  clockPattern,
  durationPattern,
  hoursPattern,
  sharePattern,
  spanPattern,
  startPattern,
} from "./scenario-units.ts";

const namePattern = /^[\p{Ll}\p{N}][\p{Ll}\p{N}-]{0,39}$/u;
const instantPattern = new RegExp(`${durationPattern.source}|${clockPattern.source}`);
const hostNamePattern = /^[a-z][a-z0-9-]{0,30}(?:\.[a-z][a-z0-9-]{0,30}){1,4}$/;
const tnuPattern = /^(?:gsm|sip|sip-pp):[!-~]{0,60}$/;
const numberPattern = /^\+?\d{3,15}$/;
const hostPattern = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;

/** A text of one kind; the same sentence serves as documentation and as the error. */
function text(pattern: RegExp, expected: string) {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}
function whole(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}
function prose(most: number) {
  const error = `text of at most ${most} characters`;
  return z.string({ error }).min(1, { error }).max(most, { error });
}
function list<T extends z.ZodType>(of: T, least: number, most: number) {
  const error = `a list of ${least} to ${most} entries`;
  return z.array(of, { error }).min(least, { error }).max(most, { error });
}
function word<const T extends readonly string[]>(words: T) {
  return z.enum(words, { error: `one of ${words.join(", ")}` });
}

const name = () => text(namePattern, "a name in small letters, digits and hyphens");
const duration = () => text(durationPattern, 'a time with its unit, such as "300ms", "5m" or "12h"');
const span = () => text(spanPattern, 'a time or a span of times, such as "300ms" or "200ms to 1.5s"');
const share = () => text(sharePattern, 'a share such as "10 %"');
const telephoneNumber = () => text(numberPattern, 'a telephone number such as "+4670123456"');
const instant = () =>
  text(instantPattern, 'a time since the start with its unit, such as "5m", or a time of day such as "08:00"');

const call = z.strictObject({
  mre: whole(0, 3).describe("0: no call, 1: both speak, 2: the centre listens, 3: the centre speaks."),
  cre: whole(1, 62)
    .describe("1 to 60: the centre calls within so many minutes; 61, if not said: the unit calls; 62: it calls `tnu`.")
    .optional(),
  tnu: list(text(tnuPattern, 'a medium and an address such as "gsm:+4686001"'), 0, 4)
    .describe("Where to call.")
    .optional(),
});

const operators = z.strictObject({
  count: whole(1, 1_000)
    .describe("How many speak at once over SIP, and how many over mobile; 1 unless said.")
    .optional(),
  voice: word(voiceModes as readonly [VoiceMode, ...VoiceMode[]])
    .describe("How they treat calls; the voice modes of `livlina receiver`, answers unless said.")
    .optional(),
  talk: duration().describe("How long they speak with somebody, 20s unless said.").optional(),
});

const receiver = z
  .strictObject({
    host: text(hostPattern, "an IPv4 address")
      .describe("Own address; receivers with one address share a host. One host each unless said.")
      .optional(),
    port: whole(1, 65_535).describe("UDP port of its SIP address, 5060 unless said.").optional(),
    latency: span().describe("From the arrival of an alarm to its answer, 200ms to 1.5s unless said.").optional(),
    mode: word(receiverModes)
      .describe("What it does with messages when no fault is on it, normal unless said.")
      .optional(),
    transport: word(["udp", "tcp", "tls"])
      .describe("How units over broadband reach it, udp unless said; over mobile they use udp.")
      .optional(),
    "host-name": text(hostNamePattern, "a host name such as larm.example")
      .describe("The name that units know it by; left out: they know its address.")
      .optional(),
    certificate: word(["good", "expired", "foreign"])
      .describe("What it shows under tls, good unless said. foreign: signed by nobody whom units trust.")
      .optional(),
    digest: z
      .boolean({ error: "true or false" })
      .describe("Whether it asks for a password (SIP digest), true unless said.")
      .optional(),
    call: call.describe("The call that it asks for with each acceptance; left out: none.").optional(),
    operators: operators.describe("People who speak with units; left out: nobody takes a call.").optional(),
  })
  .nullable();

const operator = z
  .strictObject({
    generation: word(["2g", "3g", "4g"]).describe("Radio generation, 4g unless said.").optional(),
    delay: span().describe("One way, 40ms to 400ms unless said.").optional(),
    loss: share().describe("Datagrams lost, 1 % unless said.").optional(),
  })
  .nullable();

const cell = z.strictObject({
  operator: name().describe("The operator that this cell belongs to."),
  signal: whole(0, 31).describe("Signal as a modem's AT+CSQ tells it, 20 unless said.").optional(),
});

const broadband = z
  .strictObject({
    delay: span().describe("One way, 10ms to 40ms unless said.").optional(),
    loss: share().describe("Datagrams lost, 0 % unless said.").optional(),
  })
  .nullable();

const powerArea = z.strictObject({}).nullable();

const world = z.strictObject({
  radio: z
    .strictObject({
      loss: share().describe("Frames between button and unit that are lost, 10 % unless said.").optional(),
    })
    .describe("The radio between wrist buttons and units.")
    .optional(),
  receivers: z.record(name(), receiver, { error: "receivers by name" }).describe("Alarm receivers by name."),
  operators: z
    .record(name(), operator, { error: "operators by name" })
    .describe("Mobile operators by name.")
    .optional(),
  cells: z.record(name(), cell, { error: "cells by name" }).describe("Mobile cells by name.").optional(),
  broadband: z
    .record(name(), broadband, { error: "providers by name" })
    .describe("Broadband providers by name.")
    .optional(),
  power: z
    .record(name(), powerArea, { error: "power areas by name" })
    .describe("Areas whose mains goes and comes as one, by name.")
    .optional(),
});

const group = z.strictObject({
  name: name().describe(
    "Name of the group, and of its unit where there is only one; else units are called name-001, name-002 ...",
  ),
  count: whole(1, 100_000).describe("How many units."),
  provider: prose(80)
    .describe("Who looks after these people, for the call-and-visit list; the group's name unless said.")
    .optional(),
  policy: word(routePolicies).describe("Which route is used first, mobile-first unless said.").optional(),
  mobile: name().describe("Operator or cell that the units use; left out: no mobile route.").optional(),
  broadband: name().describe("Broadband provider; left out: no broadband route.").optional(),
  power: name()
    .describe("Power area of the units and of their broadband routers; left out: their mains never goes.")
    .optional(),
  receivers: list(name(), 1, 2).describe("Receivers, first choice first."),
  buttons: whole(1, 32).describe("Wrist buttons of each unit, 1 unless said.").optional(),
  telephone: word(telephones).describe("What the units call and are called over, none unless said.").optional(),
  "mobile-calls": word(["instead-of-data", "beside-data"])
    .describe("Whether a call over mobile stops its data, instead-of-data unless said.")
    .optional(),
  "fallback-number": telephoneNumber().describe("Called where no receiver accepts.").optional(),
  relatives: list(telephoneNumber(), 1, relativeLimit)
    .describe("Called in turn after it, until one of them presses 0.")
    .optional(),
});

const wearers = z.strictObject({
  "presses-per-unit-and-day": z
    .number({ error: "a number from 0 to 200" })
    .min(0, { error: "a number from 0 to 200" })
    .max(200, { error: "a number from 0 to 200" })
    .describe("Mean number of presses of one unit in a day. All of them fall into the hours below."),
  hours: text(hoursPattern, 'hours of the day such as "06:00-22:00"')
    .describe("Local time, 00:00-24:00 unless said.")
    .optional(),
});

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

const whichButton = {
  at: instant().describe("When."),
  button: whole(1, 32).describe("Which of its buttons, 1 unless said.").optional(),
};
const pressStep = z.strictObject({ press: name().describe("The unit whose button is pressed."), ...whichButton });
const keyStep = z.strictObject({
  at: instant().describe("When."),
  key: word(keyNames).describe("The key on the unit itself that is pressed."),
  unit: name().describe("The unit."),
  held: word(holds).describe("Whether it is pressed or held on; short unless said.").optional(),
});
const buttonBatteryStep = z.strictObject({
  "button-battery": name().describe("The unit one of whose buttons gets a new battery."),
  ...whichButton,
});

const percentileExpected = "a percentile above 0 and up to 100";
const count = () => whole(0, 1_000_000);
const alarms = z.strictObject({
  alarms: word(["all", "with-second-receiver", "without-second-receiver"]).describe("Which alarms this speaks of."),
  group: name().describe("Only of this group of the fleet.").optional(),
  pressed: word(["any-time", "during-faults", "outside-faults"])
    .describe("Only those pressed while a fault was on, or only the others; any-time unless said.")
    .optional(),
  percentile: z
    .number({ error: percentileExpected })
    .gt(0, { error: percentileExpected })
    .max(100, { error: percentileExpected })
    .describe("Share of these alarms that must keep the limit, 100 (all of them) unless said.")
    .optional(),
  "accepted-within": duration().describe("From the press to the receiver's acceptance.").optional(),
  "accepted-after-repair-within": duration()
    .describe("The same, but counted from the end of the fault for those pressed during one.")
    .optional(),
  "told-within": duration().describe("The wearer of an alarm not accepted by then has been told so.").optional(),
  route: word(["mobile", "broadband"]).describe("The route over which they were accepted.").optional(),
  "count-at-least": count().describe("So many such alarms at least.").optional(),
  "count-at-most": count().describe("So many such alarms at most.").optional(),
});
const noticed = {
  "suspected-within": duration()
    .describe("From the start of each of its faults to the monitor's suspicion.")
    .optional(),
  "closed-within": duration().describe("From the end of each of its faults to the monitor's closing note.").optional(),
};
const expectations = [
  alarms,
  z.strictObject({ lost: count().describe("Alarms heard by a unit and neither accepted nor pending.") }),
  z.strictObject({ "falsely-accepted": count().describe("Alarms shown as accepted that no receiver accepted.") }),
  z.strictObject({ "pending-at-end": count().describe("Alarms not accepted when the run ends, at most.") }),
  z.strictObject({
    "cases-per-alarm": whole(1, 10).describe("Cases that each accepted alarm leaves at the receivers."),
  }),
  z.strictObject({ "suspicions-at-most": count().describe("Times that the monitor suspects anything.") }),
  z.strictObject({ receiver: name().describe("A receiver."), ...noticed }),
  z.strictObject({ operator: name().describe("An operator."), ...noticed }),
  z.strictObject({ broadband: name().describe("A broadband provider."), ...noticed }),
] as const;

export const scenarioSchema = z
  .strictObject({
    $schema: z.string().describe("Where editors find this schema.").optional(),
    name: prose(80).describe("Name of the story; also the name of the report's folder."),
    question: prose(500).describe("What the run shall answer, one sentence.").optional(),
    source: prose(500).describe("Where the story comes from.").optional(),
    starts: text(startPattern, 'a date and time such as "2026-01-14 06:00"')
      .describe("Swedish local time at which the run begins, 2026-01-14 06:00 unless said.")
      .optional(),
    duration: duration().describe("How long the run lasts in virtual time, at most 400d."),
    world: world.describe("Everything outside the units."),
    fleet: list(group, 1, 1_000).describe("The units, in groups that are set up alike."),
    wearers: wearers.describe("People who press at chance. Left out: only the timeline presses.").optional(),
    faults: list(z.union([receiverFault, operatorFault, cellFault, broadbandFault, powerFault]), 0, 1_000)
      .describe("What goes wrong, and when. Faults of one object may not overlap.")
      .optional(),
    timeline: list(z.union([pressStep, keyStep, buttonBatteryStep]), 0, 10_000)
      .describe("What people do at given times.")
      .optional(),
    expect: list(z.union(expectations), 0, 200)
      .describe("What must hold. No alarm lost, none falsely accepted and no duplicate case are checked in every run.")
      .optional(),
  })
  .describe("A Livlina scenario.");

/** A scenario file as written. */
export type ScenarioFile = z.infer<typeof scenarioSchema>;

/** JSON Schema (draft 2020-12) of scenario files, for editors and other programs. */
export function scenarioJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(scenarioSchema, { io: "input" });
  return { $schema, title: "Livlina scenario", ...rest };
}
