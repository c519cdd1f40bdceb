/** The keys of a scenario's world: receivers, mobile networks, broadband, power. */
import { z } from "zod";
import { type VoiceMode, voiceModes } from "../peers/operator-modes.ts";
import { receiverModes } from "../peers/receiver-modes.ts";
import { generations } from "./fault.ts";
import { networkTimePattern } from "./scenario-units.ts";
import { duration, list, name, share, span, text, whole, word } from "./schema-parts.ts";
import { capacity, shifts } from "./schema-receiver.ts";

const hostNamePattern = /^[a-z][a-z0-9-]{0,30}(?:\.[a-z][a-z0-9-]{0,30}){1,4}$/;
const tnuPattern = /^(?:gsm|sip|sip-pp):[!-~]{0,60}$/;
const hostPattern = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;

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
  shifts: shifts.describe("Other numbers of them at some hours of the day.").optional(),
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
    heartbeat: duration()
      .describe("How often units are to prove their path, whole minutes from 1m to 24h; left out: each by itself, 3m.")
      .optional(),
    capacity: capacity.describe("What the application behind its front can do; left out: whatever comes.").optional(),
    call: call.describe("The call that it asks for with each acceptance; left out: none.").optional(),
    operators: operators.describe("People who speak with units; left out: nobody takes a call.").optional(),
  })
  .nullable();

const mains = {
  power: name().describe("The power area that it has its mains from; left out: it never goes.").optional(),
  battery: duration().describe("How long it lives on its battery after a cut, 0s unless said.").optional(),
  "generator-after": duration()
    .describe("A generator has taken over so long after a cut; left out: none comes.")
    .optional(),
};
const ownGenerations = () => list(word(generations), 1, generations.length);

const operator = z
  .strictObject({
    generation: word(generations).describe("Radio generation, 4g unless said.").optional(),
    generations: ownGenerations().describe("Several of them, in place of `generation`.").optional(),
    delay: span().describe("One way, 40ms to 400ms unless said.").optional(),
    loss: share().describe("Datagrams lost, 1 % unless said.").optional(),
    "network-time": text(networkTimePattern, 'right, none, or a time such as "1h ahead"')
      .describe("The time that it tells to modems (NITZ), right unless said.")
      .optional(),
  })
  .nullable();

const cell = z.strictObject({
  operator: name().describe("The operator that this cell belongs to."),
  signal: whole(0, 31).describe("Signal as a modem's AT+CSQ tells it, 20 unless said.").optional(),
  generations: ownGenerations().describe("What it runs; what its operator runs unless said.").optional(),
  capacity: whole(1, 100_000)
    .describe("Datagrams a second, both ways together; more wait for up to 5 s and are then lost. Left out: no limit.")
    .optional(),
  ...mains,
});

const broadband = z
  .strictObject({
    delay: span().describe("One way, 10ms to 40ms unless said.").optional(),
    loss: share().describe("Datagrams lost, 0 % unless said.").optional(),
    "router-start": span()
      .describe("After a cut each home's router needs so long to carry again, 0s unless said.")
      .optional(),
    uplink: name()
      .describe("For SIM routers: the operator or cell behind them. Without it they show a link that carries nothing.")
      .optional(),
    ...mains,
  })
  .nullable();

const powerArea = z.strictObject({}).nullable();

export const world = z.strictObject({
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
