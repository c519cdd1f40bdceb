/** What the flags of `livlina load` ask for, and what is refused so that nobody floods an alarm centre by accident. */
import type { ListenPoint } from "../../simulator/live/live-doors.ts";
import { isAllowed } from "../../simulator/live/live-sockets.ts";
import { pointText, secondsOf } from "../live-flags.ts";
import { type Plan, type PlanFlags, planOf } from "../unit-plan.ts";
import { unknownChoice } from "../unknown-choice.ts";
import { UserError } from "../user-error.ts";
import { type ProfileName, profileNames, usualEveryS } from "./profiles.ts";

export interface LoadFlags extends PlanFlags {
  readonly units: string;
  readonly profile: string;
  readonly rate?: string;
  readonly rateFrom?: string;
  readonly rateTo?: string;
  readonly step?: string;
  readonly seconds?: string;
  readonly patience?: string;
  readonly until: string;
  readonly mostRate?: string;
  readonly json?: boolean;
  readonly out?: string;
}

export interface LoadPlan {
  /** Receiver, account of the first unit, passwords. */
  readonly unit: Plan;
  readonly to: ListenPoint;
  readonly profile: ProfileName;
  readonly units: number;
  /** One for a steady load; several for a search. */
  readonly rates: readonly number[];
  readonly isSearch: boolean;
  readonly forMs: number;
  readonly patienceMs: number;
  readonly until: "carried" | "accepted";
}

export const unitLimits: Readonly<Record<ProfileName, number>> = {
  beats: 1_000_000,
  alarms: 1_000_000,
  mixed: 1_000_000,
  firmware: 2_000,
};
/** Messages a second beyond loopback, unless more is asked for by name. */
export const foreignRate = 20;
const rateLimit = 1_000_000;
const stepLimit = 1_000;
/** T1 of RFC 3261 17.1.2.2: who has no answer by then sends again, so a search takes it for lost. A transaction ends after 64 of them. */
const searchPatienceS = "0.5";
const steadyPatienceS = "32";
const accountSpan = 16;

/** Throws UserError: 2 for wrong flags, 3 where no way leads there, 4 for an address or a rate that is not allowed. */
export async function loadPlanOf(flags: LoadFlags, environmentPassword: string | undefined): Promise<LoadPlan> {
  const profile = profileNames.find((name) => name === flags.profile);
  if (profile === undefined) throw unknownChoice("--profile", flags.profile, profileNames);
  const { until } = flags;
  if (until !== "carried" && until !== "accepted") throw unknownChoice("--until", until, ["carried", "accepted"]);
  const unit = await planOf(flags, environmentPassword);
  const to = unit.ways[0] as ListenPoint;
  const units = wholeOf("--units", flags.units, 1, unitLimits[profile]);
  refuseWidth(flags, units);
  if (profile !== "firmware") refuseWay(flags, to);
  if (profile === "firmware" && (until === "carried" || flags.rateFrom !== undefined))
    throw new UserError(
      "--profile firmware plays a steady load until its alarms are accepted",
      "--rate N, or --profile alarms",
      2,
    );
  const rates = ratesOf(flags, units / usualEveryS[profile]);
  refuseFlood(flags, to, Math.max(...rates));
  const isSearch = flags.rateFrom !== undefined;
  const forMs = secondsOf("--seconds", flags.seconds ?? (isSearch ? "5" : "10")) as number;
  const patienceMs = secondsOf("--patience", flags.patience ?? (isSearch ? searchPatienceS : steadyPatienceS));
  return { unit, to, profile, units, rates, isSearch, forMs, patienceMs: patienceMs as number, until };
}

function wholeOf(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
  throw new UserError(`${flag} ${text} is not a whole number from ${least} to ${most}`, `${flag} ${least}`, 2);
}

/** Accounts are counted on from the first. */
function refuseWidth({ larmkod }: LoadFlags, units: number): void {
  const last = Number(larmkod) + units - 1;
  if (Number.isSafeInteger(last) && String(last).length <= Math.min(accountSpan, larmkod.length)) return;
  throw new UserError(`--larmkod ${larmkod}: no room for ${units} units behind it`, "--larmkod 4600000001", 2);
}

/** A light unit is a message from a shared socket. */
function refuseWay({ via, profile }: LoadFlags, to: ListenPoint): void {
  if (to.transport !== "udp")
    throw new UserError(`--profile ${profile} speaks UDP alone`, `--profile firmware --via ${via}`, 2);
}

function ratesOf(flags: LoadFlags, usual: number): readonly number[] {
  const { rate, rateFrom, rateTo, step } = flags;
  if (rateFrom === undefined && rateTo === undefined && step === undefined)
    return [rate === undefined ? usual : rateOf("--rate", rate)];
  if (rate !== undefined || rateFrom === undefined || rateTo === undefined || step === undefined)
    throw new UserError(
      "a search needs --rate-from, --rate-to and --step, and no --rate",
      "--rate-from 1000 --rate-to 20000 --step 1000",
      2,
    );
  const from = rateOf("--rate-from", rateFrom);
  const to = rateOf("--rate-to", rateTo);
  const by = rateOf("--step", step);
  const count = Math.floor((to - from) / by) + 1;
  if (count < 1 || count > stepLimit)
    throw new UserError(`from ${from} to ${to} by ${by} is not 1 to ${stepLimit} steps`, "a larger --step", 2);
  return Array.from({ length: count }, (_, index) => from + index * by);
}

function rateOf(flag: string, text: string): number {
  const rate = Number(text);
  if (/^\d{1,7}(\.\d{1,3})?$/.test(text) && rate > 0 && rate <= rateLimit) return rate;
  throw new UserError(`${flag} ${text} is not a rate of messages a second up to ${rateLimit}`, `${flag} 100`, 2);
}

/** Whoever is beyond loopback may be a real centre with real people waiting behind it. */
function refuseFlood({ mostRate }: LoadFlags, to: ListenPoint, rate: number): void {
  const most = mostRate === undefined ? foreignRate : rateOf("--most-rate", mostRate);
  const isBound = mostRate !== undefined || !isAllowed(to.host, []);
  if (!isBound || rate <= most) return;
  throw new UserError(
    `${rate} messages a second to ${pointText(to)}: more than ${most}`,
    `--most-rate ${Math.ceil(rate)}, if that receiver is for tests and whoever runs it knows`,
    4,
  );
}
