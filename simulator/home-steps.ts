/** What a timeline has people do at one home, done. */
import type { Home } from "./home.ts";
import type { Handling, TimelineStep } from "./scenario/timeline.ts";

/** On the floor its battery and its plug lose contact for a moment. */
const droppedMs = 1_000;
/** From one socket to the next. */
const movingMs = 300_000;

export function playStep(home: Home, step: TimelineStep): void {
  const { devices } = home;
  if ("press" in step) home.press(step.press.button);
  else if ("key" in step) home.key(step.key.name, step.key.hold);
  else if ("buttonBattery" in step) devices.changeBattery(step.buttonBattery.button);
  else if ("fall" in step) fall(home, step.fall.button, step.takenBackAfterMs);
  else if ("range" in step) devices.walk(step.range.button, step.isOut);
  else if ("lost" in step) devices.lose(step.lost.button, step.isFound);
  else if ("accessory" in step) devices.happen(step.accessory.place, step.happens);
  else if ("accessoryBattery" in step) devices.changeBattery(step.accessoryBattery.place);
  else if ("room" in step) home.house.climate.goTo(home.queue.nowMs, step.room.deciC);
  else if ("charge" in step) home.house.supply.setCharge(step.charge.permille);
  else if ("handle" in step) handle(home, step.handle.how);
  else home.visit(step.visit.acts);
}

function fall(home: Home, place: number, takenBackAfterMs: number | undefined): void {
  home.devices.fall(place, "felt");
  if (takenBackAfterMs !== undefined) home.queue.after(takenBackAfterMs, () => home.devices.fall(place, "taken-back"));
}

function handle(home: Home, how: Handling): void {
  const { lid, supply } = home.house;
  switch (how) {
    case "opened":
    case "closed":
      lid.lift(how === "opened");
      return;
    case "dropped":
      home.cutPower();
      home.queue.after(droppedMs, () => home.restorePower());
      return;
    case "moved":
      supply.plug(false);
      home.queue.after(movingMs, () => supply.plug(true));
      return;
    case "unplugged":
    case "plugged-in":
      supply.plug(how === "plugged-in");
      return;
    case "switched-off":
      supply.connectBattery(false);
      supply.plug(false);
      return;
    case "switched-on":
      supply.connectBattery(true);
      supply.plug(true);
      return;
  }
}
