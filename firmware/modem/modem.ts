/** A modem as the rest of the unit sees it: UDP sockets, the network's time, and the steps of its recovery. */
import type { Fact } from "../../protocol/at/answers.ts";
import { modelOf } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import { askModel } from "../../protocol/at/commands.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { Observe } from "../ports/host.ts";
import type { OpenSerial } from "../ports/serial.ts";
import type { DatagramOptions, DatagramSocket, OpenDatagramSocket } from "../ports/socket.ts";
import { Runner } from "../runner.ts";
import type { Answer } from "./at-session.ts";
import { AtSession } from "./at-session.ts";
import { stepModem } from "./modem-machine.ts";
import type { SocketJob } from "./modem-socket.ts";
import { ModemSocket } from "./modem-socket.ts";
import type {
  ModemEffect,
  ModemEvent,
  ModemPlan,
  ModemReport,
  ModemSettings,
  ModemState,
  RecoveryStep,
} from "./modem-state.ts";
import { dialectFor, modemOff } from "./modem-state.ts";
import type { SocketOwner } from "./socket-job.ts";

export interface ModemOptions {
  readonly openLine: OpenSerial;
  readonly clock: Clock;
  readonly settings: ModemSettings;
  /** Called at each change of what is known of the modem. */
  readonly onChange: (report: ModemReport) => void;
  /** The network's wall clock, in ms since 1970: at each data context, and when the network sends it. */
  readonly onTime: (wallMs: number) => void;
  readonly observe: Observe | undefined;
  /** What the modem's own model says where absent. */
  readonly dialect?: Dialect;
  /** Cuts and restores the modem's power; absent where the board cannot. */
  readonly setPower?: (on: boolean) => void;
}

type SocketFact = Extract<Fact, { socket: number }>;

/** No more than any dialect has. */
const socketLimit = 4;
const secretEffect: ModemEffect = { type: "interrupt" };

export class Modem {
  readonly openDatagram: OpenDatagramSocket;
  private readonly options: ModemOptions;
  private readonly plan: ModemPlan;
  private readonly runner: Runner<ModemState, ModemEvent, ModemEffect>;
  private readonly session: AtSession;
  private readonly sockets: ModemSocket[];
  private readonly socketOwner: SocketOwner;
  private nextSocket: number;
  private job: SocketJob | undefined;
  private depth: number;
  private timer: Timer | undefined;
  private calm: Timer | undefined;

  /** Starts by itself, right after this call. */
  constructor(options: ModemOptions) {
    this.options = options;
    const plan: ModemPlan = {
      dialect: options.dialect,
      settings: options.settings,
      canPower: options.setPower !== undefined,
    };
    this.plan = plan;
    this.sockets = [];
    this.socketOwner = {
      wake: () => this.serve(),
      doubt: () => this.feed({ type: "doubted" }),
      isHeld: (number) => this.isHeld(number),
    };
    this.nextSocket = 0;
    this.job = undefined;
    this.depth = 0;
    this.timer = undefined;
    this.calm = undefined;
    this.openDatagram = (wanted) => this.open(wanted);
    this.runner = new Runner<ModemState, ModemEvent, ModemEffect>(
      (state, event) => stepModem(plan, state, event),
      modemOff,
      (effect) => this.perform(effect),
      options.observe === undefined ? undefined : (event, effects) => this.observe(event, effects),
    );
    this.session = new AtSession(options.openLine, {
      onAnswer: (answer) => this.hearAnswer(answer),
      onLine: (line) => this.hearLine(line),
      onPrompt: () => this.hearPrompt(),
    });
    options.clock.after(0, () => this.feed({ type: "powered" }));
  }

  get report(): ModemReport {
    return this.runner.state.report;
  }

  /** A step of the recovery ladder is due; where it cannot be taken at once, the strongest one ordered waits. */
  recover(step: RecoveryStep): void {
    this.feed({ type: "ordered", step });
  }

  private open(wanted: DatagramOptions): DatagramSocket {
    this.forgetEnded();
    let id = 0;
    while (this.isTaken(id)) id++;
    if (id >= socketLimit) throw new Error("modem: too many sockets");
    const socket = new ModemSocket(id, this.options.clock, wanted, this.socketOwner);
    this.sockets.push(socket);
    const report = this.runner.state.report;
    if (report.at === "ready") socket.begin(report.address, this.dialect);
    return socket;
  }

  private get dialect(): Dialect {
    return dialectFor(this.plan, this.runner.state);
  }

  private isHeld(number: number): boolean {
    for (let i = 0; i < this.sockets.length; i++) if ((this.sockets[i] as ModemSocket).number === number) return true;
    return false;
  }

  private isTaken(id: number): boolean {
    for (let i = 0; i < this.sockets.length; i++) {
      const socket = this.sockets[i] as ModemSocket;
      if (socket.id === id && socket.at !== "ended") return true;
    }
    return false;
  }

  private feed(event: ModemEvent): void {
    this.depth++;
    this.runner.dispatch(event);
    this.depth--;
    this.serve();
  }

