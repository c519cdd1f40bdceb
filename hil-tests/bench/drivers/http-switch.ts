/** A switched socket or an attenuator that is set by an HTTP GET, as Shelly, Tasmota and Mini-Circuits have it. */
import { cannot, type Driver } from "../actuator.ts";
import { RigError } from "../rig-error.ts";

export interface HttpSwitch {
  readonly on: string | undefined;
  readonly off: string | undefined;
  /** `{value}` stands for a number. */
  readonly set: string | undefined;
  /** Undefined: any answer of its host will do. */
  readonly check: string | undefined;
  /** What the answer must hold; undefined: anything. */
  readonly answer: string | undefined;
}

const answerMs = 5_000;

export function httpSwitch({ on, off, set, check, answer }: HttpSwitch): Driver {
  return {
    name: "http",
    set: async (value) => {
      const url = typeof value === "number" ? set?.replaceAll("{value}", String(value)) : value ? on : off;
      if (url === undefined) throw cannot("http", value);
      const text = await get(url, true);
      if (answer !== undefined && !text.includes(answer))
        throw new RigError(
          "actuator",
          `${url} answers ${JSON.stringify(text.slice(0, 80))}`,
          `it should hold ${answer}`,
        );
    },
    check: async () => {
      const url = check ?? on ?? set;
      if (url !== undefined) await get(check ?? new URL("/", url).href, check !== undefined);
    },
  };
}

/** `mustSucceed`: an answer that says no is none. */
async function get(url: string, mustSucceed: boolean): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
    if (mustSucceed && !response.ok) throw new Error(`HTTP ${response.status}`);
    return await response.text();
  } catch (thrown) {
    const { message, cause } = thrown as Error;
    const why = cause instanceof Error ? cause.message : message;
    throw new RigError("actuator", `${url}: ${why}`, "is the switch on the network, and its address right?");
  }
}
