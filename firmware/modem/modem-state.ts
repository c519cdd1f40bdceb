/** What the modem machine knows, hears and orders: the values of `modem-machine.ts`. */
import type { Fact, Generation, Registration, SimState } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import { dialectOf } from "../../protocol/at/dialects.ts";
import { quectel } from "../../protocol/at/quectel.ts";

export type ModemAt = "off" | "booting" | "sim" | "registering" | "attaching" | "ready" | "failed";

/** Steps of the recovery ladder, weakest first; they are ordered from outside, by whoever sees that the route is lost. */
export type RecoveryStep = "reopen" | "reattach" | "reselect" | "reset" | "power-cycle";

/** Why the SIM keeps the modem from the network. */
export type SimFault = "none" | "absent" | "faulty" | "pin-missing" | "pin-refused" | "locked";

export interface ModemSettings {
  readonly apn: string;
  /** Login of the APN; "" where it has none. */
  readonly user: string;
  readonly password: string;
  /** PIN of the SIM; "" where it asks for none. */
  readonly pin: string;
  /** The file or name under which the modem keeps the certificate of whom to trust; "" or absent: its TLS checks nothing. */
  readonly caFile?: string | undefined;
  /** The name of its dialect; "" or absent: what its model says. */
  readonly dialect?: string | undefined;
  /**
   * Networks by number (MCC and MNC, 27.007 7.3) that a SIM with roaming may use, the best first: steered to in turn where the one
   * that the modem has chosen leads nowhere. Empty or absent: it always chooses itself.
   */
  readonly operators?: readonly string[] | undefined;
}

/** What stays the same for one modem. */
export interface ModemPlan {
  /** The modem's dialect; undefined lets the modem's own model decide. */
  readonly dialect: Dialect | undefined;
  readonly settings: ModemSettings;
  /** Whether the board can cut the modem's power. */
  readonly canPower: boolean;
}

/** What a unit is told of its modem. */
export interface ModemReport {
  readonly at: ModemAt;
  /** 0 (weakest) to 31, 99 unknown. */
  readonly signal: number;
  /** "" while unknown. */
  readonly operator: string;
  readonly generation: Generation;
  readonly roaming: boolean;
  /** The network refuses this subscription. */
  readonly denied: boolean;
  /** Own address on the mobile network, "" without one. */
  readonly address: string;
  readonly model: string;
  readonly simFault: SimFault;
  /** The network that the modem was told to use; "" where it chooses itself. */
  readonly selection: string;
}

export interface ModemFacts {
  readonly sim: SimState | "unknown";
  readonly packet: Registration;
  readonly circuit: Registration;
  readonly contextActive: boolean;
}

/**
 * Who has the line: nobody, the machine's own exchange, one lent to a user of the line, a sounding after a silence, or a pause in
 * which nothing is said; in `power-pause` the modem has no power.
 */
export type ModemLine = "idle" | "asked" | "lent" | "sounding" | "pause" | "power-pause";

export interface ModemState {
  readonly line: ModemLine;
  /** The exchange on the line; undefined when idle or in a pause. */
  readonly asking: Exchange | undefined;
  /** What this phase still says, from `index` on. */
  readonly todo: readonly Exchange[];
  readonly index: number;
  /** Failures since the modem was last ready for a while: the waits grow with them. */
  readonly tries: number;
  /** Unanswered calls for attention, or soundings, in a row. */
  readonly silences: number;
  /** How often the registration was asked for in vain. */
  readonly asks: number;
  /** PINs sent and not yet confirmed: a SIM locks itself after three wrong ones. */
  readonly pinsSent: number;
  /** Waits for the running exchange to end. */
  readonly ordered: RecoveryStep | undefined;
  /** The network's time was just asked for; news of it is not worth another question before the modem has calmed. */
  readonly timeAsked: boolean;
  /** A socket could not be opened: the context may be gone without a word, and is asked for when the line is free. */
  readonly doubted: boolean;
  /** The modem is starting on our order: its own word that it has started cuts the pause short. */
  readonly startExpected: boolean;
  /** The line was lent in the middle of a pause, which goes on afterwards. */
  readonly pausing: boolean;
  /** Which network was last chosen: 0 by the modem, from 1 on the place in the settings' list; below 0 none since the start. */
  readonly choice: number;
  /** Another network was chosen within the last five minutes: until then no other is. */
  readonly settling: boolean;
  readonly facts: ModemFacts;
  readonly report: ModemReport;
}