  /** Lends an idle line to the next socket that wants it. */
  private serve(): void {
    const state = this.runner.state;
    if (this.depth > 0 || state.line !== "idle" || state.report.at !== "ready") return;
    for (let i = 0; i < this.sockets.length; i++) {
      const index = (this.nextSocket + i) % this.sockets.length;
      const job = (this.sockets[index] as ModemSocket).next();
      if (job === undefined) continue;
      this.nextSocket = index + 1;
      this.job = job;
      this.feed({ type: "offered", exchange: job.exchange });
      return;
    }
  }

  private hearLine(line: string): void {
    const fact = this.dialect.factOf(line);
    if (fact === undefined) {
      // The model is a bare line: only the question tells what it is.
      const model = this.session.asked === askModel ? modelOf(line) : "";
      if (model !== "") this.feed({ type: "heard", fact: { type: "model", model } });
      return;
    }
    if (fact.type === "datagram-origin") {
      if (this.job !== undefined) this.job.socket.hear(fact);
    } else if (isSocketFact(fact)) this.hearSocket(fact);
    else this.feed({ type: "heard", fact });
  }

  private hearSocket(fact: SocketFact): void {
    const dialect = this.dialect;
    const job = this.job;
    this.depth++;
    if (dialect.choosesNumber && fact.type === "socket-opened") {
      // What has this number now is the socket that is being opened; another that had it before has lost it.
      for (let i = 0; i < this.sockets.length; i++) (this.sockets[i] as ModemSocket).forgetNumber(fact.socket);
      if (job !== undefined && job.kind === "open") job.socket.takeNumber(fact.socket);
    }
    for (let i = 0; i < this.sockets.length; i++) {
      const socket = this.sockets[i] as ModemSocket;
      if (socket.number === fact.socket) socket.hear(fact);
    }
    this.depth--;
    this.serve();
  }

  private hearPrompt(): void {
    const asked = this.session.asked;
    if (asked === undefined || asked.payloadAfterMs === 0) this.session.sayPayload();
    else this.options.clock.after(asked.payloadAfterMs, () => this.sayPayload(asked));
  }

  private sayPayload(asked: Exchange): void {
    if (this.session.asked === asked) this.session.sayPayload();
  }

  private hearAnswer(answer: Answer): void {
    const job = this.job;
    this.stopTimer();
    this.depth++;
    if (job !== undefined) {
      this.job = undefined;
      job.socket.answered(job.kind, answer);
      this.forgetEnded();
    }
    this.runner.dispatch({ type: "answered", ok: answer.ok, error: answer.error });
    this.depth--;
    this.serve();
  }

  private perform(effect: ModemEffect): void {
    switch (effect.type) {
      case "ask":
        this.ask(effect.exchange, effect.lent);
        return;
      case "lent-failed":
        if (this.job !== undefined) this.job.socket.unanswered(this.job.kind);
        this.job = undefined;
        return;
      case "abandon":
        this.session.abandon();
        return;
      case "interrupt":
        this.session.interrupt();
        return;
      case "pause":
        this.startTimer(effect.afterMs);
        return;
      case "calm":
        if (this.calm !== undefined) this.calm.cancel();
        this.calm = this.options.clock.after(effect.afterMs, () => this.feed({ type: "calmed" }));
        return;
      case "sockets":
        this.tellSockets(effect.order);
        return;
      case "power":
        if (this.options.setPower !== undefined) this.options.setPower(effect.on);
        return;
      case "tell-time":
        this.options.onTime(effect.wallMs);
        return;
      case "tell-change":
        if (this.runner.state.report.at !== "ready" && this.calm !== undefined) this.calm.cancel();
        this.options.onChange(this.runner.state.report);
        return;
    }
  }

  private ask(exchange: Exchange, lent: boolean): void {
    const job = lent ? this.job : undefined;
    if (job !== undefined) job.socket.begun(job.kind);
    this.session.start(exchange, job === undefined ? undefined : job.payload);
    this.startTimer(exchange.patienceMs);
  }

  private tellSockets(order: "open" | "fail" | "reopen"): void {
    const address = this.runner.state.report.address;
    for (let i = 0; i < this.sockets.length; i++) {
      const socket = this.sockets[i] as ModemSocket;
      if (order === "open") socket.begin(address, this.dialect);
      else if (order === "fail") socket.end();
      else socket.reopen();
    }
    this.forgetEnded();
  }

  private forgetEnded(): void {
    for (let i = this.sockets.length - 1; i >= 0; i--)
      if ((this.sockets[i] as ModemSocket).at === "ended") this.sockets.splice(i, 1);
  }

  private startTimer(afterMs: number): void {
    this.stopTimer();
    this.timer = this.options.clock.after(afterMs, () => this.feed({ type: "waited" }));
  }

  private stopTimer(): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
  }

  /** The log never sees a PIN. */
  private observe(event: ModemEvent, effects: readonly ModemEffect[]): void {
    const observe = this.options.observe;
    if (observe === undefined) return;
    let shown = effects;
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i] as ModemEffect;
      if (effect.type === "ask" && effect.exchange.secret) shown = [secretEffect];
    }
    observe("modem", event, shown);
  }
}

function isSocketFact(fact: Fact): fact is SocketFact {
  return fact.type === "socket-readable" || fact.type === "socket-opened" || fact.type === "socket-closed";
}
