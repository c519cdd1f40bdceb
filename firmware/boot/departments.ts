/**
 * Which parts of the unit run in minimal alarm mode. What carries an alarm from a press to its acceptance stays on, and what
 * could save somebody while the unit is ill; what only makes life better, and may be what brings the unit down, stays off.
 */
export type Department =
  | "journal"
  | "alarms"
  | "radio"
  | "routes"
  | "lamps"
  | "accessories"
  | "power"
  | "voice"
  | "service-line"
  | "event-log"
  | "settings-trial"
  | "updates"
  | "speech"
  | "pairing"
  | "supervision"
  | "self-check"
  | "daily-test"
  | "household"
  | "inactivity"
  | "time-service";

export interface DepartmentRow {
  readonly name: Department;
  readonly inMinimal: boolean;
  readonly because: string;
}

export function runsInMinimal(department: Department): boolean {
  for (const row of departmentRows) if (row.name === department) return row.inMinimal;
  return false;
}

export const departmentRows: readonly DepartmentRow[] = [
  { name: "journal", inMinimal: true, because: "no alarm is called received before it is on flash" },
  { name: "alarms", inMinimal: true, because: "they are what the unit is for" },
  { name: "radio", inMinimal: true, because: "presses come over it" },
  { name: "routes", inMinimal: true, because: "alarms leave over them; beats prove them" },
  { name: "lamps", inMinimal: true, because: "the wearer must see what became of a press" },
  { name: "accessories", inMinimal: true, because: "smoke and gas are alarms too" },
  { name: "power", inMinimal: true, because: "a unit on its battery must say so before it is flat" },
  { name: "voice", inMinimal: true, because: "the receiver may have to speak to the wearer" },
  { name: "service-line", inMinimal: true, because: "somebody has to find out what is wrong" },
  { name: "event-log", inMinimal: true, because: "it holds the cause" },
  { name: "settings-trial", inMinimal: true, because: "new settings may be the cause, and are taken back by it" },
  { name: "updates", inMinimal: true, because: "a new image may be the cause, and is taken back by it" },
  { name: "speech", inMinimal: false, because: "lamp and button tell the same" },
  { name: "pairing", inMinimal: false, because: "nobody installs on a unit that is ill" },
  { name: "supervision", inMinimal: false, because: "a missing check-in can wait for a stable hour" },
  { name: "self-check", inMinimal: false, because: "it touches every part, also the one that fails" },
  { name: "daily-test", inMinimal: false, because: "the report of the mode itself tells more" },
  { name: "household", inMinimal: false, because: "temperature and presence save nobody within the hour" },
  { name: "inactivity", inMinimal: false, because: "its window would begin anew with every start" },
  { name: "time-service", inMinimal: false, because: "an alarm goes out without a clock" },
];
