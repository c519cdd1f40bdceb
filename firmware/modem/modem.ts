/** A modem as the rest of the unit sees it: UDP sockets, the network's time, and the steps of its recovery. */
import type { Fact } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import { quectel } from "../../protocol/at/quectel.ts";
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
import { modemOff } from "./modem-state.ts";

export interface ModemOptions {
  readonly openLine: OpenSerial;
  readonly clock: Clock;
  readonly settings: ModemSettings;
  /** Called at each change of what is known of the modem. */
  readonly onChange: (report: ModemReport) => void;
  /** The network's wall clock, in ms since 1970: at each data context, and when the network sends it. */
  readonly onTime: (wallMs: number) => void;
  readonly observe: Observe | undefined;
  /** Quectel where absent. */
  readonly dialect?: Dialect;
  /** Cuts and restores the modem's power; absent where the board cannot. */
  readonly setPower?: (on: boolean) => void;
}

const socketLimit = 4;
const secretEffect: ModemEffect = { type: "interrupt" };

export class Modem {
  readonly openDatagram: OpenDatagramSocket;
  private readonly options: ModemOptions;
  private readonly dialect: Dialect;
  private readonly runner: Runner<ModemState, ModemEvent, ModemEffect>;
  private readonly session: AtSession;
  private readonly sockets: ModemSocket[];
  private nextSocket: number;
  private job: SocketJob | undefined;
  private depth: number;
  private timer: Timer | undefined;
  private calm: Timer | undefined;

  /** Starts by itself, right after this call. */
  constructor(options: ModemOptions) {
    this.options = options;
    this.dialect = options.dialect ?? quectel;
    const plan: ModemPlan = {
      dialect: this.dialect,
      settings: options.settings,
      canPower: options.setPower !== undefined,
    };
    this.sockets = [];
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
    this.session = new AtSession(options.openLine, this.dialect.failures, {
      onAnswer: (answer) => this.hearAnswer(answer),
      onLine: (line) => this.hearLine(line),
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
    if (id >= socketLimit || id >= this.dialect.socketLimit) throw new Error("modem: too many sockets");
    const socket = new ModemSocket(id, this.dialect, this.options.clock, wanted, () => this.serve());
    this.sockets.push(socket);
    const report = this.runner.state.report;
    if (report.at === "ready") socket.begin(report.address);
    return socket;
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
      if (this.session.asked !== undefined && this.session.asked.text === "AT+CGMM")
        this.feed({ type: "heard", fact: { type: "model", model: line } });
      return;
    }
    if (isSocketFact(fact)) {
      this.depth++;
      for (let i = 0; i < this.sockets.length; i++) {
        const socket = this.sockets[i] as ModemSocket;
        if (socket.id === fact.socket) socket.hear(fact);
      }
      this.depth--;
      this.serve();
      return;
    }
    this.feed({ type: "heard", fact });
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
      if (order === "open") socket.begin(address);
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
      if (effect.type === "ask" && isSecret(effect.exchange)) shown = [secretEffect];
    }
    observe("modem", event, shown);
  }
}

function isSocketFact(fact: Fact): fact is Extract<Fact, { socket: number }> {
  return fact.type === "socket-readable" || fact.type === "socket-opened" || fact.type === "socket-closed";
}

function isSecret(exchange: Exchange): boolean {
  return exchange.text.startsWith("AT+CPIN=") || exchange.text.startsWith("AT+QICSGP=");
}
