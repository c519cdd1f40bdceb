/** What the page of a fleet says, beside what every report says, in both languages. */

import { formatOf } from "../../report/page/format.ts";
import { type Language, type Texts as ReportTexts, catalogue as reportCatalogue } from "../../report/page/texts.ts";
import type { FleetView } from "./view.ts";

export { type Language, languages } from "../../report/page/texts.ts";

type Numbers = Pick<
  FleetView,
  "verdict" | "towns" | "units" | "presses" | "accepted" | "pending" | "lost" | "falseAccepted" | "unheard"
>;

const en = formatOf("en");
const english = {
  kindOfFleet: "Livlina fleet report",
  town: "Town",
  towns: "towns",
  inTowns: (towns: number) => (towns === 0 ? "in every town" : `not in ${en.count(towns)} towns`),
  saidOfFleet: ({ towns, units, presses, accepted, pending, lost, unheard }: Numbers) =>
    `In ${en.count(towns)} towns with ${en.count(units)} alarm units people pressed ${en.count(presses)} times. ` +
    `${en.count(accepted)} presses were accepted, ${en.count(lost)} lost, ${en.count(pending)} still waited at the end` +
    `${unheard === 0 ? "." : `, and ${en.count(unheard)} no unit could hear.`}`,
  byHour: "What happened when",
  byHourLegend:
    "Above: faults, at the same hours in every town. Below: units without a proven path, in all towns together.",
  withoutPath: "units without a proven path",
  waitingLegend: "Alarms in a unit's journal that nobody has accepted yet, in the mean of each step.",
  waitingAlarms: "waiting alarms",
  nobodyWithoutPath: "No unit was ever without a proven path.",
  percentiles: ["Half within", "95 % within", "99 % within", "99.9 % within", "Slowest"],
  slowestPresses: "Who waited longest",
  outages: "What the monitors said",
  outagesLegend: "Each town has a monitor of its own. Outages by what failed; those of single units by their number.",
  outagesNone: "No monitor had anything to say.",
  outageHeads: ["Cause", "What", "Towns", "Outages", "First suspected", "Last suspected"],
  ofFleet: "Of this fleet",
  ofTown: "Of every town",
  sample: "Towns played at the bytes of their modems too",
  sampleSaid: (towns: number, differing: number) =>
    differing === 0
      ? `${en.count(towns)}, and all came to the same.`
      : `${en.count(towns)}, and ${en.count(differing)} came to something else:`,
  coarse: "Modems were played coarsely: datagrams passed beside their lines.",
  failed: "Towns to look at",
  failedNone: "Everything held in every town.",
  failedSaid: (shown: number, all: number) =>
    `Something did not hold in ${all === 1 ? "1 town" : `${en.count(all)} towns`}. ${shown < all ? `The first ${en.count(shown)}; ` : ""}each can be played alone, with a report of its own:`,
  brokenTowns: "Towns that could not be played",
  why: "Why",
  repeatFleet: "How it was played",
  costSaid: (wallMs: number, cpuMs: number, peakBytes: number) =>
    `Played in ${en.duration(wallMs)}, with ${en.duration(cpuMs)} of processors and at most ${en.count(Math.round(peakBytes / 1_048_576))} MB in one process.`,
  codeSaid: "The same fleet, seed and code give the same digest, whoever plays which town. Code:",
  process: "Process",
  processorTime: "Processor time",
  filesOfFleet:
    "Beside this page: report.json (all of it; schema in report.schema.json), shards.jsonl (town by town), junit.xml, played.json.",
};
export type FleetTexts = ReportTexts & typeof english;

const sv = formatOf("sv");
const swedish: typeof english = {
  kindOfFleet: "Flottrapport från Livlina",
  town: "Ort",
  towns: "orter",
  inTowns: (towns) => (towns === 0 ? "på varje ort" : `inte på ${sv.count(towns)} orter`),
  saidOfFleet: ({ towns, units, presses, accepted, pending, lost, unheard }) =>
    `På ${sv.count(towns)} orter med ${sv.count(units)} trygghetslarm tryckte människor ${sv.count(presses)} gånger. ` +
    `${sv.count(accepted)} larm togs emot, ${sv.count(lost)} gick förlorade, ${sv.count(pending)} väntade ännu vid slutet` +
    `${unheard === 0 ? "." : `, och ${sv.count(unheard)} kunde inget larm höra.`}`,
  byHour: "Vad som hände när",
  byHourLegend:
    "Överst: fel, vid samma klockslag på alla orter. Underst: larm utan bevisad väg, på alla orter tillsammans.",
  withoutPath: "larm utan bevisad väg",
  waitingLegend: "Larm som står i journalen och som ingen har tagit emot, i medeltal under varje steg.",
  waitingAlarms: "väntande larm",
  nobodyWithoutPath: "Inget larm var någonsin utan bevisad väg.",
  percentiles: ["Hälften inom", "95 % inom", "99 % inom", "99,9 % inom", "Långsammast"],
  slowestPresses: "Vilka som väntade längst",
  outages: "Vad övervakningen sade",
  outagesLegend: "Varje ort har sin egen övervakning. Avbrott efter vad som föll; enstaka larms bara till antalet.",
  outagesNone: "Ingen övervakning hade något att säga.",
  outageHeads: ["Orsak", "Vad", "Orter", "Avbrott", "Först misstänkt", "Sist misstänkt"],
  ofFleet: "För hela flottan",
  ofTown: "För varje ort",
  sample: "Orter som också spelades med modemens alla tecken",
  sampleSaid: (towns, differing) =>
    differing === 0
      ? `${sv.count(towns)}, och alla slutade likadant.`
      : `${sv.count(towns)}, och ${sv.count(differing)} slutade på annat sätt:`,
  coarse: "Modemen spelades grovt: datagrammen gick bredvid deras ledningar.",
  failed: "Orter att titta på",
  failedNone: "Allt höll på varje ort.",
  failedSaid: (shown, all) =>
    `Något höll inte på ${all === 1 ? "1 ort" : `${sv.count(all)} orter`}. ${shown < all ? `De första ${sv.count(shown)}; ` : ""}var och en kan spelas för sig, med egen rapport:`,
  brokenTowns: "Orter som inte kunde spelas",
  why: "Varför",
  repeatFleet: "Hur det spelades",
  costSaid: (wallMs, cpuMs, peakBytes) =>
    `Spelat på ${sv.duration(wallMs)}, med ${sv.duration(cpuMs)} processortid och som mest ${sv.count(Math.round(peakBytes / 1_048_576))} MB i en process.`,
  codeSaid: "Samma flotta, frö och kod ger samma kontrollsumma, vem som än spelar vilken ort. Kod:",
  process: "Process",
  processorTime: "Processortid",
  filesOfFleet:
    "Bredvid den här sidan: report.json (allt; schema i report.schema.json), shards.jsonl (ort för ort), junit.xml, played.json.",
};

export function catalogue(language: Language): FleetTexts {
  return { ...reportCatalogue(language), ...(language === "sv" ? swedish : english) };
}
