/** The bugs that the tests must catch, each a mistake that somebody could make. `npm run bugs` plants them one by one. */
import { alarmBugs } from "./alarm-bugs.ts";
import type { PlantedBug } from "./bug.ts";
import { homeBugs } from "./home-bugs.ts";
import { lineBugs } from "./line-bugs.ts";
import { memoryBugs } from "./memory-bugs.ts";
import { pathBugs } from "./path-bugs.ts";
import { radioBugs } from "./radio-bugs.ts";

export const plantedBugs: readonly PlantedBug[] = [
  ...alarmBugs,
  ...pathBugs,
  ...lineBugs,
  ...radioBugs,
  ...memoryBugs,
  ...homeBugs,
];
