/** People's habits in a scenario file to their plain form: rates as whole numbers, hours as minutes of the day. */
import type { Span } from "./scenario.ts";
import type { Complain, FilePath } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseHours, parseSharePpm, parseSpan } from "./scenario-units.ts";
import type { Wearers } from "./wearers.ts";

type Entry = NonNullable<ScenarioFile["wearers"]>;

const minutesOfDay = 1_440;

export function resolveWearers(entry: Entry | undefined, at: FilePath, complain: Complain): Wearers | undefined {
  if (entry === undefined) return undefined;
  if (Object.keys(entry).length === 0) complain(at, "these people do nothing", "say what they do, or leave this out");
  const hours = parseHours(entry.hours ?? "00:00-24:00") ?? { fromMinute: 0, toMinute: 0 };
  const isDay = hours.toMinute - hours.fromMinute === minutesOfDay;
  if (hours.toMinute === 0)
    complain([...at, "hours"], "expected hours whose end comes after their beginning", 'such as "06:00-22:00"');
  if (entry["at-night"] !== undefined && isDay)
    complain([...at, "at-night"], "there is no time outside the hours", 'add "hours:"');
  const { "test-press": test, away, "changes-button-battery": battery } = entry;
  const share = (text: string | undefined, usual: string, path: FilePath): number => {
    const ppm = parseSharePpm(text ?? usual);
    if (ppm === undefined) complain(path, "expected a share from 0 % to 100 %");
    return ppm ?? 0;
  };
  return {
    pressesPerThousandUnitDays: Math.round((entry["presses-per-unit-and-day"] ?? 0) * 1_000),
    ...hours,
    atNightPpm: share(entry["at-night"], "0 %", [...at, "at-night"]),
    testPress: test && {
      everyDays: test["every-days"] ?? 30,
      forgottenPpm: share(test.forgotten, "0 %", [...at, "test-press", "forgotten"]),
    },
    heedsPpm: share(entry["heeds-reminders"], "0 %", [...at, "heeds-reminders"]),
    fallsPerThousandUnitYears: Math.round((entry["falls-per-unit-and-year"] ?? 0) * 1_000),
    away: away && {
      perThousandUnitYears: Math.round(away["times-per-year"] * 1_000),
      for: spanOf(away.for, [...at, "away", "for"], complain),
      saysSoPpm: share(away["says-so"], "100 %", [...at, "away", "says-so"]),
    },
    changesBattery: battery && {
      after: spanOf(battery.after, [...at, "changes-button-battery", "after"], complain),
      forgottenPpm: share(battery.forgotten, "0 %", [...at, "changes-button-battery", "forgotten"]),
    },
  };
}

function spanOf(text: string, at: FilePath, complain: Complain): Span {
  const span = parseSpan(text);
  if (span === undefined) complain(at, `"${text}" goes from long to short`, "write the shorter time first");
  return span ?? { leastMs: 0, mostMs: 0 };
}
