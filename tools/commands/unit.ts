/** `livlina unit`: an alarm unit with its wrist button in real time, against any receiver that speaks SCAIP over SIP. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { createInterface, type Interface } from "node:readline";
import { type Command, Option } from "commander";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { defaultStaggerMs, type RoutePolicy, routesOf, settingsFault } from "../../firmware/settings.ts";
import type { ReceiverAddress } from "../../firmware/sip/message-agent.ts";
import { parseUri, type SipUri } from "../../protocol/sip/uri.ts";
import { type LiveHome, type LiveHomeOptions, openLiveHome } from "../../simulator/live/live-home.ts";
import type { ReportNews } from "../../simulator/live/live-reports.ts";
import { isAllowed, ListenError } from "../../simulator/live/live-sockets.ts";
import { collect, endpointOf, listenRefused, passwordOf, refuseForeign, secondsOf, stopSignal } from "../live-flags.ts";
import { isAbsent } from "../presence.ts";
import { jsonLine, readableLine } from "../unit-lines.ts";
import { UserError } from "../user-error.ts";

/** The flags as they were typed. */
export interface UnitFlags {
  readonly receiver: string;
  readonly via: string;
  readonly secondVia?: string;
  readonly second?: string;
  readonly local?: string;
  readonly larmkod: string;
  readonly user?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly policy?: string;
  readonly pressAfter?: string;
  readonly exitAfterAccept?: string;
  readonly giveUpAfter?: string;
  readonly modem?: string;
  readonly allow?: readonly string[];
  readonly json?: boolean;
}

interface Schedule {
  readonly pressMs: number | undefined;
  readonly exitAfterAcceptMs: number | undefined;
  readonly giveUpMs: number | undefined;
}

type Plan = Pick<LiveHomeOptions, "settings" | "local" | "allow">;

const policies: readonly RoutePolicy[] = ["mobile-first", "broadband-first", "mobile-only", "broadband-only"];
const exampleVia = "udp:127.0.0.1:5060";
const exampleReceiver = "sip:larm@larm.example";
const noModem = { apn: "", user: "", password: "", pin: "" };

export function register(program: Command): void {
  program
    .command("unit")
    .description("an alarm unit and its button on real sockets: the firmware itself, in real time")
    .requiredOption("--receiver <uri>", `address of the receiver, such as ${exampleReceiver}`)
    .requiredOption("--via <udp:HOST:PORT>", "where its datagrams go")
    .option("--second-via <udp:HOST:PORT>", "where those of a second receiver go")
    .option("--second <uri>", "address of the second receiver; that of the first unless said")
    .option("--local <udp:ADDRESS:PORT>", "own address; a free port, kept for the run, unless said")
    .option("--larmkod <digits>", "account number, 1 to 16 digits", "4600000001")
    .option("--user <name>", "answer digest challenges as this user")
    .option("--password <text>", "its password, on loopback; rather use LIVLINA_PASSWORD or --password-file")
    .option("--password-file <path>", "file whose first line is the password")
    .option("--policy <policy>", `${policies.join(" | ")} (default: broadband-only)`)
    .option(
      "--press-after <seconds>",
      "press the button so long after the start; without it each line on stdin presses",
    )
    .option("--exit-after-accept <seconds>", "end with 0 so long after the press was accepted")
    .option("--give-up-after <seconds>", "end with 1 so long after the start when no press was accepted by then")
    .addOption(new Option("--modem <DIALECT:PATH>", "a modem on a serial line; not in this build"))
    .option("--allow <host>", "address or name beyond loopback that may be used; may be given again", collect)
    .option("--json", "one JSON line per event on stdout")
    .addHelpText(
      "after",
      [
        "",
        "Events with --json: pressed, stored, carried, accepted, refused, gave-up-path, held, withdrawn; those of the",
        "unit's own reports begin with report-. Each has type, t (ms since the start), stem, ref, route, receiver (1 or 2)",
        "and attempt (the report's tries, from 1), null where it has none.",
        "",
        "Example:",
        "  livlina receiver --listen udp:127.0.0.1:5060 &",
        `  livlina unit --receiver ${exampleReceiver} --via ${exampleVia} --press-after 1 --exit-after-accept 1`,
        "",
      ].join("\n"),
    )
    .action(async (flags: UnitFlags) => run(flags, process.env["LIVLINA_PASSWORD"]));
}

