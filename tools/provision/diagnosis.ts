/**
 * What a unit's answers mean and who acts: pure, one table. A finding names what was seen, what to do, and the one who can do it; the
 * gravest comes first, and whoever is named first is the one to be called.
 */
import { faults } from "../../firmware/supervision/faults.ts";
import type { EventOf } from "./service-link.ts";

/** Who can put something right. */
export type Actor = "wearer" | "relative" | "installer" | "operator" | "receiver" | "supplier" | "nobody";

export interface Finding {
  /** 1: nobody may be reached now, 2: something will fail or is unproven, 3: to be known. */
  readonly weight: 1 | 2 | 3;
  readonly what: string;
  readonly act: string;
  readonly actor: Actor;
}

/** What was asked of a unit. */
export interface Symptoms {
  readonly status: EventOf<"answer">;
  readonly state: EventOf<"state">;
  readonly settings: EventOf<"settings">;
  readonly reasons: readonly EventOf<"reason">[];
  readonly devices: readonly EventOf<"device">[];
  /** Undefined where they were not tried. */
  readonly paths: readonly EventOf<"path">[] | undefined;
  readonly checks: readonly EventOf<"check">[] | undefined;
}

/** As people call them. */
export const actorTexts: Readonly<Record<Actor, string>> = {
  wearer: "the wearer, with a carer's help",
  relative: "a relative or carer at home",
  installer: "the installer, on a visit",
  operator: "the network operator's customer service",
  receiver: "the alarm receiver",
  supplier: "the supplier's workshop",
  nobody: "nobody: all is as it should be",
};

/** The gravest first; nothing where all is as it should be. */
export function findingsOf(symptoms: Symptoms): readonly Finding[] {
  const findings = [
    ...lifeFindings(symptoms),
    ...pathFindings(symptoms),
    ...unitFindings(symptoms),
    ...deviceFindings(symptoms.devices),
    ...settingsFindings(symptoms),
  ];
  return findings.sort((one, other) => one.weight - other.weight);
}

/** Who is called first. */
export function whoActs(findings: readonly Finding[]): Actor {
  return findings[0]?.actor ?? "nobody";
}

/** Paths by what they share: all of a receiver, or all of a route. */
export function pathFindings({ paths, reasons }: Pick<Symptoms, "paths" | "reasons">): readonly Finding[] {
  if (paths === undefined)
    return reasons.flatMap(({ what }) =>
      what === "no-path" || what === "one-path-lost" ? [untriedFinding(what)] : [],
    );
  const silent = paths.filter(({ result }) => result !== "accepted");
  if (silent.length === 0) return [];
  const receivers = [...new Set(paths.map(({ receiver }) => receiver))];
  const routes = [...new Set(paths.map(({ route }) => route))];
  const isAll = silent.length === paths.length;
  if (isAll && routes.length > 1)
    return [
      finding(
        1,
        "no receiver answers over any route",
        "one fault that hits every route is the receiver's: call it; then look at the unit's place",
        "receiver",
      ),
    ];
  const deadReceivers = receivers.filter((number) =>
    paths.every(({ receiver, result }) => receiver !== number || result !== "accepted"),
  );
  const deadRoutes = routes.filter((name) =>
    paths.every(({ route, result }) => route !== name || result !== "accepted"),
  );
  if (deadRoutes.length > 0) return deadRoutes.map((route) => routeFinding(route, isAll));
  if (deadReceivers.length > 0)
    return deadReceivers.map((number) =>
      finding(
        2,
        `receiver ${number} answers over no route`,
        `call receiver ${number}: the others answer over the same routes`,
        "receiver",
      ),
    );
  return silent.map(({ route, receiver }) =>
    finding(
      2,
      `receiver ${receiver} does not answer over ${route}`,
      "look again in ten minutes; if it stays so, call the receiver",
      "receiver",
    ),
  );
}

function untriedFinding(what: "no-path" | "one-path-lost"): Finding {
  return what === "no-path"
    ? finding(
        1,
        "the unit has no path to a receiver",
        "livlina path-test shows whether network or receiver is at fault",
        "installer",
      )
    : finding(2, "one path is lost", "livlina path-test shows which", "installer");
}

function routeFinding(route: EventOf<"path">["route"], isAll: boolean): Finding {
  const weight = isAll ? 1 : 2;
  if (route === "broadband")
    return finding(
      weight,
      "no receiver answers over broadband",
      "see that the router is on and the cable is in; then the broadband's customer service",
      "relative",
    );
  return finding(
    weight,
    "no receiver answers over the mobile network",
    "ask for outages at that place and whether the subscription is active",
    "operator",
  );
}

