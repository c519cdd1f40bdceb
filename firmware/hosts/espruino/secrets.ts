/** The Secrets port: chance from the chip, and the block function that suits the board. */
import { cipherOf } from "livlina:cipher";
import type { Secrets } from "../../ports/secrets.ts";
import type { EngineE } from "./engine.ts";

export function secretsOf(engine: EngineE): Secrets {
  return {
    random: (into) => {
      for (let i = 0; i < into.length; i++) into[i] = engine.hwRand() >>> 8;
    },
    aes: cipherOf,
  };
}
