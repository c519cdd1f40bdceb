/** `livlina unit`: an alarm unit with its wrist button in real time, against any receiver that speaks SCAIP over SIP. */
import { createInterface, type Interface } from "node:readline";
import type { Command } from "commander";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { mobileCallKinds } from "../../firmware/voice/voice-settings.ts";
import { hostPortText } from "../../protocol/sip/uri.ts";
import { type LiveHome, type LiveHomeOptions, openLiveHome } from "../../simulator/live/live-home.ts";
import type { ReportNews } from "../../simulator/live/live-reports.ts";
import { ListenError } from "../../simulator/live/live-sockets.ts";
import type { PeerNews } from "../../simulator/live/live-streams.ts";
import { openModemLine } from "../device/modem-line.ts";
import { collect, listenRefused, pointText, secondsOf, stopSignal } from "../live-flags.ts";
import { modemDialects } from "../modem-flag.ts";
import { isAbsent } from "../presence.ts";
import { openSound } from "../telephone-flags.ts";
import { jsonLine, readableLine } from "../unit-lines.ts";
import { exampleReceiver, exampleVia, type Plan, type PlanFlags, planOf, policies } from "../unit-plan.ts";
import { UserError } from "../user-error.ts";

/** The flags as they were typed. */
export interface UnitFlags extends PlanFlags {
  readonly pressAfter?: string;
  readonly exitAfterAccept?: string;
  readonly giveUpAfter?: string;
  readonly json?: boolean;
}

interface Schedule {
  readonly pressMs: number | undefined;
  readonly exitAfterAcceptMs: number | undefined;
  readonly giveUpMs: number | undefined;
}

/** The end of the help text. */
const eventsAndExamples = [
  "",
  "Events with --json: pressed, stored, carried, accepted, refused, gave-up-path, held, withdrawn; those of the",
  "unit's own reports begin with report-. Each has type, t (ms since the start), stem, ref, route, receiver (1 or 2)",
  "and attempt (the report's tries, from 1), null where it has none.",
  "",
  "Calls are lines of type call: what (promised, dialling, ringing, refused, answered, key, told, ended, closed), t,",
  "medium (sip or mobile), number, mode (duplex, listen, talk: who is heard), key (pressed at the far side), reason",
  "(over, silent, lost, busy, no-answer, failed, hung-up), text (what the receiver is told), stems of the alarms.",
  "Without --microphone, --loudspeaker and --mobile-calls an alarm offers no call.",
  "",
  "A certificate must be for the receiver's name and from an authority; one that is only out of date is told and",
  "taken. Anything else about it is told, and what comes over such a connection does not count as acceptance.",
  "",
  "Examples:",
  "  livlina receiver --listen udp:127.0.0.1:5060 &",
  `  livlina unit --receiver ${exampleReceiver} --via ${exampleVia} --press-after 1 --exit-after-accept 1`,
  `  livlina unit --receiver ${exampleReceiver} --via ${exampleVia} --press-after 1 --microphone tone --loudspeaker heard.wav`,
  "  livlina unit --receiver sips:larm@larm.example --via tls:127.0.0.1:5061 --ca lab-ca.pem --press-after 1",
  "",
].join("\n");

