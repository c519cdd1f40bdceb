/** The contract of the ports on Espruino, in the place of the unit: each verdict is a line on the service line. */
import { journal, lines, pins, radio } from "livlina:board";
import { unitContract } from "../../ports/contract-unit.ts";
import { tellContract } from "../contract-lines.ts";
import { engineObjects } from "./unit-globals.ts";
import { unitHostOf } from "./unit-host.ts";

function start(): void {
  tellContract(unitHostOf({ pins, lines, radio, journal }, engineObjects()), unitContract, lines.service);
}

start();
