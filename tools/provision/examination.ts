/** Everything that a unit can be asked, in one object: for a diagnosis, an export, or a workshop that must not learn whose unit it was. */
import type { UnitSettings } from "../../firmware/settings.ts";
import { departmentsOf, routesOf } from "../../firmware/settings.ts";
import type { LogEntry } from "../../firmware/storage/log-entry.ts";
import { UserError } from "../user-error.ts";
import type { Symptoms } from "./diagnosis.ts";
import { isPersonal } from "./larmkod.ts";
import type { ServiceLink } from "./service-link.ts";
import { comparable, fileOf } from "./settings-file.ts";
import { readSettings } from "./unit-settings.ts";
import { checksOf, devicesOf, logFrom, pathsOf, reasonsOf } from "./unit-watch.ts";

export interface Examination extends Symptoms {
  readonly unit: string;
  readonly firmware: string;
  readonly iccid: string;
  /** As the unit shows them. */
  readonly shown: UnitSettings;
}

/** What tells most of a unit's health in its log. */
const troubleWords: readonly string[] = ["storage", "boot-loop", "settings-unreadable", "settings-rolled-back"];
const withheld = "(withheld)";

/** `isQuick`: nothing is tried, and nothing leaves the unit. */
export async function examine(link: ServiceLink, isQuick: boolean): Promise<Examination> {
  const status = await link.ask({ type: "status" }, "answer");
  const [state] = await link.list({ type: "state" }, "state");
  const { settings: shown, state: settings } = await readSettings(link);
  const devices = await devicesOf(link);
  const [sheet] = await link.list({ type: "sheet" }, "sheet");
  if (state === undefined) throw new UserError("the unit does not say how it stands", "give the command again", 3);
  const isTried = !isQuick && status.pending === 0;
  const count = routesOf(shown.policy).length * shown.receivers.length;
  const paths = isTried ? await pathsOf(link, count) : undefined;
  const checks = isTried ? await checksOf(link) : undefined;
  const reasons = await reasonsOf(link);
  return {
    unit: link.unit,
    firmware: link.version,
    iccid: sheet?.iccid ?? "",
    status,
    state,
    shown,
    settings,
    devices,
    paths,
    checks,
    reasons,
  };
}

export interface Logged {
  readonly examination: Examination;
  readonly log: readonly LogEntry[];
}

/** With the log, of which so many entries at most. */
export async function examineWithLog(link: ServiceLink, isQuick: boolean, most: number): Promise<Logged> {
  const examination = await examine(link, isQuick);
  const { entries } = await logFrom(link, 0, most);
  return { examination, log: entries };
}

/** Everything, for the unit's owner: what is secret in the settings is not shown by the unit itself. */
export function exportOf(serial: string, at: string, { examination, log }: Logged): object {
  const { shown, ...asked } = examination;
  return plain({ format: 1, what: "export", at, serial, ...asked, shown: fileOf(shown), log });
}

/**
 * For a workshop: symptoms, log, checks and versions without anything of the client, his larmkod, receivers, numbers or rooms. Throws
 * UserError (2) where a symptom itself names the client.
 */
export function repairBundleOf(
  serial: string,
  at: string,
  symptoms: readonly string[],
  { examination, log }: Logged,
): object {
  const secrets = clientTexts(examination);
  for (const symptom of symptoms) {
    const named = secrets.find((text) => symptom.includes(text)) ?? symptom.split(/\s+/).find(isPersonal);
    if (named !== undefined)
      throw new UserError(`a symptom names the client: ${named}`, "say what the unit does, not whose it is", 2);
  }
  const { shown, devices, iccid: _iccid, ...asked } = examination;
  const { policy, localPort, staggerMs, provenWithinS, receivers } = shown;
  return plain({
    format: 1,
    what: "repair-bundle",
    at,
    serial,
    symptoms,
    ...asked,
    devices: devices.map((device) => ({ ...device, where: device.where === "" ? "" : withheld, person: 0 })),
    shown: {
      policy,
      localPort,
      staggerMs,
      provenWithinS,
      receivers: receivers.map(({ transport, port }) => ({ transport: transport ?? "udp", port })),
      departments: { ...departmentsOf(shown), feedback: { ...departmentsOf(shown).feedback, whereToTurn: withheld } },
    },
    log,
  });
}

/** What names the client or leads to him, in the settings and devices of a unit. */
export function clientTexts({
  shown,
  devices,
  iccid,
}: Pick<Examination, "shown" | "devices" | "iccid">): readonly string[] {
  const { cid, domain, receivers, voice, sms, modem } = shown;
  const texts = [
    cid,
    domain,
    iccid,
    modem.apn,
    modem.user,
    ...receivers.flatMap(({ uri, host, address, user, answerFrom, serverName }) => [
      uri,
      host,
      address ?? "",
      user,
      serverName ?? "",
      ...answerFrom,
    ]),
    ...(voice === undefined
      ? []
      : [voice.fallbackNumber, ...voice.allowedNumbers, ...voice.receiverNumbers, ...voice.relatives]),
    sms?.number ?? "",
    departmentsOf(shown).feedback.whereToTurn,
    ...devices.map(({ where }) => where),
  ];
  return [...new Set(texts.filter((text) => text.length > 2))];
}

/** Events of the log that a workshop should see before anybody depends on the unit again. */
export function troublesIn(log: readonly LogEntry[]): readonly LogEntry[] {
  return log.filter(({ what }) => troubleWords.includes(what));
}

/** How a unit that was wiped differs from one that knows nothing: each line names what is left. */
export function leftOvers(before: Examination, after: Examination): readonly string[] {
  const left: string[] = [];
  if (after.state.life !== "wiped" && after.state.life !== "stored") left.push(`its life state is ${after.state.life}`);
  if (after.settings.source !== "fallback" || after.settings.version !== 0)
    left.push(`settings of version ${after.settings.version}`);
  if (after.devices.length > 0) left.push(`${after.devices.length} devices`);
  if (after.status.reports > 0) left.push(`${after.status.reports} reports`);
  if (after.unit === before.unit) left.push(`its name ${after.unit} in references`);
  const { cid, receivers } = before.shown;
  const own = [cid, ...receivers.map(({ uri }) => uri), ...before.devices.map(({ where }) => where)];
  const shownNow = JSON.stringify([comparable(after.shown), after.devices]);
  // What it was delivered with is shown again, and was never the client's.
  if (before.settings.source !== "fallback")
    for (const text of own) if (text !== "" && shownNow.includes(JSON.stringify(text))) left.push(`the text ${text}`);
  return left;
}

/** Bytes as hexadecimal text. */
export function plain(value: unknown): object {
  return JSON.parse(
    JSON.stringify(value, (_name, each: unknown) =>
      each instanceof Uint8Array ? Buffer.from(each).toString("hex") : each,
    ),
  ) as object;
}
