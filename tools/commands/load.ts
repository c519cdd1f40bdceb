/** `livlina load`: many live units against one receiver, and the highest rate that it takes without a loss. */
import type { Command } from "commander";
import type { ReceiverAddress } from "../../firmware/sip/receiver-address.ts";
import { Interrupt } from "../interrupt.ts";
import { collect, pointText } from "../live-flags.ts";
import { openFirmwareUnits } from "../load/firmware-units.ts";
import { openLightUnits } from "../load/light-units.ts";
import { foundLine, playedLines, secondLine, stepLine } from "../load/load-lines.ts";
import { type LoadFlags, type LoadPlan, loadPlanOf, unitLimits } from "../load/load-plan.ts";
import { type LoadResult, outKindOf, writeLoad } from "../load/load-result.ts";
import type { LoadUnits } from "../load/load-units.ts";
import { type Found, type Played, playLoad, searchCleanRate } from "../load/play-load.ts";
import { profileNames } from "../load/profiles.ts";
import { type LoadSecond, Tally } from "../load/tally.ts";
import { isAbsent } from "../presence.ts";
import { exampleReceiver } from "../unit-plan.ts";
import { UserError } from "../user-error.ts";

export function register(program: Command): void {
  program
    .command("load")
    .description(
      "many live units against one receiver: what it takes, how fast it answers, and where it begins to lose",
    )
    .requiredOption("--via <udp|tcp|tls:HOST:PORT>", "where the receiver is; the light profiles speak UDP")
    .option("--receiver <uri>", "its address", exampleReceiver)
    .option("--units <n>", `how many; firmware up to ${unitLimits.firmware}`, "1000")
    .option("--profile <profile>", profileNames.join(" | "), "beats")
    .option("--larmkod <digits>", "account number of the first unit; the others count on from it", "4600000001")
    .option("--rate <n>", "messages a second of all units together; what so many units say unless given")
    .option("--rate-from <n>", "search the highest rate without a loss: the first that is tried,")
    .option("--rate-to <n>", "the last,")
    .option("--step <n>", "and how much more each time")
    .option("--seconds <s>", "how long, 10; in a search each rate, 5")
    .option("--patience <s>", "what is not accepted by then is lost; 32, in a search 0.5: then SIP sends again")
    .option("--until <carried|accepted>", "what is waited for: SIP's 200, or the mrs as well", "accepted")
    .option("--user <name>", "answer digest challenges as this user")
    .option("--password <text>", "its password, on loopback; rather use LIVLINA_PASSWORD or --password-file")
    .option("--password-file <path>", "file whose first line is the password")
    .option("--ca <file>", "authorities, in PEM, for tls: with --profile firmware")
    .option("--server-name <name>", "name in the receiver's certificate")
    .option("--tls-unverified", "take any certificate; for labs")
    .option("--allow <host>", "address or name beyond loopback that may be used; may be given again", collect)
    .option("--most-rate <n>", "more is refused; 20 a second beyond loopback unless said")
    .option("--json", "one JSON object on stdout")
    .option("--out <file>", "FILE.html, a page with the plot, or FILE.csv, a row a second")
    .addHelpText(
      "after",
      [
        "",
        "Profiles: beats, alarms and mixed (one alarm in ten) are light units, messages through the codec with SIP's",
        "own retransmission, thousands on one socket, each every 180, 60 and 180 s; firmware is the unit and its button",
        "themselves, each with a socket, pressed once a minute and then replaced by a fresh one. On loopback there is no bound but the machine.",
        "",
        "Ends with 1 where something was lost or refused, or where a search found no clean rate.",
        "",
        "Examples:",
        "  livlina load --via udp:127.0.0.1:5060 --units 5000 --profile mixed --seconds 30 --out load.html",
        "  livlina load --via udp:127.0.0.1:5060 --profile alarms --rate-from 1000 --rate-to 20000 --step 1000",
        "  livlina load --via udp:192.0.2.7:5060 --allow 192.0.2.7 --units 400",
        "",
      ].join("\n"),
    )
    .action(async (flags: LoadFlags) => run(flags, process.env["LIVLINA_PASSWORD"]));
}

async function run(flags: LoadFlags, environmentPassword: string | undefined): Promise<void> {
  const plan = await loadPlanOf(flags, environmentPassword);
  if (flags.out !== undefined) outKindOf(flags.out);
  if (await isAbsent(plan.to))
    throw new UserError(
      `no receiver listens on ${pointText(plan.to)}`,
      "livlina receiver --listen udp:127.0.0.1:5060",
      3,
    );
  let stopped = false;
  const interrupt = new Interrupt(
    () => {
      stopped = true;
    },
    () => {},
  );
  const result = await play(plan, () => stopped);
  interrupt.release();
  if (flags.out !== undefined) writeLoad(flags.out, result);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = interrupt.exitCode ?? (isWell(result) ? 0 : 1);
}

/** Plays all rates, and tells how they went on stderr. */
async function play(plan: LoadPlan, isStopped: () => boolean): Promise<LoadResult> {
  let tally = new Tally();
  const playRate = async (rate: number): Promise<Played> => {
    tally = new Tally();
    const units = await openUnits(plan, tally);
    const onSecond = (second: LoadSecond, openCount: number): void => note(secondLine(second, openCount, rate));
    const played = await playLoad(units, tally, { rate, forMs: plan.forMs, isStopped, onSecond });
    for (const line of plan.isSearch ? [stepLine(played)] : playedLines(played)) note(line);
    return played;
  };
  const { isSearch, rates, profile, units } = plan;
  const found: Found = isSearch
    ? await searchCleanRate({ rates, play: playRate, isStopped })
    : { cleanRate: 0, limit: "last-rate", steps: [await playRate(rates[0] as number)] };
  if (isSearch) note(foundLine(found));
  return {
    profile,
    units,
    to: pointText(plan.to),
    interrupted: isStopped(),
    cleanRate: isSearch ? found.cleanRate : null,
    limit: isSearch ? found.limit : null,
    steps: found.steps,
    seconds: tally.seconds,
  };
}

function isWell({ cleanRate, steps }: LoadResult): boolean {
  return cleanRate === null
    ? steps.every((played) => played.lost + played.refused + played.unsent === 0)
    : cleanRate > 0;
}

function openUnits({ unit, to, units, profile, until, patienceMs }: LoadPlan, tally: Tally): Promise<LoadUnits> {
  if (profile === "firmware") return openFirmwareUnits({ home: unit, units, patienceMs, tally });
  const receiver = unit.settings.receivers[0] as ReceiverAddress;
  return openLightUnits({
    to,
    host: unit.local.host,
    receiver: receiver.uri,
    domain: unit.settings.domain,
    units,
    firstAccount: unit.settings.cid,
    profile,
    user: receiver.user,
    password: receiver.password,
    until,
    patienceMs,
    tally,
  });
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
