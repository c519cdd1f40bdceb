/** `livlina modem`: a virtual cellular modem on a pseudo-terminal, for our unit and for any program that speaks AT commands. */
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIP } from "node:net";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { dialectOf } from "../../protocol/at/dialects.ts";
import { LiveModem, type ModemNews } from "../../simulator/live/live-modem.ts";
import type { CallVendor } from "../../simulator/peers/modem-call-news.ts";
import { faultWords } from "../../simulator/peers/modem-fault-words.ts";
import { openPty } from "../device/pty.ts";
import { linkPty } from "../device/pty-link.ts";
import { collect, refuseForeign, stopSignal } from "../live-flags.ts";
import { authoritiesOf } from "../tls-flags.ts";
import { unknownChoice } from "../unknown-choice.ts";
import { UserError } from "../user-error.ts";

/** The flags as they were typed. */
export interface ModemFlags {
  readonly dialect: string;
  readonly link: string;
  readonly model?: string;
  readonly number: string;
  readonly pin?: string;
  readonly smsMemory: string;
  readonly answerMs: string;
  readonly address?: string;
  readonly ca?: string;
  readonly fault?: readonly string[];
  readonly allow?: readonly string[];
  readonly json?: boolean;
}

/** The model that stands for each dialect unless another is named. */
const models: Readonly<Record<string, string>> = {
  quectel: "EG95",
  simcom: "SIMCOM_SIM7600E",
  ublox: "SARA-R510S",
};
const dialects = Object.keys(models);
const placesLimit = 255;
/** What each vendor calls a file that the operator has put in. */
const fileNames: Readonly<Record<string, string>> = { quectel: "ca.pem", simcom: "ca.pem", ublox: "ca" };
const exampleLink = "/tmp/livlina-modem";

export function register(program: Command): void {
  const words = faultWords.map(({ word, takes, about }) => `  ${`${word} ${takes}`.padEnd(26)}${about}`);
  program
    .command("modem")
    .description("a virtual cellular modem on a pseudo-terminal; its data leaves by real sockets on loopback")
    .requiredOption("--dialect <dialect>", dialects.join(" | "))
    .requiredOption("--link <path>", `where programs find it, such as ${exampleLink}: a link that goes when it ends`)
    .option("--model <name>", "what it calls itself; a usual one of the dialect unless said")
    .option("--number <number>", "its own telephone number", "+46700000001")
    .option("--pin <digits>", "the PIN that its SIM asks for; none unless said")
    .option("--sms-memory <places>", "places of each memory for texts", "20")
    .option("--answer-ms <least-most>", "how long an answer takes", "20-300")
    .option("--address <address>", "own address of its data; one on loopback for itself unless said")
    .option("--ca <file>", "authorities, in PEM, that it trusts; it finds them as ca.pem, u-blox as ca")
    .option("--fault <words>", "a fault from the start on, as below; may be given again", collect)
    .option("--allow <host>", "address or name beyond loopback that may be used; may be given again", collect)
    .option("--json", "one JSON line per event on stdout")
    .addHelpText(
      "after",
      [
        "",
        "Each line on stdin plants a fault, rings or sends a text:",
        ...words,
        `  ${"ring NUMBER".padEnd(26)}somebody calls it`,
        `  ${"text NUMBER WORDS".padEnd(26)}somebody sends it a text`,
        "",
        "Events with --json: ready, heard, said, text, dropped, port-refused; each has type and t (ms since the start).",
        "",
        "Example:",
        `  livlina modem --dialect quectel --link ${exampleLink} &`,
        `  livlina unit --receiver sip:larm@larm.example --via udp:127.0.0.1:5060 --modem quectel:${exampleLink}`,
        "",
      ].join("\n"),
    )
    .action(run);
}

async function run(flags: ModemFlags): Promise<void> {
  const stopped = stopSignal();
  const plan = await planOf(flags);
  const pty = openPty();
  let unlink = (): void => {};
  try {
    unlink = linkPty(flags.link, pty.path);
    const modem = new LiveModem({ ...plan, openLine: pty.openDevice, onNews: printer(flags.json === true) });
    try {
      for (const line of flags.fault ?? []) plantOrRefuse(modem, line);
      note(`${flags.dialect} modem ${plan.model} at ${flags.link} (${pty.path}), data from ${plan.address}`);
      if (flags.json === true) print({ type: "ready", t: 0, link: flags.link, address: plan.address });
      const input = createInterface({ input: process.stdin });
      input.on("line", (line) => obey(modem, line));
      await stopped;
      input.close();
    } finally {
      modem.close();
    }
  } finally {
    unlink();
    pty.close();
  }
}