async function run(flags: UnitFlags, environmentPassword: string | undefined): Promise<void> {
  const schedule = scheduleOf(flags);
  const plan = await planOf(flags, environmentPassword);
  const line = flags.json === true ? jsonLine : readableLine;
  const progress = new Progress();
  // Until the port is had there is no unit: what it does before then is shown after.
  const early: string[] = [];
  let print = (text: string): void => void early.push(text);
  const home = await open({
    ...plan,
    onNews: (news) => {
      const text = line(news);
      if (text !== undefined) print(text);
      if (news.type === "report" && news.news.ofPress) progress.see(news.news.type);
    },
    onDropped: noteOnce((host) => `a datagram to or from ${host} was dropped: --allow ${host} lets it pass`),
  });
  let keys: Interface | undefined;
  try {
    if (schedule.giveUpMs === undefined) await refuseAbsent(plan);
    if (schedule.pressMs === undefined) keys = createInterface({ input: process.stdin });
    keys?.on("line", () => home.pressAt(0));
    note(introduction(plan, home.address, keys !== undefined));
    print = (text) => void process.stdout.write(`${text}\n`);
    for (const text of early) print(text);
    await Promise.race([play(home, schedule, progress), stopSignal()]);
  } finally {
    keys?.close();
    home.close();
  }
}

/** How far the first press that gets anywhere has come. */
class Progress {
  readonly accepted: Promise<void>;
  isCarried: boolean;
  private accept: () => void;

