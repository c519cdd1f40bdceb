/** The unit's bundle for an engine without hardware: the firmware, and ports that play a list. */
import type { ListHead } from "./list.ts";
import { PlayedUnit } from "./played-unit.ts";
import { Replay } from "./replay.ts";

let replay: Replay | undefined;

livlina = {
  start: (head, telling) => {
    replay = new Replay(JSON.parse(head) as ListHead, telling, (stage, each) => new PlayedUnit(stage, each));
    return replay.start();
  },
  vectors: () => "",
  hear: (line) => (replay === undefined ? "" : replay.hear(line)),
};
