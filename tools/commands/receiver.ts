/** `livlina receiver`: an alarm receiver on a real port, well or badly behaved, that prints what it hears. */
import type { Command } from "commander";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { ListenError } from "../../simulator/live/live-sockets.ts";
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { type LiveReceiver, openLiveReceiver } from "../../simulator/peers/receiver-live.ts";
import { isReceiverMode, type ReceiverMode, receiverModes } from "../../simulator/peers/receiver-modes.ts";
import { collect, endpointOf, listenRefused, passwordOf, refuseForeign, stopSignal } from "../live-flags.ts";
import { UserError } from "../user-error.ts";

/** The flags as they were typed. */
export interface ReceiverFlags {
  readonly listen?: readonly string[];
  readonly user?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly realm?: string;
  readonly mode?: string;
  readonly ours?: readonly string[];
  readonly allow?: readonly string[];
  readonly json?: boolean;
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
    .requiredOption("--listen <udp:HOST:PORT>", "where to listen; port 0 takes a free one", collect)
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
    .option("--json", "one JSON line per event on stdout")
    .addHelpText("after", "\nExample:\n  livlina receiver --listen udp:127.0.0.1:5060 --mode slow --json\n")
    .action(async (flags: ReceiverFlags) => {
      const output = {
        line: (text: string) => process.stdout.write(text + "\n"),
        note: (text: string) => process.stderr.write(text + "\n"),
      };
      const stopped = stopSignal();
      const live = await startReceiver(flags, process.env["LIVLINA_PASSWORD"], output);
      await stopped;
      live.close();
    });
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
  refuseForeign("--listen", listen.host, allow);
  const password = passwordOf(flags, environmentPassword);
  const digest = flags.user === undefined ? undefined : { user: flags.user, password, realm: flags.realm ?? "livlina" };
  const ours = new Set(flags.ours ?? []);
  const print = flags.json === true ? (event: ReceiverEvent) => JSON.stringify(event) : eventLine;
  try {
    const live = await openLiveReceiver({
      name: "receiver",
      listen,
      allow,
      mode,
      latencyMs,
      digest,
      ours: (cid) => ours.has(cid),
      onEvent: (event) => output.line(print(event)),
    });
    output.note(`listening on udp:${live.address.host}:${live.address.port}, mode ${mode}`);
    return live;
  } catch (thrown) {
    throw thrown instanceof ListenError ? listenRefused(thrown) : thrown;
  }
}

function modeOf(text: string): ReceiverMode {
  if (isReceiverMode(text)) return text;
  throw new UserError(`--mode ${text} is unknown`, "one of " + receiverModes.join(", "), 2);
}

function listenOf(listens: readonly string[]): Endpoint {
  const first = listens[0];
  if (first === undefined) throw new UserError("--listen is missing", `--listen ${exampleListen}`, 2);
  const endpoints = listens.map((text) => endpointOf("--listen", text, exampleListen, "addresses-only"));
  if (endpoints.length > 1) throw new UserError("more than one --listen", "start one receiver per port", 2);
  return endpoints[0] as Endpoint;
}

/** One line for people: `07:15:40Z alarm 4607110231 ref Q4T8A0000127 dty 3 stc 10 from 127.0.0.1:5070: snu 0, case 1`. */
function eventLine(event: ReceiverEvent): string {
  const time = new Date(event.t).toISOString().substring(11, 19) + "Z";
  const ref = event.ref === "" ? "" : ` ref ${event.ref}`;
  const dty = event.dty === undefined ? "" : ` dty ${event.dty}`;
  const stc = event.stc === undefined ? "" : ` stc ${event.stc}`;
  const known = event.case === undefined ? "" : `, case ${event.case}${event.again ? " again" : ""}`;
  const reused = event.reused ? ", ref used before for something else" : "";
  const why = event.why === undefined ? "" : `, ${event.why}`;
  return `${time} ${event.type} ${event.cid}${ref}${dty}${stc} from ${event.from}: ${event.answer}${known}${reused}${why}`;
}
