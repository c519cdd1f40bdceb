/** Nobody is on the air for more than 3.6 s in any hour: 0.1 %, as ERC/REC 70-03 annex 7 asks in 869.2-869.25 MHz. */
import type { Air } from "../air/air.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import { type Checker, Findings, instant } from "./checker.ts";

export const dutyCycleCheck = "duty-cycle";
const mostUs = 3_600_000;

export class DutyCycle implements Checker {
  private readonly air: Air;

  constructor(air: Air) {
    this.air = air;
  }

  verdict(): CheckerVerdict {
    const findings = new Findings();
    for (const device of this.air.devices) {
      const { worstHourUs, worstAtMs } = this.air.airtimeOf(device);
      if (worstHourUs <= mostUs) continue;
      const seconds = (worstHourUs / 1_000_000).toFixed(3);
      findings.add(`${device.name} was on the air for ${seconds} s in the hour up to ${instant(worstAtMs)}`);
    }
    return findings.verdict(dutyCycleCheck, "no transmitter is on the air for more than 3.6 s in any hour");
  }
}
