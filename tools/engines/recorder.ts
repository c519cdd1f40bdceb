/** Plays a story in the simulator and writes down the lives that it is asked for. */
import { playScenario } from "../../simulator/play.ts";
import { RunLog } from "../../simulator/report/run-log.ts";
import { parseScenario } from "../../simulator/scenario/scenario-file.ts";
import { plainStarters, type StartButton, type Starters, type StartUnit } from "../../simulator/starters.ts";
import { buttonHead, buttonSurrounding } from "./button-surrounding.ts";
import { PlayedButton } from "./guest/played-button.ts";
import { PlayedUnit } from "./guest/played-unit.ts";
import type { RecordedList } from "./lists.ts";
import { Recording } from "./recording.ts";
import type { Story, Take } from "./story.ts";
import { unitHead, unitSurrounding } from "./unit-surrounding.ts";

const seed = 1;

export async function recordStory(story: Story): Promise<RecordedList[]> {
  const scenario = parseScenario(story.scenario, "story.yaml");
  const desk = new RecordingDesk(story);
  const options = { seed, onProgress: () => {}, log: new RunLog(undefined), starters: desk };
  await playScenario(scenario, story.prepare === undefined ? options : { ...options, prepare: story.prepare });
  return desk.lists();
}

class RecordingDesk implements Starters {
  private readonly story: Story;
  private readonly lives: Map<string, number>;
  private readonly running: Map<Take, () => RecordedList>;

  constructor(story: Story) {
    this.story = story;
    this.lives = new Map();
    this.running = new Map();
  }

  /** In the order of the takes. Throws where a life never began. */
  lists(): RecordedList[] {
    return this.story.takes.map((take) => {
      const list = this.running.get(take);
      if (list === undefined) throw new Error(`story: the life for ${take.list} never began`);
      return list();
    });
  }

  unit(index: number): StartUnit {
    const { ports = same, settings: alter = same } = this.story;
    return (given, settings) => {
      const take = this.takeOf(index, "unit");
      const host = index === 0 ? ports(given) : given;
      const own = index === 0 ? alter(settings) : settings;
      if (take === undefined) return plainStarters.unit(index)(host, own);
      const recording = new Recording(
        unitHead(take.list, host, own, randomOf(take.list)),
        (stage, head) => new PlayedUnit(stage, head),
        (hear) => unitSurrounding(host, hear),
      );
      this.running.set(take, () => recording.list());
      recording.start();
    };
  }

  button(index: number, place: number): StartButton {
    return (host, bond, senses) => {
      const take = this.takeOf(index, place);
      if (take === undefined) return plainStarters.button(index, place)(host, bond, senses);
      const recording = new Recording(
        buttonHead(take.list, host, bond, senses, randomOf(take.list)),
        (stage, head) => new PlayedButton(stage, head),
        (hear) => buttonSurrounding(host, senses, hear),
      );
      this.running.set(take, () => recording.list());
      return recording.start();
    };
  }

  /** Counts the device's lives; only the first home of a story is written down. */
  private takeOf(index: number, device: Take["device"]): Take | undefined {
    if (index !== 0) return undefined;
    const life = (this.lives.get(`${device}`) ?? 0) + 1;
    this.lives.set(`${device}`, life);
    return this.story.takes.find((take) => take.device === device && take.life === life);
  }
}

/** A seed of its own for each list, by its name (FNV-1a, 32 bits). */
function randomOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash === 0 ? 1 : hash;
}

function same<T>(value: T): T {
  return value;
}
