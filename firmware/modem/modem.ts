/** A modem as the rest of the unit sees it: sockets, whoever else uses its line, the network's time, and the steps of its recovery. */
import { modelOf } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import { askModel } from "../../protocol/at/commands.ts";
import { simNewsOf } from "../../protocol/at/sim.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { Observe } from "../ports/host.ts";
import type { LookUp } from "../ports/names.ts";
import type { OpenSerial } from "../ports/serial.ts";
import type { DatagramOptions, DatagramSocket, OpenDatagramSocket } from "../ports/socket.ts";
import type { OpenStream, Stream, StreamOptions } from "../ports/stream.ts";
import { Runner } from "../runner.ts";
import type { Answer } from "./at-session.ts";
import { AtSession } from "./at-session.ts";
import { DataSocket } from "./data-socket.ts";
import type { LineJob, LineUser } from "./line-user.ts";
import type { SocketFact } from "./line-users.ts";
import { isSocketFact, LineUsers } from "./line-users.ts";
import { stepModem } from "./modem-machine.ts";
import { ModemNames } from "./modem-names.ts";
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
import { dialectFor, isLendable, modemOff } from "./modem-state.ts";
import { ModemStream } from "./modem-stream.ts";
import type { SocketOwner } from "./numbered-user.ts";
import { isAddress, isName } from "./numbered-user.ts";

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
  readonly dialect?: Dialect | undefined;
  /** Carries datagrams beside the line; absent: they go over it. */
  readonly openData?: OpenDatagramSocket | undefined;
  /** Cuts and restores the modem's power; absent where the board cannot. */
  readonly setPower?: (on: boolean) => void;
}

const secretEffect: ModemEffect = { type: "interrupt" };

export class Modem {
  readonly openDatagram: OpenDatagramSocket;
  /**
   * TCP, and TLS by the modem itself (1.2 and newer). Its proof is "checked" where the modem was told an authority and has checked
   * chain and name, and never "expired": no dialect here lets the modem judge dates. SIMCom modems check no names, Quectel modems
   * only the one that is connected to: that is "unverified".
   */
  readonly openStream: OpenStream;
  /** The modem's own name service: addresses only. */
  readonly lookUp: LookUp;
  private readonly options: ModemOptions;
  private readonly plan: ModemPlan;
  private readonly runner: Runner<ModemState, ModemEvent, ModemEffect>;
  private readonly session: AtSession;
  private readonly users: LineUsers;
  private readonly names: ModemNames;
  private readonly socketOwner: SocketOwner;
  private model: string;
  private spoken: Dialect;
  private job: LineJob | undefined;
  private depth: number;
  private isWoken: boolean;
  private timer: Timer | undefined;
  /** When the pause that was last begun ends. */
  private pauseEndMs: number;
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
    this.model = modemOff.report.model;
    this.spoken = dialectFor(plan, modemOff);
    this.names = new ModemNames(options.clock, () => this.wake());
    this.users = new LineUsers(this.names);
    this.pauseEndMs = 0;
    this.socketOwner = {
      sweepDue: false,
      wake: () => this.wake(),
      doubt: () => this.feed({ type: "doubted" }),
      isHeld: (number) => this.users.isHeld(number),
      addressOf: (name) => this.names.addressOf(name),
    };
    this.job = undefined;
    this.depth = 0;
    this.isWoken = false;
    this.timer = undefined;
    this.calm = undefined;
    this.openDatagram = (wanted) => this.open(wanted);
    this.openStream = (wanted) => this.connect(wanted);
    this.lookUp = (question, onAnswer) => this.names.lookUp(question, onAnswer);
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

  /**
   * Lends the line to one more user: the telephone, text messages. Those that came first are served first. At most 4; throws
   * beyond. `begin` is called from inside where the modem can be used already.
   */
  attach(user: LineUser): void {
    this.users.attach(user, this.runner.state.report, this.dialect);
    this.serve();
  }

  /** An attached user may have a new job. */
  wake(): void {
    this.isWoken = true;
    this.serve();
  }

  /** A step of the recovery ladder is due; where it cannot be taken at once, the strongest one ordered waits. */
  recover(step: RecoveryStep): void {
    this.feed({ type: "ordered", step });
  }

  private open(wanted: DatagramOptions): DatagramSocket {
    const place = this.users.freePlace();
    if (place < 0) throw new Error("modem: too many sockets");
    const openData = this.options.openData;
    const socket =
      openData === undefined
        ? new ModemSocket(place, this.options.clock, wanted, this.socketOwner)
        : new DataSocket(place, openData, wanted, this.socketOwner);
    this.users.add(socket, this.runner.state.report, this.dialect);
    return socket;
  }

