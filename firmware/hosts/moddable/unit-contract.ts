/** The contract of the ports on Moddable's XS, in the place of the unit: each verdict is a line on the service line. */
import { board } from "livlina:board";
import { unitContract } from "../../ports/contract-unit.ts";
import { tellContract } from "../contract-lines.ts";
import { engine } from "./engine.ts";
import { unitHostOf } from "./unit-host.ts";

tellContract(unitHostOf(board, engine), unitContract, board.lines.service);
