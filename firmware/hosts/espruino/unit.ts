/** The alarm unit on Espruino. Started from Storage at boot. */
import { factory, journal, lines, pins, radio } from "livlina:board";
import { Unit } from "../../unit.ts";
import { factoryPageLimit } from "../factory-page.ts";
import { readUnitFactory } from "../unit-factory.ts";
import { engineObjects } from "./unit-globals.ts";
import { unitHostOf } from "./unit-host.ts";

function start(): void {
  const engine = engineObjects();
  const host = unitHostOf({ pins, lines, radio, journal }, engine);
  const settings = readUnitFactory(engine.flash.read(factoryPageLimit, factory.address));
  // It must not run on settings that nobody gave it.
  if (settings.ok) new Unit(host, settings.value);
  else host.signals.show("fault");
}

start();
