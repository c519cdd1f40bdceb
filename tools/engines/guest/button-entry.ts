/** The button's bundle for an engine without hardware: the firmware, and ports that play a list. */
import type { ListHead } from "./list.ts";
import { PlayedButton } from "./played-button.ts";
import { Replay } from "./replay.ts";

let replay: Replay | undefined;

livlina = {
  start: (head, telling) => {
    replay = new Replay(JSON.parse(head) as ListHead, telling, (stage, each) => new PlayedButton(stage, each));
    return replay.start();
  },
  vectors: () => "",
  hear: (line) => (replay === undefined ? "" : replay.hear(line)),
};
