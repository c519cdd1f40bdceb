/** What a live unit prints: a line of JSON for programs, or one for people, for each thing that happens. */
import type { CallNews } from "../simulator/live/live-calls.ts";
import type { HomeNews } from "../simulator/live/live-home.ts";
import type { ReportNews } from "../simulator/live/live-reports.ts";

/**
 * One object for each step of a press or report; undefined for what only people are shown. Times are whole ms since the
 * start, receivers count from 1, and what an event has not is null.
 */
export function jsonLine(news: HomeNews): string | undefined {
  if (news.type === "pressed") {
    return JSON.stringify({ type: "pressed", t: news.t, stem: null, ref: null, ...noPath });
  }
  if (news.type === "call") return JSON.stringify({ type: "call", ...news.news });
  if (news.type !== "report" || news.news.type === "sent") return undefined;
  const { t, stem, ref, route, receiver, attempt } = news.news;
  return JSON.stringify({ type: nameOf(news.news), t, stem, ref, route, receiver, attempt });
}

/** `   1.284 s  accepted          ref Q4T8A000001S000, broadband, receiver 1, try 1`. */
export function readableLine(news: HomeNews): string {
  switch (news.type) {
    case "pressed":
      return lineOf(news.t, "pressed", "");
    case "button-showed":
      return lineOf(news.t, "button shows", signalTexts[news.signal] ?? news.signal);
    case "unit-showed":
      return lineOf(news.t, "unit shows", signalTexts[news.signal] ?? news.signal);
    case "call":
      return lineOf(
        news.news.t,
        news.news.what === "closed" ? "case closed" : `call ${news.news.what}`,
        callDetail(news.news),
      );
    case "report":
      return lineOf(news.news.t, nameOf(news.news), detail(news.news));
  }
}

const noPath = { route: null, receiver: null, attempt: null };

const signalTexts: Readonly<Record<string, string>> = {
  "given-up": "given up",
  "one-path-lost": "one path is lost",
  "no-path": "no path",
  "not-accepted": "not accepted yet",
};

const modeTexts = { duplex: "both talk", listen: "the far side listens", talk: "the far side talks" } as const;

const timeWidth = 9;
const nameWidth = 21;

function nameOf(news: ReportNews): string {
  return news.ofPress ? news.type : `report-${news.type}`;
}

function detail({ stem, ref, route, receiver, attempt }: ReportNews): string {
  const parts = [ref === null ? `stem ${stem}` : `ref ${ref}`];
  if (route !== null) parts.push(route, `receiver ${receiver}`);
  if (attempt !== null) parts.push(`try ${attempt}`);
  return parts.join(", ");
}

function callDetail({ what, medium, number, mode, key, reason, text }: CallNews): string {
  if (what === "told" || what === "closed" || what === "promised") return text ?? "";
  const parts = key === null ? [`${number ?? "number withheld"} over ${medium}`] : [key];
  if (mode !== null && what !== "dialling") parts.push(modeTexts[mode]);
  if (reason !== null) parts.push(reason === "hung-up" ? "by the unit" : reason);
  return parts.join(", ");
}

function lineOf(t: number, name: string, rest: string): string {
  return `${(t / 1000).toFixed(3).padStart(timeWidth)} s  ${name.padEnd(nameWidth)} ${rest}`.trimEnd();
}
