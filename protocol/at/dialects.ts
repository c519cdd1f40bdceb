/** Which dialect a modem speaks, told by the model it names itself (27.007 5.2). */

import type { Dialect } from "./commands.ts";
import { modelName } from "./model-name.ts";
import { quectel } from "./quectel.ts";
import { simcom } from "./simcom.ts";
import { ublox, ubloxProfile } from "./ublox.ts";

interface Family {
  /** How the model begins, in capitals, behind a maker's name in front of it. */
  readonly start: string;
  readonly dialect: Dialect;
}

/** The longer start stands before the shorter that it begins with. */
const families: readonly Family[] = [
  { start: "SIM75", dialect: simcom },
  { start: "SIM76", dialect: simcom },
  { start: "SIM82", dialect: simcom },
  { start: "A76", dialect: simcom },
  { start: "SARA-R5", dialect: ubloxProfile },
  { start: "SARA-U2", dialect: ubloxProfile },
  { start: "SARA-", dialect: ublox },
  { start: "LENA-", dialect: ublox },
  { start: "LARA-R6", dialect: ublox },
  { start: "LARA-", dialect: ubloxProfile },
  { start: "TOBY-", dialect: ubloxProfile },
  { start: "EG", dialect: quectel },
  { start: "EC2", dialect: quectel },
  { start: "BG", dialect: quectel },
];
const known: readonly Dialect[] = [quectel, simcom, ublox, ubloxProfile];

/** The dialect of that name, such as "simcom"; undefined where there is none. */
export function dialectNamed(name: string): Dialect | undefined {
  for (const dialect of known) if (dialect.name === name) return dialect;
  return undefined;
}

/** The dialect of a model such as "SIMCOM_SIM7600E"; undefined where the model is none of the known ones. */
export function dialectOf(model: string): Dialect | undefined {
  const name = modelName(model);
  for (let i = 0; i < families.length; i++) {
    const family = families[i] as Family;
    if (name.startsWith(family.start)) return family.dialect;
  }
  return undefined;
}
