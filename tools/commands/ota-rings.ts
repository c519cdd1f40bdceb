/** `livlina ota plan`, `run`, `status`, `stop` and `go-on`: a release on its way through the rings. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { versionText } from "../../protocol/update/image-header.ts";
import { allTransports, collect, endpointOf, pointText, refuseForeign, stopSignal } from "../live-flags.ts";
import { readText } from "../provision/files.ts";
import { type ReleaseFile, readRelease } from "../release/release-file.ts";
import { publicHalf } from "../release/release-key.ts";
import { serveRelease } from "../release/release-server.ts";
import {
  fleetIn,
  giveOrder,
  hearLine,
  type RunOrder,
  readState,
  stateFor,
  summaryOf,
  summaryText,
  takeOrder,
  writeState,
} from "../release/ring-files.ts";
import { newRun, RingRun, type RunNews, type RunState } from "../release/ring-run.ts";
import { behaviourNamed, simulateRings } from "../release/ring-simulation.ts";
import { type FleetUnit, planRings, type Rings, readRings } from "../release/rings.ts";
import { UserError } from "../user-error.ts";

interface PlanFlags {
  readonly rings: string;
  readonly fleet: string;
  readonly release?: string;
  readonly json?: boolean;
}

interface RunFlags extends PlanFlags {
  readonly key?: string;
  readonly state?: string;
  readonly listen: string;
  readonly allow?: readonly string[];
  readonly certificate?: string;
  readonly certificateKey?: string;
  readonly signs?: string;
  readonly simulate?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const example = [
  "",
  "A rings file (YAML):",
  "  rings:",
  '    - { name: lab, units: ["4612345678"] }',
  "    - { name: first, percent: 1 }",
  "    - { name: tenth, percent: 10 }",
  "    - { name: all }",
  "  holdHours: 24          # from a ring's end to the next",
  "  stop: { failedPercent: 2, silentMinutes: 600, silentPercent: 2 }",
  "",
];
const lookMs = 10_000;
const simulatedHours = 24 * 14;
const simulatedUnits = 200;

export function registerRings(ota: Command): void {
  withPlan(ota.command("plan"))
    .description("who is in which ring")
    .option("--release <file>", "the order within rings is another for each release")
    .addHelpText(
      "after",
      [...example, "Example:", "  livlina ota plan --rings rings.yaml --fleet units.csv", ""].join("\n"),
    )
    .action(plan);
  withPlan(ota.command("run"))
    .description("offer a release ring by ring, serve it, and stop when too many units fail or fall silent")
    .option("--release <file>", "what `livlina ota sign` has written")
    .option("--key <file>", "must have signed it")
    .option("--state <file>", "how far it is: goes on from there")
    .option("--listen <point>", "tcp:ADDRESS:PORT, or tls: with a certificate", "tcp:127.0.0.1:8080")
    .option("--allow <address>", "also listen beyond loopback, on this address", collect)
    .option("--certificate <file>", "of the server, PEM, for tls")
    .option("--certificate-key <file>", "its key, PEM")
    .option("--signs <file>", "what `livlina receiver --json --signs` prints, or - for standard input")
    .option(
      "--simulate <behaviour>",
      "try the rings on simulated units with a release that behaves so; nothing is served",
    )
    .option("--dry-run", "say what would be done")
    .option("--yes", "begin: real units will take this release")
    .addHelpText(
      "after",
      [
        ...example,
        "Examples:",
        "  livlina ota run --rings rings.yaml --fleet units.csv --simulate loops",
        "  livlina ota run --release livlina-0.2.0.release --key release.key --rings rings.yaml --fleet units.csv --state run.json --yes",
        "",
      ].join("\n"),
    )
    .action(run);
  withState(ota.command("status"), "how far a release is")
    .addHelpText("after", "\nExample:\n  livlina ota status --state run.json\n")
    .action(status);
  withState(ota.command("stop"), "stop a release: no unit begins any more, and none that has loaded it starts it")
    .option("--why <text>", "for those who read it later", "by hand")
    .option("--yes", "do it")
    .addHelpText("after", "\nExample:\n  livlina ota stop --state run.json --why 'two units silent' --yes\n")
    .action(
      (flags: { readonly state: string; readonly why: string; readonly yes?: boolean; readonly json?: boolean }) =>
        order(flags, { order: "stop", why: flags.why }),
    );
  withState(ota.command("go-on"), "let a stopped release go on: what stood against it until now counts no more")
    .option("--yes", "do it")
    .addHelpText("after", "\nExample:\n  livlina ota go-on --state run.json --yes\n")
    .action((flags: { readonly state: string; readonly yes?: boolean; readonly json?: boolean }) =>
      order(flags, { order: "go-on" }),
    );
}

function withPlan(command: Command): Command {
  return command
    .requiredOption("--rings <file>", "YAML: rings, how long each is held, when to stop")
    .requiredOption("--fleet <file>", "CSV of the units, as `livlina monitor` reads it")
    .option("--json", "JSON on stdout");
}

function withState(command: Command, description: string): Command {
  return command
    .description(description)
    .requiredOption("--state <file>", "what `livlina ota run` writes")
    .option("--json", "one JSON object on stdout");
}

function plan(flags: PlanFlags): void {
  const name = flags.release === undefined ? "" : readRelease(flags.release, undefined).sha256;
  const planned = planRings(readRings(flags.rings), fleetIn(flags.fleet), name);
  if (flags.json === true) print(planned);
  else for (const ring of planned) process.stdout.write(`${ring.name}: ${ring.units.length} units\n`);
}

async function run(flags: RunFlags): Promise<void> {
  const rings = readRings(flags.rings);
  const fleet = fleetIn(flags.fleet);
  if (flags.simulate !== undefined) return simulate(flags, rings, fleet, flags.simulate);
  if (flags.release === undefined || flags.state === undefined)
    throw new UserError("a release and a state file are needed", "--release FILE --state FILE, or --simulate good", 2);
  const release = readRelease(flags.release, flags.key === undefined ? undefined : publicHalf(flags.key).publicKey);
  const point = endpointOf("--listen", flags.listen, "tcp:127.0.0.1:8080", "addresses-only", allTransports);
  if (point.transport === "udp") throw new UserError("--listen udp is no way to serve files", "tcp: or tls:", 2);
  refuseForeign("--listen", point.host, flags.allow ?? []);
  const version = versionText(release.header.version);
  const state = stateFor(flags.state, version, release.sha256, planRings(rings, fleet, release.sha256));
  if (flags.dryRun === true) {
    report(state, flags.json === true);
    return;
  }
  if (flags.yes !== true)
    throw new UserError(
      `${state.units.length} units would be offered release ${version}, ring by ring`,
      "--dry-run to see how, --simulate good to try the rings, --yes to begin",
      4,
    );
  await serve(
    flags,
    flags.state,
    release,
    new RingRun(state, rings, fleet, (news) => tellNews(news, flags.json === true)),
    point,
  );
}

async function serve(
  flags: RunFlags,
  path: string,
  release: ReleaseFile,
  ringRun: RingRun,
  point: ReturnType<typeof endpointOf>,
): Promise<void> {
  const tls = point.transport === "tls" ? certificateOf(flags) : undefined;
  obey(path, ringRun);
  writeState(path, ringRun.state);
  const asked = (question: Readonly<Record<string, string>>): boolean => ringRun.asked(question, Date.now());
  const server = await serveRelease({ host: point.host, port: point.port, tls, release, asked });
  process.stderr.write(
    `serving on ${pointText({ ...point, port: server.port })}; Ctrl-C ends it, and it can go on later\n`,
  );
  if (flags.signs !== undefined) hearSigns(flags.signs, ringRun);
  const timer = setInterval(() => {
    obey(path, ringRun);
    ringRun.look(Date.now());
    writeState(path, ringRun.state);
  }, lookMs);
  ringRun.look(Date.now());
  await stopSignal();
  clearInterval(timer);
  await server.close();
  obey(path, ringRun);
  writeState(path, ringRun.state);
  report(ringRun.state, flags.json === true);
}

/** What `ota stop` and `ota go-on` of another process have ordered. */
function obey(path: string, ringRun: RingRun): void {
  const order = takeOrder(path);
  if (order === undefined) return;
  if (order.order === "stop") ringRun.stop(order.why, Date.now());
  else ringRun.goOn(Date.now());
}

