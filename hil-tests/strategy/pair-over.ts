/** A button joins the unit as an installer makes it: its label opens the window, an actuator holds it, the unit says how it ended. */
import { addressText } from "../../tools/provision/label-code.ts";
import { pairButton } from "../../tools/provision/pairing.ts";
import type { ServiceLink } from "../../tools/provision/service-link.ts";
import { UserError } from "../../tools/user-error.ts";
import type { BenchDevice } from "../bench/bench.ts";
import type { Subject } from "./subject.ts";

/** How long a button is held until it asks for a unit, and a little. */
const holdMs = 10_500;
/** How long its battery is out, so that it forgets that it was ever held. */
const batteryOutMs = 1_000;

/** A button that the unit knows already stays as it is. Rejects where it does not join, with UserError where the bench cannot pair it. */
export async function pairOver(link: ServiceLink, subject: Subject, number: number, patienceMs: number): Promise<void> {
  const button = subject.buttons[number - 1];
  const label = button?.label;
  if (button === undefined || label === undefined)
    throw new UserError(
      `bench ${subject.bench.name} knows no label of button ${number}`,
      "label: in the bench file",
      3,
    );
  let held: Promise<void> = Promise.resolve();
  const say = (text: string): void => {
    if (text.includes("hold button")) held = hold(subject, button).catch((thrown: Error) => link.lose(thrown.message));
  };
  const desk = { say, ask: () => Promise.resolve(""), close: () => {} };
  const planned = { label, name: addressText(label.address), person: number, where: "" };
  const result = await pairButton({ link, desk, registry: undefined, unit: subject.unit.name, patienceMs, ...planned });
  await held;
  if (!result.passed) throw new Error(`button ${number} did not join: ${JSON.stringify(result.facts)}; ${result.hint}`);
}

/** One that belonged to a unit before asks only when it is held right after its battery was put in. */
async function hold(subject: Subject, button: BenchDevice): Promise<void> {
  const { bench } = subject;
  const battery = bench.actuator("battery", button.name);
  const finger = bench.actuator("press", button.name);
  if (finger === undefined)
    throw new UserError(`bench ${bench.name} cannot press ${button.name}`, "a press actuator", 3);
  if (battery !== undefined) {
    await battery.set(false);
    await bench.sleep(batteryOutMs);
    await battery.set(true);
  }
  // One that had a unit before takes the hold for a press as well, and tells its new unit of it.
  subject.isFresh = false;
  await finger.pulse(holdMs);
}
