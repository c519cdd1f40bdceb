/** An event of a unit's log as a line for people (`firmware/storage/log-entry.ts` has the table of words). */
import { type LogEntry, logRows } from "../../firmware/storage/log-entry.ts";
import { commandRows } from "../../protocol/console/messages.ts";

const routes = ["", "broadband", "mobile"];

/** Such as `412  2026-11-22 10:48:27Z  accepted  broadband to receiver 1, report 65`. */
export function logLineText(entry: LogEntry): string {
  const parts = [detailText(entry), entry.number === 0 ? "" : `report ${entry.number}`, valueText(entry)];
  const told = parts.filter((part) => part !== "").join(", ");
  return `${entry.sequence}  ${timeText(entry)}  ${entry.what}${told === "" ? "" : `  ${told}`}`;
}

function timeText({ utcS, start, uptimeMs }: LogEntry): string {
  if (utcS > 0) return new Date(utcS * 1_000).toISOString().replace("T", " ").replace(".000Z", "Z");
  return `start ${start} + ${(uptimeMs / 1_000).toFixed(3)} s`;
}

function detailText({ what, detail }: LogEntry): string {
  if (what === "order") return commandRows[detail]?.type ?? `order ${detail}`;
  const means = logRows.find((row) => row.what === what)?.detail ?? "-";
  if (means.startsWith("route (")) {
    const receiver = (detail & 0x0f) === 0 ? "" : ` to receiver ${detail & 0x0f}`;
    return `${routes[detail >> 4] ?? `route ${detail >> 4}`}${receiver}`;
  }
  return means === "-" ? "" : `${means} ${detail}`;
}

function valueText({ what, value }: LogEntry): string {
  if (what === "order") return value > 0 ? `${value}` : "";
  const means = logRows.find((row) => row.what === what)?.value ?? "-";
  if (means === "-" || means.startsWith("session")) return "";
  if (means.startsWith("dty")) return `dty ${value >>> 16} stc ${value & 0xffff}`;
  return `${means} ${value}`;
}