export function register(program: Command): void {
  program
    .command("unit")
    .description("an alarm unit and its button on real sockets: the firmware itself, in real time")
    .requiredOption("--receiver <uri>", `address of the receiver, such as ${exampleReceiver}`)
    .requiredOption("--via <udp|tcp|tls:HOST:PORT>", "how and where it is reached; tls for a sips: address")
    .option("--second-via <udp|tcp|tls:HOST:PORT>", "the same for a second receiver")
    .option("--second <uri>", "address of the second receiver; that of the first unless said")
    .option("--local <udp:ADDRESS:PORT>", "own address; a free port, kept for the run, unless said")
    .option("--ca <file>", "authorities, in PEM, that sign the receivers' certificates; the usual ones unless said")
    .option(
      "--server-name <name>",
      "name in those certificates; unless said the host of --via, or for an address the domain",
    )
    .option("--tls-unverified", "take any certificate: whoever answers can say that help is coming; for labs")
    .option("--cert <file>", "own certificate for receivers that ask for one, in PEM")
    .option("--key <file>", "its private key, in PEM")
    .option("--larmkod <digits>", "account number, 1 to 16 digits", "4600000001")
    .option("--register", "register with the receivers, so that they call the unit where it says it is")
    .option("--user <name>", "answer digest challenges as this user")
    .option("--password <text>", "its password, on loopback; rather use LIVLINA_PASSWORD or --password-file")
    .option("--password-file <path>", "file whose first line is the password")
    .option("--policy <policy>", `${policies.join(" | ")} (default: mobile-first with a modem, else broadband-only)`)
    .option(
      "--press-after <seconds>",
      "press the button so long after the start; without it each line on stdin presses",
    )
    .option("--exit-after-accept <seconds>", "end with 0 so long after the press was accepted")
    .option("--give-up-after <seconds>", "end with 1 so long after the start when no press was accepted by then")
    .option("--modem <DIALECT:PATH>", `a modem on a serial line; DIALECT: ${modemDialects.join(" | ")}`)
    .option("--microphone <tone|silence|FILE.wav>", "gives it a SIP telephone: what its case hears, over and over")
    .option("--loudspeaker <FILE.wav>", "the same: what its case plays, written anew; an hour at most")
    .option(
      "--allow-caller <uri|number>",
      "who is answered for ten minutes after an alarm; may be given again",
      collect,
    )
    .option("--fallback <uri|number>", "called where nobody has accepted an alarm after its first round")
    .option("--relative <uri|number>", "called in turn after that, until one presses 0; may be given again", collect)
    .option("--mobile-calls <kind>", `calls through the modem: ${mobileCallKinds.join(" | ")} (default: none)`)
    .option("--name-server <udp:ADDRESS:PORT>", "asked for the receivers' names; port 0 of --via is then what they say")
    .option("--allow <host>", "address or name beyond loopback that may be used; may be given again", collect)
    .option("--json", "one JSON line per event on stdout")
    .addHelpText("after", eventsAndExamples)
    .action(async (flags: UnitFlags) => run(flags, process.env["LIVLINA_PASSWORD"]));
}

async function run(flags: UnitFlags, environmentPassword: string | undefined): Promise<void> {
  const schedule = scheduleOf(flags);
  const plan = await planOf(flags, environmentPassword);
  const line = flags.json === true ? jsonLine : readableLine;
  const progress = new Progress();
  const once = noteOnce();
  // Until the port is had there is no unit: what it does before then is shown after.
  const early: string[] = [];
  let print = (text: string): void => void early.push(text);
  const opened = openSound(flags, note);
  const modemLine = plan.modem === undefined ? undefined : await openModemLine(plan.modem.path, note);
  const home = await open({
    ...plan,
    openModemLine: modemLine?.openLine,
    sound: opened?.sound,
    onNews: (news) => {
      const text = line(news);
      if (text !== undefined) print(text);
      if (news.type === "report" && news.news.ofPress) progress.see(news.news.type);
    },
    onDropped: (host) => once(`what went to or came from ${host} was dropped: --allow ${host} lets it pass`),
    onPeer: (news) => {
      once(peerText(news));
      if (news.proof === undefined) progress.refused = news.why;
    },
  }).catch((thrown: unknown) => {
    modemLine?.close();
    throw thrown;
  });
  let keys: Interface | undefined;
  try {
    if (schedule.giveUpMs === undefined && plan.lookUp === undefined) await refuseAbsent(plan);
    if (schedule.pressMs === undefined) keys = createInterface({ input: process.stdin });
    keys?.on("line", () => home.pressAt(0));
    note(introduction(plan, home.address, { byLine: keys !== undefined, overSip: opened !== undefined }));
    print = (text) => void process.stdout.write(`${text}\n`);
    for (const text of early) print(text);
    await Promise.race([play(home, schedule, progress), stopSignal()]);
  } finally {
    keys?.close();
    await home.hangUp();
    home.close();
    opened?.close();
    modemLine?.close();
  }
}

/** How far the first press that gets anywhere has come. */
class Progress {
  readonly accepted: Promise<void>;
  isCarried: boolean;
  /** What is wrong with a receiver's certificate; "" where nothing is. */
  refused: string;
  private accept: () => void;

  constructor() {
    this.isCarried = false;
    this.refused = "";
    this.accept = () => {};
    this.accepted = new Promise((resolve) => {
      this.accept = resolve;
    });
  }

  see(type: ReportNews["type"]): void {
    if (type === "carried") this.isCarried = true;
    if (type === "accepted") this.accept();
  }
}

