/**
 * Every case there is for a unit on a bench, in the order in which they are run. Those come last that pair buttons anew: a button whose
 * battery was out books the air time of 64 frames, since it cannot know what it sent in the hour before, and has little left for others.
 */
import type { HilCase } from "../run/case.ts";
import type { Subject } from "../strategy/subject.ts";
import { bootCases } from "./boot.ts";
import { fallbackCases } from "./fallback.ts";
import { pairingCases } from "./pairing.ts";
import { batteryCases, mainsCases } from "./power.ts";
import { powerCutCases } from "./power-cuts.ts";
import { pressCases } from "./press.ts";
import { provisioningCases } from "./provisioning.ts";
import { radioCases } from "./radio.ts";
import { scenarioCases } from "./scenarios.ts";
import { selfTestCases } from "./self-test.ts";
import { soakCases } from "./soak.ts";
import { updateCases } from "./update.ts";
import { voiceCases } from "./voice.ts";

export const allCases: readonly HilCase<Subject>[] = [
  ...bootCases,
  ...pressCases,
  ...fallbackCases,
  ...batteryCases,
  ...mainsCases,
  ...selfTestCases,
  ...radioCases,
  ...voiceCases,
  ...scenarioCases,
  ...updateCases,
  ...powerCutCases,
  ...soakCases,
  ...provisioningCases,
  ...pairingCases,
];
