/** `livlina receiver`: an alarm receiver on a real port, well or badly behaved, that prints what it hears. */
import type { Command } from "commander";
import type { ListenPoint } from "../../simulator/live/live-doors.ts";
import type { ListenerTls } from "../../simulator/live/live-listener.ts";
import { ListenError } from "../../simulator/live/live-sockets.ts";
import { voiceModes } from "../../simulator/peers/operator-modes.ts";
import type { CallNews, ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { type LiveReceiver, type LiveReceiverOptions, openLiveReceiver } from "../../simulator/peers/receiver-live.ts";
import { MirrorSender, openMirror } from "../../simulator/peers/receiver-mirror.ts";
import { isReceiverMode, type ReceiverMode, receiverModes } from "../../simulator/peers/receiver-modes.ts";
import { BatchedLines } from "../batched-lines.ts";
import {
  allTransports,
  collect,
  endpointOf,
  listenRefused,
  passwordOf,
  pointText,
  refuseForeign,
  stopSignal,
} from "../live-flags.ts";
import { authoritiesOf, identityOf } from "../tls-flags.ts";
import { unknownChoice } from "../unknown-choice.ts";
import { UserError } from "../user-error.ts";
import { operatorsOf, type VoiceFlags, voiceOrderOf } from "../voice-flags.ts";

/** The flags as they were typed. */
export interface ReceiverFlags extends VoiceFlags {
  readonly listen?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly clientCa?: string;
  readonly user?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly realm?: string;
  readonly mode?: string;
  readonly ours?: readonly string[];
  readonly allow?: readonly string[];
  readonly mirror?: string;
  readonly standby?: string;
  readonly json?: boolean;
  readonly signs?: boolean;
  readonly name?: string;
}

export interface ReceiverOutput {
  /** One line for stdout, without its end. */
  readonly line: (text: string) => void;
  /** One line for people, on stderr. */
  readonly note: (text: string) => void;
}

const exampleListen = "udp:127.0.0.1:5060";
const latencyMs = { least: 50, most: 250 };

export function register(program: Command): void {
  program
    .command("receiver")
    .description(
      "an alarm receiver on a real port: takes SCAIP over SIP, answers as its mode says, prints what it hears",
    )
    .requiredOption(
      "--listen <udp|tcp|tls:HOST:PORT>",
      "where to listen; port 0 takes a free one; may be given again",
      collect,
    )
    .option("--cert <file>", "certificate for tls:, in PEM, with those between it and its authority")
    .option("--key <file>", "its private key, in PEM")
    .option("--client-ca <file>", "authorities, in PEM, one of which must have signed the certificate of whoever calls")
    .option("--user <name>", "ask for digest authentication as this user")
    .option("--password <text>", "its password; rather use LIVLINA_PASSWORD or --password-file")
    .option("--password-file <path>", "file whose first line is the password")
    .option("--realm <text>", "realm of the digest challenge", "livlina")
    .option("--mode <mode>", receiverModes.join(" | "), "normal")
    .option("--ours <cid>", "account whose refs are merged by their first 12 characters; may be given again", collect)
    .option(
      "--allow <address>",
      "address beyond loopback that may be listened on or heard; may be given again",
      collect,
    )
    .option("--voice <mode>", `somebody takes the calls of units: ${voiceModes.join(" | ")}`)
    .option("--operators <count>", "how many calls they take at once; 4 unless said")
    .option("--keys <keys>", "pressed by the operator in each call")
    .option("--talk <seconds>", "how long the operator talks before key 0; 20 unless said")
    .option("--mre <0-3>", "call that the mrs orders: 1 both talk, 2 the operator listens, 3 the operator talks")
    .option(
      "--cre <1-62>",
      "who calls: 1 to 60 the operator within so many minutes, 61 the unit, 62 the unit as --tnu says",
    )
    .option("--tnu <uri>", "where the unit is to call; may be given again", collect)
    .option("--mirror <tcp:HOST:PORT>", "tell another receiver, a hot standby, of every case")
    .option("--standby <tcp:HOST:PORT>", "be that one: listen here for another receiver's cases")
    .option("--json", "one JSON line per event on stdout")
    .option("--signs", "with --json: also when each message was heard, carried and answered, for `livlina monitor`")
    .option("--name <name>", "with --json: its name in every line, where several receivers are watched together")
    .addHelpText(
      "after",
      [
        "",
        "An mrs over tcp: and tls: goes back over the connection that its alarm came over.",
        "",
        "Examples:",
        "  livlina receiver --listen udp:127.0.0.1:5060 --mode slow --json",
        "  livlina receiver --listen tcp:127.0.0.1:5060 --listen tls:127.0.0.1:5061 --cert lab.pem --key lab.key",
        "",
      ].join("\n"),
    )
    .action(run);
}

async function run(flags: ReceiverFlags): Promise<void> {
  const lines = new BatchedLines((text) => process.stdout.write(text));
  const output = {
    line: (text: string) => lines.line(text),
    note: (text: string) => process.stderr.write(text + "\n"),
  };
  const stopped = stopSignal();
  const live = await startReceiver(flags, process.env["LIVLINA_PASSWORD"], output);
  await stopped;
  live.close();
  lines.flush();
}

/** Opens the receiver that the flags ask for. Throws UserError: 2 for wrong flags, 3 where the port cannot be had, 4 for an address not allowed. */
export async function startReceiver(
  flags: ReceiverFlags,
  environmentPassword: string | undefined,
  output: ReceiverOutput,
): Promise<LiveReceiver> {
  const mode = modeOf(flags.mode ?? "normal");
  const listen = listenOf(flags.listen ?? []);
  const allow = flags.allow ?? [];
  for (const { host } of listen) refuseForeign("--listen", host, allow);
  const tls = tlsOf(flags, listen);
  const password = passwordOf(flags, environmentPassword);
  const digest = flags.user === undefined ? undefined : { user: flags.user, password, realm: flags.realm ?? "livlina" };
  const ours = new Set(flags.ours ?? []);
  const named = flags.name === undefined ? {} : { receiver: flags.name };
  const print =
    flags.json === true ? (event: ReceiverEvent | CallNews) => JSON.stringify({ ...event, ...named }) : lineOf;
  const voice = voiceOrderOf(flags);
  const operators = operatorsOf(flags);
  const tell = (event: ReceiverEvent | CallNews): void => output.line(print(event));
  const mirror = mirrorOf(flags, allow);
  try {
    const live = await openLiveReceiver({
      name: "receiver",
      listen,
      tls,
      allow,
      mode,
      latencyMs,
      digest,
      ours: (cid) => ours.has(cid),
      voice,
      operators: operators === undefined ? undefined : { ...operators, onCall: tell },
      onEvent: tell,
      ...signsOf(flags, named, output),
      onTaken: mirror === undefined ? undefined : (message) => mirror.send(message),
    });
    const standby = await standbyOf(flags, live, allow);
    output.note(`listening on ${live.addresses.map(pointText).join(" and ")}, mode ${mode}`);
    return {
      ...live,
      close: () => {
        standby?.close();
        mirror?.close();
        live.close();
      },
    };
  } catch (thrown) {
    mirror?.close();
    throw thrown instanceof ListenError ? listenRefused(thrown) : thrown;
  }
}

/** What can be seen of each message from outside, as lines of their own. */
function signsOf(flags: ReceiverFlags, named: object, output: ReceiverOutput): Pick<LiveReceiverOptions, "onSign"> {
  if (flags.signs !== true || flags.json !== true) return {};
  return { onSign: (sign) => output.line(JSON.stringify({ ...sign, t: Date.now(), ...named })) };
}

/** Where this receiver's cases go; undefined: nowhere. */
function mirrorOf({ mirror }: ReceiverFlags, allow: readonly string[]): MirrorSender | undefined {
  return mirror === undefined ? undefined : new MirrorSender(mirrorPoint("--mirror", mirror, allow));
}

/** Listens for another receiver's cases; undefined: nobody asked. */
async function standbyOf(
  { standby }: ReceiverFlags,
  live: LiveReceiver,
  allow: readonly string[],
): Promise<{ close: () => void } | undefined> {
  if (standby === undefined) return undefined;
  try {
    return await openMirror(
      mirrorPoint("--standby", standby, allow),
      (message) => live.receiver.mirror(message),
      allow,
    );
  } catch (thrown) {
    live.close();
    throw thrown;
  }
}

function mirrorPoint(flag: string, text: string, allow: readonly string[]): ListenPoint {
  const point = endpointOf(flag, text, "tcp:127.0.0.1:5070", "addresses-only", ["tcp"]);
  refuseForeign(flag, point.host, allow);
  return point;
}

function modeOf(text: string): ReceiverMode {
  if (isReceiverMode(text)) return text;
  throw unknownChoice("--mode", text, receiverModes);
}

function listenOf(listens: readonly string[]): readonly ListenPoint[] {
  if (listens.length === 0) throw new UserError("--listen is missing", `--listen ${exampleListen}`, 2);
  const points = listens.map((text) => endpointOf("--listen", text, exampleListen, "addresses-only", allTransports));
  const texts = points.filter(({ port }) => port !== 0).map(pointText);
  const twice = texts.find((text, index) => texts.indexOf(text) !== index);
  if (twice !== undefined) throw new UserError(`--listen ${twice} twice`, "each port once", 2);
  return points;
}

function tlsOf(flags: ReceiverFlags, listen: readonly ListenPoint[]): ListenerTls | undefined {
  const isAsked = listen.some(({ transport }) => transport === "tls");
  const identity = identityOf(flags);
  const clientCa = authoritiesOf("--client-ca", flags.clientCa);
  if (identity === undefined && isAsked)
    throw new UserError("--listen tls: without a certificate", "--cert FILE --key FILE, both in PEM", 2);
  if ((identity ?? clientCa) !== undefined && !isAsked)
    throw new UserError("a certificate, and nothing listens for TLS", "--listen tls:127.0.0.1:5061", 2);
  return identity === undefined ? undefined : { identity, clientCa };
}

function lineOf(event: ReceiverEvent | CallNews): string {
  return event.type === "call" ? callLine(event) : eventLine(event);
}

/** One line for people: `07:15:58Z call 4607110231 from udp:127.0.0.1:5070: operator 1 key-sent 0`. */
function callLine({ t, cid, transport, from, operator, what, key, why }: CallNews): string {
  const time = new Date(t).toISOString().substring(11, 19) + "Z";
  const who = operator === 0 ? "" : ` operator ${operator}`;
  return `${time} call ${cid} from ${transport}:${from}:${who} ${what}${key === undefined ? "" : ` ${key}`}${why === undefined ? "" : `, ${why}`}`;
}

/** One line for people: `07:15:40Z alarm 4607110231 ref Q4T8A0000127 dty 3 stc 10 from udp:127.0.0.1:5070: snu 0, case 1`. */
function eventLine(event: ReceiverEvent): string {
  const time = new Date(event.t).toISOString().substring(11, 19) + "Z";
  const ref = event.ref === "" ? "" : ` ref ${event.ref}`;
  const dty = event.dty === undefined ? "" : ` dty ${event.dty}`;
  const stc = event.stc === undefined ? "" : ` stc ${event.stc}`;
  const known = event.case === undefined ? "" : `, case ${event.case}${event.again ? " again" : ""}`;
  const reused = event.reused ? ", ref used before for something else" : "";
  const why = event.why === undefined ? "" : `, ${event.why}`;
  const account = event.cid === "" ? "" : ` ${event.cid}`;
  return `${time} ${event.type}${account}${ref}${dty}${stc} from ${event.transport}:${event.from}: ${event.answer}${known}${reused}${why}`;
}
