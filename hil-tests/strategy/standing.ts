/** How a unit stands, by its own word: where it is in its life, what it is set up with, whom it knows, and whether somebody waits. */
import type { UnitSettings } from "../../firmware/settings.ts";
import type { LifeWord } from "../../protocol/console/orders.ts";
import type { EventOf, ServiceLink } from "../../tools/provision/service-link.ts";
import { readSettings } from "../../tools/provision/unit-settings.ts";
import { devicesOf } from "../../tools/provision/unit-watch.ts";

export interface Standing {
  readonly life: LifeWord;
  /** What it runs on, without secrets. */
  readonly settings: UnitSettings;
  /** They are those of the factory: nobody has set it up. */
  readonly isFactory: boolean;
  /** On trial: nobody has accepted anything under them yet. */
  readonly isOnTrial: boolean;
  /** In the table of bonds, those taken out too. */
  readonly devices: readonly EventOf<"device">[];
  /** Alarms of people that nobody has accepted. */
  readonly pending: number;
}

/** Throws UserError where the line does not answer. */
export async function standingOf(link: ServiceLink): Promise<Standing> {
  const [state] = await link.list({ type: "state" }, "state");
  const { pending } = await link.ask({ type: "status" }, "answer");
  const read = await readSettings(link);
  return {
    life: state?.life ?? "stored",
    settings: read.settings,
    isFactory: read.state.stage === "none",
    isOnTrial: read.state.stage === "trial" || read.state.stage === "staged",
    devices: await devicesOf(link),
    pending,
  };
}
