/** A button is taken into a unit: the label opens the window, the installer holds the button, and the unit says how it ended. */
import { UserError } from "../user-error.ts";
import type { Desk } from "./desk.ts";
import type { StepResult } from "./installation.ts";
import { failed, passed } from "./installation-steps.ts";
import { addressBytes } from "./label-code.ts";
import type { PlannedButton } from "./plan-file.ts";
import { buttonElsewhere, type RegistryFile } from "./registry-file.ts";
import type { ServiceLink } from "./service-link.ts";
import { devicesOf } from "./unit-watch.ts";

export interface PairOptions extends PlannedButton {
  readonly link: ServiceLink;
  readonly desk: Desk;
  readonly registry: RegistryFile | undefined;
  /** Serial of the unit. */
  readonly unit: string;
  readonly patienceMs: number;
}

const heldHint =
  "hold the button for 10 s close to the unit. One that belonged to another unit asks only when it is held right after its battery was put in";

/** A button that the unit has for that person already stays as it is. Throws UserError (4) where the registry has it at another unit. */
export async function pairButton(options: PairOptions): Promise<StepResult> {
  const { link, desk, label, name, person, where, registry, unit, patienceMs } = options;
  const elsewhere = registry === undefined ? undefined : buttonElsewhere(registry, name, unit);
  if (elsewhere !== undefined)
    throw new UserError(
      `button ${name} belongs to unit ${elsewhere} in the registry`,
      "take it out there first: livlina pair --revoke, or another button",
      4,
    );
  const known = (await devicesOf(link)).find(({ did, state }) => did === name && state !== "revoked");
  if (known !== undefined && known.person === person)
    return passed({ place: known.place, person, how: "was paired already" });
  link.forget("pairing");
  await link.order({
    type: "pair",
    address: addressBytes(label.address),
    label: label.key,
    person,
    form: label.form,
    where,
  });
  desk.say(`  hold button ${name} for 10 s close to the unit, until it shows that it has joined`);
  const endMs = performance.now() + patienceMs;
  for (let leftMs = patienceMs; leftMs > 0; leftMs = endMs - performance.now()) {
    const news = await link.next("pairing", leftMs);
    if (news === undefined) break;
    if (news.what === "found") desk.say("  found");
    if (news.what === "refused") return failed({ refused: news.why }, refusedHint(news.why));
    if (news.what === "joined") return { ...passed({ place: news.place, person: news.person }), changed: true };
    if (news.what === "ended") return failed({ ended: news.why }, heldHint);
  }
  await link.tryOrder({ type: "pair-end" });
  return failed({ ended: "nobody asked" }, heldHint);
}

function refusedHint(why: string): string {
  if (why === "slot-taken")
    return "the person has a newer button that was never pressed: press that one, or take it out";
  return why === "no-place" ? "the unit's table is full: take out what is gone" : "open the window again";
}
