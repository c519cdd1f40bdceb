/** Swedish words for what can fail in a scenario, and the sentence that a report begins with. Part of the catalogue `swedish.ts`. */
import { formatOf } from "./format.ts";
import type { Answer } from "./view.ts";

const { count, duration } = formatOf("sv");

export const objects: Readonly<Record<string, string>> = {
  receiver: "larmmottagaren",
  operator: "mobiloperatören",
  cell: "masten",
  broadband: "bredbandsleverantören",
  power: "elområdet",
  building: "huset",
  strangers: "obehöriga nära",
  unit: "trygghetslarmet",
  group: "gruppen",
};
export const faults: Readonly<Record<string, string>> = {
  "bad-release": "kör en programversion som inte sänder något",
  borrowed: "förfalskar kvittenser från en annan mottagare",
  busy: "svarar upptaget",
  "clock-drift": "har en klocka som går fel",
  congested: "är överbelastad",
  dead: "är helt dött",
  denied: "släpper inte in modem",
  dies: "stannar vid första meddelandet",
  down: "ligger nere",
  duplicate: "svarar två gånger",
  forged: "förfalskar kvittenser",
  "frozen-modem": "har ett modem som hängt sig",
  gone: "är borta för gott",
  hold: "ber larmen vänta och kvitterar inget",
  jammed: "är radiostört",
  late: "kvitterar efter 25 s",
  "least-only": "tar bara emot de kortaste meddelandena",
  loaded: "hinner med få larm",
  "longer-ref": "kvitterar med för lång referens",
  lossy: "tappar datapaket",
  "no-address": "delar inte ut någon adress",
  "no-data": "ser hel ut men släpper inte fram något",
  "no-names": "slår inte upp några namn",
  normal: "är som vanligt",
  off: "är strömlöst",
  "password-changed": "avvisar alla lösenord",
  "power-cuts": "blir helt strömlöst korta stunder",
  "refuse-connect": "nekar uppkoppling",
  reject: "avvisar allt",
  replayed: "spelar upp radiomeddelanden igen",
  "silent-after-200": "tar emot larm men lämnar dem inte vidare",
  "silent-open": "hör men svarar aldrig",
  "sip-403": "avvisar med SIP 403",
  "sip-500": "avvisar med SIP 500",
  "sip-503": "avvisar med SIP 503",
  slow: "är långsam",
  "stale-nonces": "kallar sina engångsnummer för gamla",
  "stale-sessions": "släpper inte fram något i gamla uppkopplingar",
  "unknown-snu": "svarar med ett okänt nummer",
  "worn-flash": "har slitet minne",
  "wrong-ref": "kvitterar med fel referens",
  "wrong-time": "anger fel tid",
};

/** As `answerText` of the English catalogue. */
export function answerText(
  verdict: "passed" | "failed" | "interrupted",
  answer: Answer,
  broken: { readonly count: number; readonly all: number; readonly first: string; readonly found: string },
  durationMs: number,
): string {
  const { presses, accepted, pending, lost } = answer;
  const first = `Först: ${broken.first}; resultat: ${broken.found}.`;
  if (verdict === "failed")
    return `Nej: ${broken.count} av ${broken.all} löften hölls inte. ${first} ${sentence(factsText(answer))}`;
  if (verdict === "interrupted") {
    const far = `${duration(answer.interruptedMs ?? 0)} av ${duration(durationMs)}`;
    const so = `Dittills var ${count(accepted)} av ${count(presses)} larm kvitterade, ${count(pending)} väntade och ${count(lost)} var förlorade.`;
    return `Inget svar: körningen avbröts efter ${far}, och inget löfte är bedömt. ${so}${broken.count === 0 ? "" : ` ${first}`}`;
  }
  if (presses === 0) return `Ja: allt som lovades hölls. ${sentence(factsText(answer))}`;
  return `Ja: ${factsText(answer)}`;
}

function factsText({
  presses,
  accepted,
  pending,
  unheard,
  lost,
  late,
  slowestMs,
  toldWrongly,
  pathless,
  longestPathlessMs,
}: Answer): string {
  const path =
    pathless === 0
      ? "inget trygghetslarm var utan bevisad kontakt"
      : `${count(pathless)} trygghetslarm var utan bevisad kontakt, som längst i ${duration(longestPathlessMs)}`;
  if (presses === 0) return `ingen larmade under körningen, och ${path}.`;
  const rest = [
    ...(unheard === 0 ? [] : [`${count(unheard)} kunde inget trygghetslarm höra`]),
    ...(pending === 0 ? [] : [`${count(pending)} väntar ännu`]),
  ].join(", ");
  const taken =
    accepted === presses
      ? `alla ${count(presses)} larm kvitterades`
      : `${count(accepted)} av ${count(presses)} larm kvitterades${rest === "" ? "" : `, ${rest}`}`;
  const slow =
    slowestMs === null
      ? ""
      : `${late === 0 ? "; det långsammaste tog" : ", det långsammaste tog"} ${duration(slowestMs)}`;
  const lateText = `${late === 0 ? "inget dröjde mer än en minut" : `${count(late)} dröjde mer än en minut${pending === 0 ? "" : " eller väntar ännu"}`}${slow}`;
  const wrong =
    toldWrongly === 0 ? "ingen fick felaktigt besked" : `${count(toldWrongly)} gånger gavs felaktigt besked`;
  return `${taken}, ${lost === 0 ? "inget förlorades" : `${count(lost)} förlorades`}, och ${wrong}. ${sentence(lateText)}; ${path}.`;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