export type ModemEvent =
  /** The device is up. */
  | { readonly type: "powered" }
  | { readonly type: "heard"; readonly fact: Fact }
  | { readonly type: "answered"; readonly ok: boolean; readonly error: number }
  /** The patience or pause that was last asked for has passed. */
  | { readonly type: "waited" }
  /** The time of the last `calm` has passed. */
  | { readonly type: "calmed" }
  /** A user of the line has something to say; only a line that `isLendable` is lent, otherwise nothing happens. */
  | { readonly type: "offered"; readonly exchange: Exchange }
  /** The modem has refused to open a socket. */
  | { readonly type: "doubted" }
  /** The time of the last `settle` has passed. */
  | { readonly type: "settled" }
  | { readonly type: "ordered"; readonly step: RecoveryStep };

export type ModemEffect =
  /** Say it, for the machine itself or for the user that offered it; its patience starts now and replaces any pause. */
  | { readonly type: "ask"; readonly exchange: Exchange; readonly lent: boolean }
  /** The lent exchange got no answer. */
  | { readonly type: "lent-failed" }
  /** Give the running exchange up. */
  | { readonly type: "abandon" }
  /** End the running exchange early; its answer still comes. */
  | { readonly type: "interrupt" }
  | { readonly type: "pause"; readonly afterMs: number }
  /** The last pause goes on; the time of what came between has counted. */
  | { readonly type: "resume" }
  /** `calmed` is due when the modem stays ready for this long. */
  | { readonly type: "calm"; readonly afterMs: number }
  /** `settled` is due after this. */
  | { readonly type: "settle"; readonly afterMs: number }
  | { readonly type: "sockets"; readonly order: "open" | "fail" | "reopen" }
  | { readonly type: "power"; readonly on: boolean }
  | { readonly type: "tell-time"; readonly wallMs: number }
  | { readonly type: "tell-change" };

const operatorLimit = 8;
const noScript: readonly Exchange[] = [];

export const modemOff: ModemState = {
  line: "idle",
  asking: undefined,
  todo: noScript,
  index: 0,
  tries: 0,
  silences: 0,
  asks: 0,
  pinsSent: 0,
  ordered: undefined,
  timeAsked: false,
  doubted: false,
  startExpected: false,
  pausing: false,
  choice: -1,
  settling: false,
  facts: { sim: "unknown", packet: "none", circuit: "none", contextActive: false },
  report: {
    at: "off",
    signal: 99,
    operator: "",
    generation: "unknown",
    roaming: false,
    denied: false,
    address: "",
    model: "",
    simFault: "none",
    selection: "",
  },
};

/** The state with some fields changed. */
export function withChange(state: ModemState, change: Partial<ModemState>): ModemState {
  return Object.assign({}, state, change);
}

/** The state with another use of the line. Written out, since it runs twice for every exchange of every socket. */
export function withLine(state: ModemState, line: ModemLine, asking: Exchange | undefined): ModemState {
  return {
    line,
    asking,
    todo: state.todo,
    index: state.index,
    tries: state.tries,
    silences: state.silences,
    asks: state.asks,
    pinsSent: state.pinsSent,
    ordered: state.ordered,
    timeAsked: state.timeAsked,
    doubted: state.doubted,
    startExpected: state.startExpected,
    pausing: state.pausing,
    choice: state.choice,
    settling: state.settling,
    facts: state.facts,
    report: state.report,
  };
}