  /** Beyond what the modem can hold, without a context, or to what is no host, it faults at once. */
  private connect(wanted: StreamOptions): Stream {
    const report = this.runner.state.report;
    const place = this.users.freePlace();
    const stream = new ModemStream(
      place,
      this.options.clock,
      wanted,
      wanted.trust === "any" ? "" : (this.plan.settings.caFile ?? ""),
      this.socketOwner,
    );
    const host = wanted.to.host;
    const name = wanted.serverName;
    if ((!isAddress(host) && !isName(host)) || (name !== undefined && !isName(name)))
      stream.failLater("name-not-found");
    else if (report.at !== "ready") stream.failLater(report.at === "attaching" ? "no-address" : "no-link");
    else if (place < 0) stream.failLater("no-link");
    else this.users.add(stream, report, this.dialect);
    return stream;
  }

  /** Every line asks for it: looked up anew only where the model is another one. */
  private get dialect(): Dialect {
    const model = this.runner.state.report.model;
    if (model !== this.model) {
      this.model = model;
      this.spoken = dialectFor(this.plan, this.runner.state);
    }
    return this.spoken;
  }

  private feed(event: ModemEvent): void {
    this.depth++;
    this.runner.dispatch(event);
    this.depth--;
    this.serve();
  }

  /** Lends a free line to the first that wants it. */
  private serve(): void {
    const state = this.runner.state;
    if (this.depth > 0 || !isLendable(state)) return;
    const job = this.nextJob(state.report.at === "ready");
    if (job === undefined) return;
    this.job = job;
    this.feed({ type: "offered", exchange: job.exchange });
  }

  /** To ask one user may give another a wish: the line is lent when all have been asked, and then once more. */
  private nextJob(ready: boolean): LineJob | undefined {
    this.depth++;
    this.isWoken = false;
    const first = this.users.next(ready);
    const job = first === undefined && this.isWoken ? this.users.next(ready) : first;
    this.depth--;
    return job;
  }

  private hearLine(line: string): void {
    const fact = this.dialect.factOf(line) ?? simNewsOf(line);
    if (fact === undefined) {
      // The model is a bare line: only the question tells what it is.
      const model = this.session.asked === askModel ? modelOf(line) : "";
      if (model !== "") this.feed({ type: "heard", fact: { type: "model", model } });
      else this.tell(() => this.users.hearLine(line));
      return;
    }
    if (fact.type === "datagram-origin") {
      if (this.job !== undefined) this.job.user.hear(fact);
    } else if (fact.type === "name-resolved") this.tell(() => this.names.hear(fact));
    else if (isSocketFact(fact)) this.hearSocket(fact);
    else {
      this.feed({ type: "heard", fact });
      this.tell(() => this.users.hear(fact));
    }
  }

  private hearSocket(fact: SocketFact): void {
    this.tell(() => this.users.hearSocket(fact, this.job));
  }

  /** Whatever its users want because of the news, the line is lent when all have heard it. */
  private tell(news: () => void): void {
    this.depth++;
    news();
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
      job.user.answered(job, answer);
      this.users.forgetEnded();
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
        if (this.job !== undefined) this.job.user.unanswered(this.job);
        this.job = undefined;
        return;
      case "abandon":
        this.session.abandon();
        return;
      case "interrupt":
        this.session.interrupt();
        return;
      case "pause":
        this.pauseEndMs = this.options.clock.nowMs() + effect.afterMs;
        this.startTimer(effect.afterMs);
        return;
      case "resume":
        this.startTimer(Math.max(0, this.pauseEndMs - this.options.clock.nowMs()));
        return;
      case "calm":
        if (this.calm !== undefined) this.calm.cancel();
        this.calm = this.options.clock.after(effect.afterMs, () => this.feed({ type: "calmed" }));
        return;
      case "settle":
        this.options.clock.after(effect.afterMs, () => this.feed({ type: "settled" }));
        return;
      case "sockets":
        this.users.tellContext(effect.order, this.runner.state.report.address, this.dialect);
        return;
      case "power":
        if (this.options.setPower !== undefined) this.options.setPower(effect.on);
        return;
      case "tell-time":
        this.options.onTime(effect.wallMs);
        return;
      case "tell-change":
        if (this.runner.state.report.at !== "ready" && this.calm !== undefined) this.calm.cancel();
        this.users.tellUsable(this.runner.state.report, this.dialect);
        this.options.onChange(this.runner.state.report);
        return;
    }
  }

  private ask(exchange: Exchange, lent: boolean): void {
    const job = lent ? this.job : undefined;
    if (job !== undefined) job.user.begun(job);
    this.session.start(exchange, job === undefined ? undefined : job.payload);
    this.startTimer(exchange.patienceMs);
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
