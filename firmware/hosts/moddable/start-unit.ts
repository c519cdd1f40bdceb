/**
 * Starts the unit on what its factory page says. One whose page cannot be read shows a fault and waits: it must not run on settings that
 * nobody gave it.
 */
import { Unit } from "../../unit.ts";
import type { BoardWiring } from "../board.ts";
import { factoryPageLimit } from "../factory-page.ts";
import { readUnitFactory } from "../unit-factory.ts";
import { flashOver } from "./flash.ts";
import { type EngineModules, unitHostOf } from "./unit-host.ts";

/** Undefined where the factory page cannot be read: the lamp shows a fault. Throws where the board has no such radio or flash. */
export function startUnit<T>(board: BoardWiring, engine: EngineModules<T>): Unit | undefined {
  const host = unitHostOf(board, engine);
  const page = new Uint8Array(factoryPageLimit);
  const pages = {
    address: board.factory.address,
    sectorSize: board.factory.sectorSize,
    sectorCount: 1,
    programUnit: board.journal.programUnit,
  };
  flashOver(engine.flash, "factory_data", pages).read(0, page);
  const settings = readUnitFactory(page);
  if (settings.ok) return new Unit(host, settings.value);
  host.signals.show("fault");
  return undefined;
}
