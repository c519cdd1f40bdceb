/** What scripts cost on XS, against the budgets in the boards' files: the unit's by the board that runs XS, the button's by Puck.js. */
import type { Board } from "../boards.ts";
import type { ListCost } from "./playing.ts";
import type { Device } from "./runs.ts";

/** Whose file holds the budgets of events on XS. */
export const budgetBoards: Readonly<Record<Device, string>> = { unit: "wt32-eth01", button: "puck-js" };

/** Names of events that are the device's memory, in slots that are in use after a collection. */
export const bootEvent = "live-after-boot";
export const peakEvent = "live-at-peak";

/** The costs as the boards' files write them. */
export function eventsOf(cost: ListCost): Record<string, { computrons?: number; slots: number }> {
  const events: Record<string, { computrons?: number; slots: number }> = {};
  for (const [name, { computrons, slots }] of [...cost.events].sort(([one], [other]) => (one < other ? -1 : 1)))
    events[name] = { computrons, slots };
  events[bootEvent] = { slots: cost.bootLive };
  events[peakEvent] = { slots: cost.peakLive };
  return events;
}

/** What costs more than its budget, or has none, a line each. */
export function beyondBudget(cost: ListCost, board: Board): string[] {
  const complaints: string[] = [];
  for (const [name, spent] of Object.entries(eventsOf(cost))) {
    const budget = board.budget.events[name];
    if (budget === undefined) complaints.push(`${board.name}: no budget for the event ${name}`);
    for (const unit of ["computrons", "slots"] as const) {
      const [cost, limit] = [spent[unit] ?? 0, budget?.[unit]];
      if (limit !== undefined && cost > limit)
        complaints.push(`${board.name}: ${name} takes ${cost} ${unit}, budget ${limit}`);
    }
  }
  return complaints;
}

/** A table for people. */
export function costText(device: Device, cost: ListCost, board: Board): string {
  const rows = Object.entries(eventsOf(cost)).map(([name, spent]) => {
    const budget = board.budget.events[name];
    const count = cost.events.get(name)?.count;
    return [name, count, spent.computrons, budget?.computrons, spent.slots, budget?.slots];
  });
  const lines = [[device, "events", "computrons", "budget", "slots", "budget"], ...rows].map((row) =>
    row.map((cell, index) => (index === 0 ? `${cell}`.padEnd(18) : `${cell ?? ""}`.padStart(11))).join(""),
  );
  return `${lines.join("\n")}\n${shareText(cost, board)}`;
}

function shareText(cost: ListCost, board: Board): string {
  const { memory } = board.budget;
  const where = `the worst moment: ${cost.peakAt}\n`;
  if (!("slots" in memory)) return where;
  const percent = Math.round((cost.peakLive * 100) / memory.slots);
  return `${where}${cost.peakLive} slots at the worst moment are ${percent} % of the ${memory.slots} that ${board.title} has\n`;
}
