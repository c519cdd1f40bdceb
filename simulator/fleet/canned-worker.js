/** Stands in for a process that plays towns, in tests: answers with towns from a file, and dies or falls silent where it is told to. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const [canned, mark] = process.argv.slice(2);
const { shards, dies, diesOnce, silent } = JSON.parse(readFileSync(canned, "utf8"));

process.on("message", ({ town }) => {
  if (dies.includes(town)) process.kill(process.pid, "SIGKILL");
  if (silent.includes(town)) return;
  if (diesOnce.includes(town) && !existsSync(`${mark}-${town}`)) {
    writeFileSync(`${mark}-${town}`, "");
    process.exit(9);
  }
  process.send({ type: "reached", virtualMs: 1 });
  process.send({ type: "played", played: shards[town - 1] });
});
process.on("disconnect", () => process.exit());