function lifeFindings({ status, state }: Symptoms): readonly Finding[] {
  const findings: Finding[] = [];
  if (status.pending > 0)
    findings.push(
      finding(
        1,
        `${status.pending} alarms wait for their acceptance`,
        "see to the person first; then find out why nobody accepts",
        "receiver",
      ),
    );
  if (state.test === "on")
    findings.push(finding(3, "test mode is on", "it ends by itself within 15 minutes", "installer"));
  switch (state.life) {
    case "in-service":
      break;
    case "installed":
    case "prepared":
      findings.push(
        finding(
          2,
          `the unit is ${state.life}: its installation was not closed`,
          "livlina provision goes on from its record",
          "installer",
        ),
      );
      break;
    case "suspended":
      findings.push(
        finding(3, "the unit is suspended", "it is put into service again when its owner is back", "installer"),
      );
      break;
    default:
      findings.push(
        finding(3, `the unit is ${state.life}: nobody depends on it`, "livlina provision sets it up", "installer"),
      );
  }
  return findings;
}

function unitFindings({ reasons, checks, state }: Symptoms): readonly Finding[] {
  const codes = new Set<number>();
  for (const { what, code } of reasons) if (what === "fault") codes.add(code);
  for (const { result, code } of checks ?? []) if (result === "failed") codes.add(code);
  const findings = [...codes].map(faultFinding);
  for (const { what } of reasons) {
    if (what === "mains-lost")
      findings.push(
        finding(
          2,
          "the unit has no mains",
          "put the plug in; with the power cut in the house, wait for it",
          "relative",
        ),
      );
    if (what === "battery-missing")
      findings.push(finding(2, "the battery is not connected", "connect it", "installer"));
    if (what === "battery-low")
      findings.push(finding(2, "the battery is low", "leave it on mains for a day; low again: replace it", "relative"));
    if (what === "battery-failed" || what === "battery-old")
      findings.push(finding(2, "the battery is worn", "replace it, then livlina battery-replaced", "installer"));
    if (what === "not-proven")
      findings.push(
        finding(
          2,
          "no receiver has accepted anything since the unit started",
          "livlina path-test; a press that is accepted proves it",
          "installer",
        ),
      );
  }
  if (state.days <= 30)
    findings.push(
      finding(
        3,
        `the battery should be replaced within ${state.days} days`,
        "take one along on the next visit",
        "installer",
      ),
    );
  return findings;
}

/** `field` is for whoever visits the home, `network` for the operator, `repair` for the workshop. */
function faultFinding(code: number): Finding {
  const fault = Object.values(faults).find((each) => each.code === `E${code}`);
  if (fault === undefined) return finding(2, `fault E${code}`, "a tool of the unit's version knows it", "supplier");
  const [first = "", ...rest] = fault.en.split(". ");
  const act = rest.join(". ");
  if (fault.kind === "repair") return finding(1, `E${code}: ${first}`, act, "supplier");
  return finding(2, `E${code}: ${first}`, act, fault.kind === "network" ? "operator" : "installer");
}

function deviceFindings(devices: readonly EventOf<"device">[]): readonly Finding[] {
  return devices.flatMap(({ did, place, state, lacks, days }) => {
    if (state === "revoked") return [];
    const name = `button or sensor ${did} (place ${place})`;
    const findings: Finding[] = [];
    if (state === "not-verified")
      findings.push(
        finding(2, `no call of ${name} was ever accepted`, "press it once with the receiver told before", "installer"),
      );
    if (lacks === "contact" || lacks === "both")
      findings.push(
        finding(2, `${name} is not heard`, "is it at home, and dry? press it; not heard: change its battery", "wearer"),
      );
    if (lacks === "battery" || lacks === "both")
      findings.push(finding(2, `${name} has a low battery`, "replace the battery, then press once", "installer"));
    else if (days <= 30)
      findings.push(finding(3, `${name}: battery for ${days} days`, "take one along on the next visit", "installer"));
    return findings;
  });
}

function settingsFindings({ settings, state }: Symptoms): readonly Finding[] {
  const findings: Finding[] = [];
  if (settings.source === "previous")
    findings.push(
      finding(
        2,
        "the unit runs on its former settings: the newest cannot be read",
        "livlina config set writes them anew",
        "installer",
      ),
    );
  if (settings.source === "fallback" && state.life !== "stored" && state.life !== "wiped")
    findings.push(
      finding(1, "the unit runs on what it was delivered with", "livlina provision sets it up", "installer"),
    );
  if (settings.stage === "trial")
    findings.push(
      finding(
        3,
        "new settings are on trial",
        "they are kept once a receiver has accepted something, or taken back within 10 minutes",
        "nobody",
      ),
    );
  if (state.open !== "")
    findings.push(
      finding(
        3,
        `nothing proves who receiver ${state.open.replaceAll(".", " and ")} is`,
        "reach it over TLS: livlina config set",
        "installer",
      ),
    );
  return findings;
}

function finding(weight: Finding["weight"], what: string, act: string, actor: Actor): Finding {
  return { weight, what, act, actor };
}
