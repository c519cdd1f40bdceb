/** All stories that the lists are recorded from. Each list bears its name for ever: a story that changes changes its list. */
import { callStories } from "./stories-calls.ts";
import { faultStories } from "./stories-faults.ts";
import { homeStories } from "./stories-homes.ts";
import { button, routes, type Story, story, unit } from "./story.ts";

export const stories: readonly Story[] = [
  story({ duration: "8m", receivers: ["primary", "secondary"] }, [unit("press-unit"), button("press-button")]),
  story({ duration: "26h", home: routes.wired, presses: ["at: 3h, press: u"] }, [unit("day"), button("day-button")]),
  ...faultStories,
  ...callStories,
  ...homeStories,
];