function hearSigns(path: string, ringRun: RingRun): void {
  const lines = createInterface({ input: path === "-" ? process.stdin : createReadStream(path) });
  lines.on("line", (text) => hearLine(ringRun, text, Date.now()));
}

function simulate(flags: RunFlags, rings: Rings, fleet: readonly FleetUnit[], name: string): void {
  const behaviour = behaviourNamed(name);
  if (fleet.length > simulatedUnits)
    throw new UserError(`${fleet.length} units are too many to simulate`, `a fleet of up to ${simulatedUnits}`, 2);
  const planned = planRings(rings, fleet, name);
  const ringRun = new RingRun(newRun("1.1.0", "", planned), rings, fleet, (news) =>
    tellNews(news, flags.json === true),
  );
  const cids = planned.flatMap(({ units }) => units);
  const result = simulateRings(ringRun, cids, behaviour, () => true, simulatedHours);
  if (flags.json === true) print({ ...summaryOf(ringRun.state), ...result });
  else
    process.stdout.write(
      `${summaryText(summaryOf(ringRun.state))}\nafter ${result.hours} h: ${result.touched} units had run it, ${result.updated} run it now\n`,
    );
  if (ringRun.state.stopped !== "") process.exitCode = 1;
}

function status(flags: { readonly state: string; readonly json?: boolean }): void {
  report(readState(flags.state), flags.json === true);
}

function order(
  flags: { readonly state: string; readonly yes?: boolean; readonly json?: boolean },
  given: RunOrder,
): void {
  const state = readState(flags.state);
  report(state, flags.json === true);
  if (flags.yes !== true) throw new UserError("nothing was ordered", "--yes to do it", 4);
  giveOrder(flags.state, given);
  process.stderr.write("ordered; `livlina ota run` obeys within ten seconds, or when it is started again\n");
}

function certificateOf(flags: RunFlags): { certificate: string; key: string } {
  if (flags.certificate === undefined || flags.certificateKey === undefined)
    throw new UserError("tls without a certificate", "--certificate FILE --certificate-key FILE", 2);
  return { certificate: readText(flags.certificate), key: readText(flags.certificateKey) };
}

function tellNews(news: RunNews, isJson: boolean): void {
  if (isJson) process.stderr.write(`${JSON.stringify(news)}\n`);
  else if (news.type === "ring-opened") process.stderr.write(`ring ${news.ring} is open: ${news.units} units\n`);
  else if (news.type === "ring-through") process.stderr.write(`ring ${news.ring} is through\n`);
  else if (news.type === "stopped") process.stderr.write(`stopped: ${news.why}\n`);
  else if (news.type === "done") process.stderr.write("every ring is through\n");
  else process.stderr.write(`${news.cid}: ${news.type}${news.why === "" ? "" : ` (${news.why})`}\n`);
}

function report(state: RunState, isJson: boolean): void {
  const summary = summaryOf(state);
  if (isJson) print(summary);
  else process.stdout.write(`${summaryText(summary)}\n`);
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