  constructor() {
    this.isCarried = false;
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
    const { host, port } = home.address;
    throw new UserError(
      `no press was accepted within ${(giveUpMs ?? 0) / 1000} s after the start`,
      progress.isCarried
        ? `SIP was answered: the receiver must also send an mrs with our ref and snu 0, as a MESSAGE to udp:${host}:${port}`
        : "see that a receiver listens there, as in: livlina receiver --listen udp:127.0.0.1:5060",
      1,
    );
  }
  await reached(home, exitAfterAcceptMs === undefined ? undefined : home.nowMs() + exitAfterAcceptMs);
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
  const absent = await Promise.all(plan.settings.receivers.map((receiver) => isAbsent(receiver)));
  if (absent.includes(false)) return;
  const places = plan.settings.receivers.map(({ host, port }) => `udp:${host}:${port}`).join(" and ");
  throw new UserError(
    `no receiver listens on ${places}`,
    `livlina receiver --listen ${exampleVia}, or wait for one with --give-up-after SECONDS`,
    3,
  );
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

/** What the flags ask for. Throws UserError: 2 for wrong flags, 3 where no way leads there, 4 for what is not allowed. */
async function planOf(flags: UnitFlags, environmentPassword: string | undefined): Promise<Plan> {
  if (flags.modem !== undefined)
    throw new UserError(`--modem ${flags.modem}: this build has no modem`, "leave it out: broadband alone is used", 2);
  if (flags.second !== undefined && flags.secondVia === undefined)
    throw new UserError("--second without --second-via", `--second-via ${exampleVia}`, 2);
  const allow = flags.allow ?? [];
  const first = uriOf("--receiver", flags.receiver);
  const second = flags.second === undefined ? first : uriOf("--second", flags.second);
  const ways = [viaOf("--via", flags.via, allow)];
  if (flags.secondVia !== undefined) ways.push(viaOf("--second-via", flags.secondVia, allow));
  const password = safePassword(flags, environmentPassword, ways);
  const local =
    flags.local === undefined
      ? await ownAddress(ways)
      : endpointOf("--local", flags.local, "udp:127.0.0.1:0", "addresses-only");
  if (flags.local !== undefined) refuseForeign("--local", local.host, allow);
  if (ways.some(({ host }) => isIPv6(host) !== isIPv6(local.host)))
    throw new UserError("IPv4 and IPv6 in one unit", "--via, --second-via and --local of one kind", 2);
  const account = { user: flags.user ?? "", password, answerFrom: [] };
  const receivers = ways.map(
    (way, index): ReceiverAddress => ({ uri: index === 0 ? first.text : second.text, ...way, ...account }),
  );
  const settings = {
    cid: flags.larmkod,
    domain: first.uri.host.includes(":") ? `[${first.uri.host}]` : first.uri.host,
    policy: policyOf(flags.policy ?? "broadband-only"),
    receivers,
    modem: noModem,
    staggerMs: defaultStaggerMs,
  };
  const fault = settingsFault({ ...settings, localPort: local.port, bonds: [] });
  if (fault !== undefined) throw new UserError(`--larmkod ${flags.larmkod}: ${fault}`, "--larmkod 4600000001", 2);
  return { settings, local, allow: [...allow, local.host] };
}

function viaOf(flag: string, text: string, allow: readonly string[]): Endpoint {
  const way = endpointOf(flag, text, exampleVia, "names-too");
  if (way.port === 0) throw new UserError(`${flag} ${text}: nobody listens on port 0`, `${flag} ${exampleVia}`, 2);
  refuseForeign(flag, way.host, allow);
  return way;
}

function uriOf(flag: string, text: string): { readonly text: string; readonly uri: SipUri } {
  const uri = parseUri(text);
  if (!uri.ok || uri.value.user === undefined)
    throw new UserError(`${flag} ${text} is not sip:USER@DOMAIN`, `${flag} ${exampleReceiver}`, 2);
  if (uri.value.scheme === "sips")
    throw new UserError(`${flag} ${text}: this build has UDP only`, `${flag} ${text.replace(/^sips/i, "sip")}`, 2);
  return { text, uri: uri.value };
}

function policyOf(text: string): RoutePolicy {
  const policy = policies.find((known) => known === text);
  if (policy === undefined) throw new UserError(`--policy ${text} is unknown`, `one of ${policies.join(", ")}`, 2);
  if (!routesOf(policy).includes("broadband"))
    throw new UserError(`--policy ${text} needs a modem, which this build has not`, "--policy broadband-only", 2);
  return policy;
}

/** A command line is seen by every user of the machine: good enough for a lab on loopback only. */
function safePassword(flags: UnitFlags, environmentPassword: string | undefined, ways: readonly Endpoint[]): string {
  const password = passwordOf(flags, environmentPassword);
  if (flags.password !== undefined && ways.some(({ host }) => !isAllowed(host, [])))
    throw new UserError("--password is for loopback only", "LIVLINA_PASSWORD or --password-file PATH", 4);
  return password;
}

/** The address of this machine from which the receivers are reached. */
async function ownAddress(ways: readonly Endpoint[]): Promise<Endpoint> {
  const far = ways.find(({ host }) => !isAllowed(host, []));
  if (far === undefined) return { host: isIPv6(ways[0]?.host ?? "") ? "::1" : "127.0.0.1", port: 0 };
  const socket = createSocket(isIPv6(far.host) ? "udp6" : "udp4");
  try {
    socket.connect(far.port, far.host); // sends nothing: the system only chooses a route
    await once(socket, "connect");
    return { host: socket.address().address, port: 0 };
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    throw new UserError(`no way to ${far.host}: ${code}`, "check the name, or name the own address with --local", 3);
  } finally {
    socket.close();
  }
}

function introduction(plan: Plan, address: Endpoint, byLine: boolean): string {
  const { settings } = plan;
  const receivers = settings.receivers.map(({ uri, host, port }, index) => `${index + 1}: ${uri} at ${host}:${port}`);
  const noMobile = settings.policy === "broadband-only" ? "" : " (no modem: the mobile route stays down)";
  const keys = byLine ? "\nEnter presses the button, Ctrl-C ends" : "";
  return `unit ${settings.cid} on udp:${address.host}:${address.port}, ${settings.policy}${noMobile}, receiver ${receivers.join(", ")}${keys}`;
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The same thing is said once, and not of more than 16 hosts. */
function noteOnce(textOf: (host: string) => string): (host: string) => void {
  const said = new Set<string>();
  return (host) => {
    if (said.has(host) || said.size >= 16) return;
    said.add(host);
    note(textOf(host));
  };
}
