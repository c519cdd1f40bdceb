/** What a story does to the memory of its units: writes that a power cut tears, and flash that lies. */
import type { Draft } from "./draft.ts";
import { Draw } from "./draw.ts";
import { seconds } from "./story.ts";

/** Power that goes in the middle of a write: what is half written then, the next start must make firm. */
export function tearWrites(seed: number, draft: Draft): void {
  const draw = new Draw(seed, "torn writes");
  draft.faults.forEach((fault, at) => {
    if (fault.fault === "power-cuts") draft.faults[at] = { ...fault, torn: draw.pick(["30 %", "100 %"]) };
  });
}

/** Flash that says that all went well where nothing did, shortly before somebody calls for help, and a restart while that waits. */
export function lieInMemory(seed: number, draft: Draft): void {
  const draw = new Draw(seed, "memory that lies");
  const worn = new Set<string>();
  for (const step of draft.timeline) {
    if (!("press" in step) || worn.has(step.press)) continue;
    const atS = Number.parseInt(step.at, 10);
    const fromS = atS - draw.between(20, 120);
    if (fromS < 1 || atS + 20 > draft.hurtS) continue;
    worn.add(step.press);
    const cells = draw.pick(["10 %", "30 %"]);
    const window = { from: seconds(fromS), to: seconds(fromS + 10) };
    draft.faults.push({ unit: step.press, fault: "worn-flash", cells, silently: true, ...window });
    const cutS = atS + draw.between(1, 10);
    const cut = { from: seconds(cutS), to: seconds(cutS + 2) };
    draft.faults.push({ unit: step.press, fault: "power-cuts", "per-day": 100_000, "off-for": "1s to 20s", ...cut });
  }
}
