/**
 * Gives every law of a test run the seed that the runner has chosen, and the number of runs where LIVLINA_RUNS names one;
 * a law that names its own keeps it.
 */
import fc from "fast-check";

const runs = process.env["LIVLINA_RUNS"];
const seed = Number(process.env["LIVLINA_SEED"]);

fc.configureGlobal(runs === undefined ? { seed } : { seed, numRuns: Number(runs) });
