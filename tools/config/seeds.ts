/** Gives every law of a test run the seed that the runner has chosen; a law that names its own keeps it. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["LIVLINA_SEED"]) });
