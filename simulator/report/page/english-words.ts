/** English words for what can fail in a scenario, and the sentence that a report begins with. Part of the catalogue `english.ts`. */
import { formatOf } from "./format.ts";
import type { Answer } from "./view.ts";

const { count, duration } = formatOf("en");

export const objects: Readonly<Record<string, string>> = {
  receiver: "receiver",
  operator: "operator",
  cell: "cell",
  broadband: "broadband provider",
  power: "power area",
  building: "building",
  strangers: "strangers near",
  unit: "unit",
  group: "group",
};
export const faults: Readonly<Record<string, string>> = {
  "bad-release": "runs firmware that sends nothing",
  borrowed: "forge acceptances of another receiver",
  busy: "says that it is busy",
  "clock-drift": "has a clock that runs wrong",
  congested: "is congested",
  dead: "is dead",
  denied: "turns modems away",
  dies: "goes down with its first message",
  down: "is down",
  duplicate: "answers twice",
  forged: "forge acceptances",
  "frozen-modem": "has a frozen modem",
  gone: "is gone for good",
  hold: "asks to wait and accepts nothing",
  jammed: "is jammed",
  late: "accepts after 25 s",
  "least-only": "takes the shortest messages alone",
  loaded: "can handle little",
  "longer-ref": "accepts under references that are too long",
  lossy: "loses datagrams",
  "no-address": "gives no address",
  "no-data": "looks well and carries nothing",
  "no-names": "looks up no names",
  normal: "is as usual",
  off: "is without mains",
  "password-changed": "refuses every password",
  "power-cuts": "loses all power for moments",
  "refuse-connect": "refuses connections",
  reject: "rejects everything",
  replayed: "play radio packets again",
  "silent-after-200": "takes alarms and hands none on",
  "silent-open": "hears and never answers",
  "sip-403": "refuses with SIP 403",
  "sip-500": "refuses with SIP 500",
  "sip-503": "refuses with SIP 503",
  slow: "is slow",
  "stale-nonces": "calls its nonces stale",
  "stale-sessions": "carries nothing in old sessions",
  "unknown-snu": "answers with an unknown number",
  "worn-flash": "has worn memory",
  "wrong-ref": "accepts under foreign references",
  "wrong-time": "tells the wrong time",
};

/** The report in one or two sentences, beginning with yes or no, or saying that there is no answer. */
export function answerText(
  verdict: "passed" | "failed" | "interrupted",
  answer: Answer,
  broken: { readonly count: number; readonly all: number; readonly first: string; readonly found: string },
  durationMs: number,
): string {
  const { presses, accepted, pending, lost } = answer;
  const first = `First: ${broken.first}; found ${broken.found}.`;
  if (verdict === "failed")
    return `No: ${broken.count} of ${broken.all} promises did not hold. ${first} ${factsText(answer)}`;
  if (verdict === "interrupted") {
    const far = `${duration(answer.interruptedMs ?? 0)} of ${duration(durationMs)}`;
    const so = `So far ${count(accepted)} of ${count(presses)} presses were accepted, ${count(pending)} waited and ${count(lost)} were lost.`;
    return `No answer: the run was interrupted after ${far}, and no promise is judged. ${so}${broken.count === 0 ? "" : ` ${first}`}`;
  }
  if (presses === 0) return `Yes: everything that was promised held. ${factsText(answer)}`;
  const facts = factsText(answer);
  return `Yes: ${facts.slice(0, 1).toLowerCase()}${facts.slice(1)}`;
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
      ? "no unit was without a proven path"
      : `${pathless === 1 ? "1 unit was" : `${count(pathless)} units were`} without a proven path, the longest for ${duration(longestPathlessMs)}`;
  if (presses === 0) return `Nobody pressed in this run, and ${path}.`;
  const rest = [
    ...(unheard === 0 ? [] : [`${count(unheard)} no unit could hear`]),
    ...(pending === 0 ? [] : [`${count(pending)} still wait`]),
  ].join(", ");
  const taken =
    accepted === presses
      ? `All ${count(presses)} presses were accepted`
      : `${count(accepted)} of ${count(presses)} presses were accepted${rest === "" ? "" : `, ${rest}`}`;
  const slow =
    slowestMs === null ? "" : `${late === 0 ? "; the slowest took" : ", the slowest took"} ${duration(slowestMs)}`;
  const lateText = `${late === 0 ? "none was later than a minute" : `${count(late)} came later than a minute${pending === 0 ? "" : " or still wait"}`}${slow}`;
  const wrong = toldWrongly === 0 ? "nobody was told wrongly" : `${count(toldWrongly)} times somebody was told wrongly`;
  return `${taken}, ${lost === 0 ? "none was lost" : `${count(lost)} were lost`}, and ${wrong}. ${sentence(lateText)}; ${path}.`;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