/** Presses, then waits for what the flags call the end: for ever, where they name none. */
async function play(home: LiveHome, schedule: Schedule, progress: Progress): Promise<void> {
  const { pressMs, giveUpMs, exitAfterAcceptMs } = schedule;
  if (pressMs !== undefined) home.pressAt(pressMs);
  const outcomes = [progress.accepted.then(() => "accepted")];
  if (giveUpMs !== undefined) outcomes.push(reached(home, giveUpMs).then(() => "gave up"));
  if ((await Promise.race(outcomes)) === "gave up") {
    const within = `within ${(giveUpMs ?? 0) / 1000} s after the start`;
    throw new UserError(`no press was accepted ${within}`, hintFor(progress, home.address), 1);
  }
  await reached(home, exitAfterAcceptMs === undefined ? undefined : home.nowMs() + exitAfterAcceptMs);
}

function hintFor(progress: Progress, { host, port }: Endpoint): string {
  if (progress.refused !== "")
    return `${progress.refused}: --ca FILE and --server-name NAME say what it must be, --tls-unverified takes any`;
  return progress.isCarried
    ? `SIP was answered: the receiver must also send an mrs with our ref and snu 0, as a MESSAGE to udp:${hostPortText(host, port)} or over the connection that it has with us`
    : "see that a receiver listens there, as in: livlina receiver --listen udp:127.0.0.1:5060";
}

function peerText({ to, proof, isLastResort, why }: PeerNews): string {
  const place = `tls:${hostPortText(to.host, to.port)}`;
  if (proof === undefined) return `${place}: ${why}: not spoken with`;
  if (proof === "expired") return `${place}: ${why}: taken all the same`;
  return isLastResort
    ? `${place}: ${why}: told of the alarm all the same, and not believed whatever it says`
    : `${place}: not checked${why === "" ? "" : `, and ${why}`}`;
}

function reached(home: LiveHome, instantMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (instantMs !== undefined) home.at(instantMs, resolve);
  });
}

async function open(options: LiveHomeOptions): Promise<LiveHome> {
  try {
    return await openLiveHome(options);
  } catch (thrown) {
    throw thrown instanceof ListenError ? listenRefused(thrown) : thrown;
  }
}

/** Whoever sets no time to give up is told at once that nobody is there. */
async function refuseAbsent(plan: Plan): Promise<void> {
  const absent = await Promise.all(plan.ways.map((way) => isAbsent(way)));
  if (absent.includes(false)) return;
  throw new UserError(
    `no receiver listens on ${plan.ways.map(pointText).join(" and ")}`,
    `${listenHint(plan.ways[0]?.transport)}, or wait for one with --give-up-after SECONDS`,
    3,
  );
}

function listenHint(transport: string | undefined): string {
  if (transport === "tls") return "livlina receiver --listen tls:127.0.0.1:5061 --cert FILE --key FILE";
  return `livlina receiver --listen ${transport ?? "udp"}:127.0.0.1:5060`;
}

function scheduleOf(flags: UnitFlags): Schedule {
  const pressMs = secondsOf("--press-after", flags.pressAfter);
  const giveUpMs = secondsOf("--give-up-after", flags.giveUpAfter);
  if (pressMs !== undefined && giveUpMs !== undefined && giveUpMs <= pressMs)
    throw new UserError(
      `--give-up-after ${flags.giveUpAfter} is over before the press`,
      `more than --press-after ${flags.pressAfter}: both count from the start`,
      2,
    );
  return { pressMs, giveUpMs, exitAfterAcceptMs: secondsOf("--exit-after-accept", flags.exitAfterAccept) };
}

interface Ways {
  /** A line on stdin presses the button. */
  readonly byLine: boolean;
  /** It has a SIP telephone. */
  readonly overSip: boolean;
}

function introduction(plan: Plan, address: Endpoint, { byLine, overSip }: Ways): string {
  const { settings } = plan;
  const places = plan.ways.map(pointText);
  const receivers = settings.receivers.map(({ uri }, index) => `${index + 1}: ${uri} at ${places[index]}`);
  const unchecked =
    plan.trust?.unverified === true ? "\ncertificates are not checked: whoever answers is believed" : "";
  const isMobileDown = settings.policy !== "broadband-only" && plan.modem === undefined;
  const mobile = isMobileDown ? " (no modem: the mobile route stays down)" : "";
  const place = hostPortText(address.host, address.port);
  const telephone = overSip ? `\ntakes and makes calls as sip:${settings.cid}@${place}` : "";
  const keys = byLine ? "\nEnter presses the button, Ctrl-C ends" : "";
  return `unit ${settings.cid} on udp:${place}, ${settings.policy}${mobile}, receiver ${receivers.join(", ")}${unchecked}${telephone}${keys}`;
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The same thing is said once, and not more than 16 things. */
function noteOnce(): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text) || said.size >= 16) return;
    said.add(text);
    note(text);
  };
}
