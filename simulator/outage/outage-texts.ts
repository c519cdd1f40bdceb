/** What is sent to people when an outage opens, goes on and closes, in Swedish and in English. */
import { causeNames } from "../monitor/monitor.ts";
import type { Said } from "../monitor/said.ts";
import { said } from "../monitor/said.ts";
import { localDate, localMinute } from "../scenario/scenario-clock.ts";
import type { Duty } from "./duty-calendar.ts";
import type { OutageRecord, OutageUpdate } from "./outage-record.ts";

/** Who answers for technical events, as a telephone number or in words. */
export interface Contacts {
  readonly office: string;
  readonly onCall: string;
}

const phaseWords: Readonly<Record<OutageUpdate["phase"], Said>> = {
  suspected: said("Suspected outage", "Misstänkt avbrott"),
  confirmed: said("Confirmed outage", "Bekräftat avbrott"),
  updated: said("Outage goes on", "Avbrottet fortsätter"),
  closed: said("Outage is over", "Avbrottet är över"),
};

/** One message: `Misstänkt avbrott 3: mobilnät alfa, 12 larm, sedan 2026-01-14 08:07. ...`. */
export function outageText(
  { number, cause, subject, suspectedMs, alarms, units: hit }: OutageRecord,
  { atMs, phase, units, evidence, evidenceSv, to }: OutageUpdate,
  startWallMs: number,
  contacts: Contacts,
): Said {
  const stamp = (ms: number): string => `${localDate(startWallMs + ms)} ${localMinute(startWallMs + ms)}`;
  const what = causeNames[cause];
  const since = stamp(suspectedMs);
  const many = { en: units === 1 ? "1 unit" : `${units} units`, sv: `${units} larm` };
  const contact = contacts[to === "office" ? "office" : "onCall"];
  const phaseSaid = phaseWords[phase];
  const open = phase !== "closed";
  const silent = hit.filter(({ backMs }) => backMs === null).length;
  const en = [
    `${phaseSaid.en} ${number}: ${what.en} ${subject}, ${many.en}, since ${since}.`,
    `${sentence(evidence)}.`,
    open
      ? "Ring or visit everyone on the list; an entry closes when the unit's next message is accepted."
      : `Closed ${stamp(atMs)}. Late alarms: ${alarms.late.length}, not delivered: ${alarms.undelivered.length}. ${stillEn(silent)}`,
    `${dutyWords[to].en}${contact === "" ? "" : `: ${contact}`}.`,
  ];
  const sv = [
    `${phaseSaid.sv} ${number}: ${what.sv} ${subject}, ${many.sv}, sedan ${since}.`,
    `${sentence(evidenceSv)}.`,
    open
      ? "Ring eller besök alla på listan; en rad stängs när larmets nästa meddelande har kvitterats."
      : `Avslutat ${stamp(atMs)}. Försenade larm: ${alarms.late.length}, ej mottagna: ${alarms.undelivered.length}. ${stillSv(silent)}`,
    `${dutyWords[to].sv}${contact === "" ? "" : `: ${contact}`}.`,
  ];
  return said(en.join(" "), sv.join(" "));
}

export const dutyWords: Readonly<Record<Duty, Said>> = {
  office: said("For the office", "Till teknikansvarig på kontorstid"),
  "on-call": said("For those on call", "Till jouren"),
};

function stillEn(silent: number): string {
  return silent === 0 ? "Every unit that was hit has a proven path again." : `Not heard since: ${silent}.`;
}

function stillSv(silent: number): string {
  return silent === 0 ? "Alla larm som berördes har en bevisad väg igen." : `Ännu inte hörda: ${silent}.`;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