/** The state with some fields of its report changed. */
export function withReport(state: ModemState, change: Partial<ModemReport>): ModemState {
  return Object.assign({}, state, { report: Object.assign({}, state.report, change) });
}

/** The state after one line was heard: only what is known changes, never what is being done. */
export function learn(state: ModemState, fact: Fact): ModemState {
  switch (fact.type) {
    case "sim":
      return withFacts(state, { sim: fact.sim });
    case "registration":
      return learnRegistration(state, fact);
    case "signal":
      return withReport(state, { signal: fact.signal });
    case "operator":
      return withReport(state, {
        operator: fact.operator,
        generation: fact.generation === "unknown" ? state.report.generation : fact.generation,
      });
    case "context":
      return withReport(withFacts(state, { contextActive: fact.active }), { address: fact.active ? fact.address : "" });
    case "context-lost":
      return withReport(withFacts(state, { contextActive: false }), { address: "" });
    case "model":
      // A name that was damaged on the line does not make a known modem a stranger.
      if (dialectOf(fact.model) === undefined && dialectOf(state.report.model) !== undefined) return state;
      return withReport(state, { model: fact.model });
    default:
      return state;
  }
}

/** What is wrong with a list of networks, or undefined: at most 8, each of 5 or 6 digits. */
export function operatorsFault(operators: readonly string[]): string | undefined {
  if (operators.length > operatorLimit) return "more than " + operatorLimit + " networks";
  for (const plmn of operators) {
    let isDigits = plmn.length === 5 || plmn.length === 6;
    for (let i = 0; i < plmn.length; i++) {
      const code = plmn.charCodeAt(i);
      if (code < 48 || code > 57) isDigits = false;
    }
    if (!isDigits) return "not the number of a network: " + plmn;
  }
  return undefined;
}

/** How to speak to it: as planned, as its model says, and to a stranger as to a Quectel. */
export function dialectFor(plan: ModemPlan, state: ModemState): Dialect {
  return plan.dialect ?? dialectOf(state.report.model) ?? quectel;
}

/** Whether the line is free for a user of it: idle with a context, or in a pause of a registered modem that has none yet. */
export function isLendable(state: ModemState): boolean {
  if (state.report.at === "ready") return state.line === "idle";
  return state.report.at === "attaching" && state.line === "pause";
}

/** The card has gone, or wants its PIN, since it was last asked for. */
export function isSimGone(state: ModemState): boolean {
  const at = state.report.at;
  const sim = state.facts.sim;
  return (at === "registering" || at === "attaching" || at === "ready") && sim !== "ready" && sim !== "unknown";
}

export function isRegistered(facts: ModemFacts): boolean {
  return isOn(facts.packet) || isOn(facts.circuit);
}

/** The state in which only the modem can say whether there is still a context. */
export function doubtContext(state: ModemState): ModemState {
  return withFacts(withChange(state, { doubted: false }), { contextActive: false });
}

function learnRegistration(state: ModemState, fact: Extract<Fact, { type: "registration" }>): ModemState {
  const packet = fact.domain === "packet" ? fact.registration : state.facts.packet;
  const circuit = fact.domain === "circuit" ? fact.registration : state.facts.circuit;
  const next = withFacts(state, { packet, circuit });
  return withReport(next, {
    roaming: packet === "roaming" || circuit === "roaming",
    denied: !isRegistered(next.facts) && (packet === "denied" || circuit === "denied"),
    generation: isOn(fact.registration) && fact.generation !== "unknown" ? fact.generation : state.report.generation,
  });
}

function isOn(registration: Registration): boolean {
  return registration === "home" || registration === "roaming";
}

function withFacts(state: ModemState, change: Partial<ModemFacts>): ModemState {
  return Object.assign({}, state, { facts: Object.assign({}, state.facts, change) });
}
