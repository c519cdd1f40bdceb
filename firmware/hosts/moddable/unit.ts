/** The alarm unit on Moddable's XS. */
import { board } from "livlina:board";
import { engine } from "./engine.ts";
import { startUnit } from "./start-unit.ts";

startUnit(board, engine);
