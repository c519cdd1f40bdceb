/** The bugs that the tests must catch, each a mistake that somebody could make. `npm run bugs` plants them one by one. */
import type { PlantedBug } from "./bug.ts";

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "a heartbeat interval is kept in seconds instead of minutes",
    file: "firmware/uplink/beats.ts",
    line: "turn.intervalMs = minutes * minuteMs;",
    instead: "turn.intervalMs = minutes * 1_000;",
    tests: ["firmware/uplink/"],
  },
];
