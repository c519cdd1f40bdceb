/** Reports in the journal: kept before anybody hears of them, found again after a restart. */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { Journal } from "../storage/journal.ts";
import { reportKind } from "../storage/record-kinds.ts";
import type { Report } from "./report.ts";
import { reportRecord, reportRecordLimit } from "./report-record.ts";

/** False where the journal took it nowhere: the report then lives in memory alone. */
export function keepReport(journal: Journal, report: Report): boolean {
  const to = new Writer(new Uint8Array(reportRecordLimit));
  reportRecord.encode(report, to);
  return !to.overrun && journal.write(reportKind, keyOf(report), to.written());
}

export function forgetReport(journal: Journal, report: Report): void {
  journal.remove(reportKind, keyOf(report));
}

/** Every report that a former run kept, in the order of their numbers. */
export function keptReports(journal: Journal): readonly Report[] {
  const reports: Report[] = [];
  journal.each(reportKind, (_key, bytes) => {
    const decoded = reportRecord.decode(readerOf(bytes));
    if (decoded.ok) reports.push(decoded.value);
  });
  return reports.sort((a, b) => a.number - b.number);
}

/** Numbers of reports that live at the same time are never 2^32 apart. */
function keyOf(report: Report): number {
  return report.number % 0x1_0000_0000;
}
