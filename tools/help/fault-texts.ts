/** Every fault that a scenario or `livlina receiver --mode` knows, in a sentence. The compiler asks for each that is added. */
import type { ReceiverMode } from "../../simulator/peers/receiver-modes.ts";
import type { ScenarioFault } from "../../simulator/scenario/fault.ts";

type FaultName = ScenarioFault["fault"] | ReceiverMode;

export interface FaultText {
  /** What it happens to. */
  readonly of: string;
  readonly says: string;
}

const receiver = (says: string): FaultText => ({ of: "receiver", says });
const link = (says: string): FaultText => ({ of: "operator, cell or broadband", says });
const mobile = (says: string): FaultText => ({ of: "operator or cell", says });
const broadband = (says: string): FaultText => ({ of: "broadband", says });
const unit = (says: string): FaultText => ({ of: "unit or group", says });
const strangers = (says: string): FaultText => ({ of: "strangers", says });

export const faultTexts: Readonly<Record<FaultName, FaultText>> = {
  normal: receiver("No fault: 200, and an mrs with snu 0 after its latency."),
  slow: {
    of: "receiver, operator, cell or broadband",
    says: "A receiver: the mrs comes after 9 s. A link: each datagram is late.",
  },
  "silent-open": receiver("It hears, and never answers anything."),
  "silent-after-200": receiver(
    "Its front says 200, and nothing reaches the application: healthy from outside, nobody is served.",
  ),
  reject: receiver("200, then an mrs with snu 5 (not treated), whatever it is; no case."),
  busy: receiver("200, then an mrs with snu 6, whatever it is."),
  hold: receiver("200, then an mrs with snu 4 (wait) to each alarm and poll."),
  "wrong-ref": receiver("200, then an mrs with snu 0 under a reference that nobody sent: no acceptance of anything."),
  duplicate: receiver("The mrs comes twice, a second apart."),
  late: receiver("200, and the mrs after 25 s, later than a round waits."),
  "refuse-connect": receiver("Nothing is heard; live, its ports are closed."),
  dies: receiver("200 once, and from then on nothing is heard."),
  "sip-403": receiver("Its front refuses everything with 403."),
  "sip-500": receiver("Its front refuses everything with 500."),
  "sip-503": receiver("Its front refuses everything with 503 and a Retry-After."),
  "longer-ref": receiver("200, then an mrs with snu 0 under the reference that was sent and a character more."),
  "unknown-snu": receiver("200, then an mrs with snu 42, which no table holds, whatever it is."),
  "least-only": receiver("An alarm that says more than it must gets an mrs with snu 3; one that does not is accepted."),
  "stale-nonces": receiver("It calls the first nonce stale that it gives for a request, and takes the second."),
  "password-changed": receiver("Its front refuses every password with 401."),
  loaded: receiver("Its application handles fewer messages a second; the rest waits in its queue or is refused."),
  down: link("No link, and the unit can see it."),
  "no-data": link("The link looks well and carries nothing."),
  lossy: link("Many datagrams are lost."),
  congested: link("Datagrams are late, and many are lost."),
  gone: link("Down for good."),
  denied: mobile("Modems are turned away by the network."),
  "stale-sessions": mobile("What was connected carries nothing; what connects anew does."),
  "wrong-time": mobile("The network tells another time than it is."),
  "no-address": broadband("A link, and the router gives no address for it."),
  "no-names": broadband("Host names cannot be looked up."),
  off: { of: "power", says: "No mains in the area: units live on their batteries, masts and routers on theirs." },
  jammed: { of: "building", says: "A foreign transmitter drowns buttons and units." },
  dead: unit("No power any more, for good."),
  "power-cuts": unit("Mains and battery fail together for moments."),
  "clock-drift": unit("Its clock runs fast or slow."),
  "worn-flash": unit("Sectors of its memory fail one by one."),
  "frozen-modem": unit("The modem hears and says nothing."),
  "bad-release": unit("A firmware that sends nothing over any route is started, and at the end the former one again."),
  forged: strangers("Somebody answers a unit's messages with an acceptance that no receiver gave."),
  borrowed: strangers("The same, from the address of another receiver of the home than the one that was asked."),
  replayed: strangers("Radio packets of the home are taken down and played again later."),
};
