/** The telephone of a modem that is still to be built, with a telephone network of its own behind it: `part` goes into its options. */
import { dialectOf } from "../../protocol/at/dialects.ts";
import { callsVoice } from "../../protocol/at/voice-dialects.ts";
import { Exchange } from "../house/phone-exchange.ts";
import type { ModemPeer } from "./modem.ts";
import type { CallVendor } from "./modem-call-news.ts";
import { ModemCalls } from "./modem-calls.ts";
import type { ModemPart } from "./modem-options.ts";

export interface ModemTelephoneOptions {
  /** As the modem names itself; one without voice refuses to dial. */
  readonly model: string;
  /** The SIM's own. */
  readonly number: string;
  /** What the model says where absent. */
  readonly dataOnly?: boolean;
}

export class ModemTelephone {
  readonly part: (modem: ModemPeer) => ModemPart;
  private made: { readonly calls: ModemCalls; readonly exchange: Exchange } | undefined;

  constructor(options: ModemTelephoneOptions) {
    const { model, number } = options;
    const dataOnly = options.dataOnly ?? callsVoice(model) === false;
    this.made = undefined;
    this.part = (modem) => {
      const { host } = modem;
      const exchange = new Exchange({ nowMs: () => host.nowMs(), after: (ms, run) => host.after(ms, run) });
      const calls = new ModemCalls(modem, { exchange, number, vendor: vendorOf(model), dataOnly });
      this.made = { calls, exchange };
      return calls;
    };
  }

  /** Throws before the modem is built. */
  get calls(): ModemCalls {
    return this.built().calls;
  }

  /** The network behind it, for whoever else has a telephone. Throws before the modem is built. */
  get exchange(): Exchange {
    return this.built().exchange;
  }

  private built(): { readonly calls: ModemCalls; readonly exchange: Exchange } {
    if (this.made === undefined) throw new Error("telephone: its modem is not built");
    return this.made;
  }
}

function vendorOf(model: string): CallVendor {
  const name = dialectOf(model)?.name ?? "quectel";
  if (name === "simcom") return "simcom";
  return name.startsWith("ublox") ? "ublox" : "quectel";
}