/** Throws UserError: 2 for wrong flags, 4 for an address that is not allowed. */
async function planOf(flags: ModemFlags) {
  const { dialect, number } = flags;
  const usual = models[dialect];
  if (usual === undefined) throw unknownChoice("--dialect", dialect, dialects);
  const model = flags.model ?? usual;
  if (dialectOf(model)?.name.startsWith(dialect) !== true)
    throw new UserError(`--model ${model} does not speak ${dialect}`, `such as ${usual}`, 2);
  if (!/^\+\d{4,15}$/.test(number))
    throw new UserError(`--number ${number} is no number with its country's`, "--number +46700000001", 2);
  const pin = flags.pin ?? "";
  if (!/^(\d{4,8})?$/.test(pin)) throw new UserError(`--pin ${pin} is not 4 to 8 digits`, "--pin 1234", 2);
  const places = Number(flags.smsMemory);
  if (!/^\d+$/.test(flags.smsMemory) || places < 1 || places > placesLimit)
    throw new UserError(`--sms-memory ${flags.smsMemory} is not 1 to ${placesLimit}`, "--sms-memory 20", 2);
  const [, least, most] = /^(\d{1,5})-(\d{1,5})$/.exec(flags.answerMs) ?? [];
  const answerMs = { least: Number(least), most: Number(most) };
  if (least === undefined || answerMs.least > answerMs.most)
    throw new UserError(`--answer-ms ${flags.answerMs} is not LEAST-MOST`, "--answer-ms 20-300", 2);
  const allow = flags.allow ?? [];
  const address = await addressOf(flags.address, allow);
  const ca = authoritiesOf("--ca", flags.ca);
  const files = ca === undefined ? [] : [{ name: fileNames[dialect] as string, text: ca }];
  const identity = { vendor: dialect as CallVendor, model, number, pin, places };
  return { ...identity, allow, address, authorities: [], files, pace: { answerMs } };
}

/** One of loopback that nobody else is likely to have, so that every port of it is free; the usual one where there is only that. */
async function addressOf(text: string | undefined, allow: readonly string[]): Promise<string> {
  if (text !== undefined) {
    if (isIP(text) === 0) throw new UserError(`--address ${text} is no address`, "--address 127.0.0.1", 2);
    refuseForeign("--address", text, allow);
    return text;
  }
  const own = `127.${randomInt(64, 127)}.${randomInt(256)}.${randomInt(1, 255)}`;
  const socket = createSocket("udp4");
  try {
    socket.bind(0, own);
    await once(socket, "listening");
    return own;
  } catch {
    return "127.0.0.1"; // Elsewhere than on Linux loopback has this address alone.
  } finally {
    socket.close();
  }
}

function plantOrRefuse(modem: LiveModem, line: string): void {
  const wrong = modem.plant(line);
  if (wrong !== undefined) throw new UserError(`--fault ${line}: ${wrong}`, "livlina modem --help names them", 2);
}

function obey(modem: LiveModem, line: string): void {
  const [word, number, ...rest] = line.trim().split(/\s+/);
  if (word === "") return;
  if (word === "ring" && number !== undefined) modem.ring(number);
  else if (word === "text" && number !== undefined) modem.text(number, rest.join(" "));
  else {
    const wrong = modem.plant(line);
    note(wrong === undefined ? `fault: ${line.trim()}` : `not understood: ${wrong}`);
  }
}

function printer(isJson: boolean): (news: ModemNews) => void {
  return (news) => (isJson ? print(news) : note(textOf(news)));
}

function textOf(news: ModemNews): string {
  switch (news.type) {
    case "heard":
      return `> ${news.text}`;
    case "said":
      return `< ${news.text}`;
    case "text":
      return `text to ${news.to}: ${news.text}`;
    case "dropped":
      return `${news.host} is not allowed: --allow ${news.host} lets it pass`;
    case "port-refused":
      return `port ${news.port} of the own address cannot be had: ${news.code}`;
  }
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
