/** The network half of a modem's stand-in (3GPP 27.007): SIM, radio, registration, operator, signal, clock. */
import type { Bearer, BearerState } from "../network/bearer.ts";
import type { ModemPeer } from "./modem.ts";
import type { CommandTable, ModemCommand, Span } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import type { ModemPeerOptions } from "./modem-options.ts";

const noService = 30;
const simAbsent = 10;
const simPinWanted = 11;
const simPukWanted = 12;
const wrongPassword = 16;
const neverSetMs = 315_964_800_000;
/** A network that was asked for by its code is waited for so long, and looked for this often. */
const chosenWithinMs = 30_000;
const lookEachMs = 1_000;

export class Cellular {
  readonly commands: CommandTable;
  readonly bearer: Bearer;
  /** The network's context is gone; the sockets hear it first. */
  onLost: () => void;
  /** How a changed signal is told, where it was asked for. */
  signalNews: ((signal: number) => string) | undefined;
  private readonly modem: ModemPeer;
  private readonly options: ModemPeerOptions;
  private running: boolean;
  private pinGiven: boolean;
  private wrongPins: number;
  private radio: number;
  private selected: boolean;
  /** The network that was asked for by its code. */
  private chosen: string | undefined;
  private attached: boolean;
  private searching: boolean;
  private search: number;
  private packetNews: number;
  private circuitNews: number;
  private operatorFormat: number;
  private clockNews: number;
  private told: { packet: string; circuit: string; signal: number; clock: boolean };

  constructor(modem: ModemPeer, options: ModemPeerOptions) {
    this.modem = modem;
    this.options = options;
    this.bearer = options.bearer;
    this.onLost = () => {};
    this.running = false;
    this.pinGiven = false;
    this.wrongPins = 0;
    this.radio = 0;
    this.selected = true;
    this.chosen = undefined;
    this.attached = true;
    this.searching = false;
    this.search = 0;
    this.packetNews = 0;
    this.circuitNews = 0;
    this.operatorFormat = 0;
    this.clockNews = 0;
    this.signalNews = undefined;
    this.told = { packet: "", circuit: "", signal: -1, clock: false };
    this.commands = this.table();
    this.bearer.listen(() => this.follow());
  }

  /** Whether data can flow: registered, and attached. */
  hasService(): boolean {
    return this.status() === 1 || this.status() === 5;
  }

  /** `tellsSim`: whether this vendor's modems say at the start how their SIM is. */
  start(tellsSim: boolean): void {
    this.running = true;
    this.radio = 1;
    this.selected = true;
    this.choose(undefined);
    this.attached = true;
    this.pinGiven = (this.options.pin ?? "") === "";
    this.packetNews = 0;
    this.circuitNews = 0;
    this.clockNews = 0;
    this.signalNews = undefined;
    this.told = { packet: "", circuit: "", signal: -1, clock: false };
    if (tellsSim) this.modem.tell(this.options.sim === "absent" ? "+CPIN: NOT INSERTED" : "+CPIN: " + this.simText());
    this.startSearch();
  }

  stop(): void {
    this.running = false;
    this.onLost();
  }

  /** Searches anew; the bearer's own state is seen when it is over. */
  private startSearch(): void {
    const search = ++this.search;
    this.searching = true;
    const span: Span = this.options.searchMs ?? { least: 200, most: 1_500 };
    this.modem.after(this.modem.draw(span), () => {
      if (search !== this.search) return;
      this.searching = false;
      this.follow();
    });
  }

  /** <stat> of +CREG: 0 not searching, 1 home, 2 searching, 3 denied, 5 roaming. */
  private status(): number {
    if (!this.running || this.radio !== 1 || !this.selected || !this.attached || this.simError() !== done) return 0;
    if (this.searching) return 2;
    switch (this.bearer.state().registered) {
      case "home":
        return 1;
      case "roaming":
        return 5;
      case "searching":
        return 2;
      case "denied":
        return 3;
    }
  }

  /** Tells what has changed, to whom it was promised. */
  private follow(): void {
    if (!this.running) return;
    const state = this.bearer.state();
    if (!this.hasService()) this.onLost();
    const packet = this.place(this.packetStatus(state), 7);
    const circuit = this.place(this.status(), technologyOf(state));
    const told = this.told;
    const changed = { packet: packet !== told.packet, circuit: circuit !== told.circuit };
    this.told = { packet, circuit, signal: state.signal, clock: told.clock };
    if (changed.packet && this.packetNews > 0) this.modem.tell("+CEREG: " + (this.packetNews > 1 ? packet : packet[0]));
    if (changed.circuit && this.circuitNews > 0)
      this.modem.tell("+CREG: " + (this.circuitNews > 1 ? circuit : circuit[0]));
    if (this.signalNews !== undefined && state.signal !== told.signal) this.modem.tell(this.signalNews(state.signal));
    if (this.hasService()) this.tellClock();
    else this.told.clock = false;
  }

  private tellClock(): void {
    const wallMs = this.bearer.wallMs();
    if (this.told.clock || wallMs === undefined || this.clockNews === 0) return;
    this.told.clock = true;
    this.modem.tell(this.clockNews === 1 ? '+CTZV: "+04"' : '+CTZE: "+04",1,"' + dateText(wallMs) + '"');
  }

  private packetStatus(state: BearerState): number {
    const status = this.status();
    return state.generation === "4g" || (status !== 1 && status !== 5) ? status : 0;
  }

  private place(status: number, technology: number): string {
    return status === 1 || status === 5 ? status + ',"1A2B","01C4D201",' + technology : "" + status;
  }

  /** `done` where the SIM can be used, otherwise the +CME ERROR of who wants it. */
  simError(): number {
    if (this.options.sim === "absent") return simAbsent;
    if (this.pinGiven) return done;
    return this.wrongPins >= 3 ? simPukWanted : simPinWanted;
  }

  private simText(): string {
    return this.pinGiven ? "READY" : this.wrongPins >= 3 ? "SIM PUK" : "SIM PIN";
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    table.set("I", () => this.identify());
    table.set("+CGMM", () => this.identify());
    table.set("+CPIN", (command) => this.pin(command));
    table.set("+CSQ", () => this.line("+CSQ: " + (this.radio === 1 ? this.bearer.state().signal : 99) + ",99"));
    table.set("+CEREG", (command) => this.packetRegistration(command));
    table.set("+CREG", (command) => this.circuitRegistration(command));
    table.set("+COPS", (command) => this.operator(command));
    table.set("+CFUN", (command) => this.power(command));
    table.set("+CGATT", (command) => this.attach(command));
    table.set("+CTZU", () => done);
    table.set("+CTZR", (command) => {
      this.clockNews = Number(command.text);
      return done;
    });
    table.set("+CCLK", () => {
      const text = dateText(this.wallMs() ?? neverSetMs);
      return this.line('+CCLK: "' + text.substring(2) + '+00"');
    });
    return table;
  }

  private line(text: string): number {
    this.modem.add(text);
    return done;
  }

  private identify(): number {
    return this.line(this.options.model ?? "EG95");
  }

  private pin(command: ModemCommand): number {
    if (command.form === "read") {
      return this.options.sim === "absent" ? simAbsent : this.line("+CPIN: " + this.simText());
    }
    if (this.simError() !== simPinWanted) return error;
    if (argumentsOf(command.text)[0] !== this.options.pin) {
      this.wrongPins++;
      return wrongPassword;
    }
    this.pinGiven = true;
    this.wrongPins = 0;
    this.modem.tell("+CPIN: READY");
    this.startSearch();
    return done;
  }

  private packetRegistration(command: ModemCommand): number {
    if (command.form === "set") {
      this.packetNews = Number(command.text) % 3;
      return done;
    }
    const state = this.bearer.state();
    return this.line(
      "+CEREG: " + this.packetNews + "," + this.answerPlace(this.packetNews, this.packetStatus(state), 7),
    );
  }

  private circuitRegistration(command: ModemCommand): number {
    if (command.form === "set") {
      this.circuitNews = Number(command.text) % 3;
      return done;
    }
    const technology = technologyOf(this.bearer.state());
    return this.line(
      "+CREG: " + this.circuitNews + "," + this.answerPlace(this.circuitNews, this.status(), technology),
    );
  }

  private answerPlace(news: number, status: number, technology: number): string {
    return news > 1 ? this.place(status, technology) : "" + status;
  }

  private operator(command: ModemCommand): number {
    if (command.form === "read") {
      if (!this.hasService()) return this.line("+COPS: " + (this.selected ? 0 : 2));
      const state = this.bearer.state();
      const name = this.operatorFormat === 2 ? state.plmn : state.operatorName;
      const mode = this.chosen === undefined ? 0 : 1;
      return this.line("+COPS: " + mode + "," + this.operatorFormat + ',"' + name + '",' + technologyOf(state));
    }
    const fields = argumentsOf(command.text);
    if (fields[0] === "3") this.operatorFormat = Number(fields[1] ?? "0");
    else if (fields[0] === "2") {
      this.selected = false;
      this.follow();
    } else if (fields[0] === "0") {
      this.choose(undefined);
      return this.select();
    } else if ((fields[0] === "1" || fields[0] === "4") && fields[1] === "2" && this.bearer.select !== undefined) {
      this.choose(fields[2]);
      return this.selectChosen(fields[0] === "4");
    } else return error;
    return done;
  }

  /** Nothing is asked of the network where nothing changes. */
  private choose(plmn: string | undefined): void {
    if (this.chosen === plmn) return;
    this.chosen = plmn;
    this.bearer.select?.(plmn);
  }

  /** Ends when that network has let it in; where it does not, mode 4 goes back to the best one (27.007 7.3). */
  private selectChosen(orBest: boolean): number {
    this.selected = true;
    this.startSearch();
    let aborted = false;
    this.modem.allowAbort(() => {
      aborted = true;
      this.modem.finish(done);
    });
    let leftMs = chosenWithinMs;
    const look = (): void => {
      if (aborted) return;
      if (!this.hasService() && leftMs > 0) {
        leftMs -= lookEachMs;
        this.modem.after(lookEachMs, look);
        return;
      }
      if (!this.hasService() && orBest) this.choose(undefined);
      this.modem.finish(this.hasService() ? done : noService);
    };
    this.modem.after(lookEachMs, look);
    return later;
  }

  /** Ends when a network is found, or after three minutes; any byte ends it earlier. */
  private select(): number {
    this.selected = true;
    this.startSearch();
    let aborted = false;
    this.modem.allowAbort(() => {
      aborted = true;
      this.modem.finish(done);
    });
    this.modem.after(this.modem.draw({ least: 1_600, most: 6_000 }), () => {
      if (!aborted) this.modem.finish(this.hasService() ? done : noService);
    });
    return later;
  }

  private power(command: ModemCommand): number {
    if (command.form === "read") return this.line("+CFUN: " + this.radio);
    const fields = argumentsOf(command.text);
    if (fields[1] === "1") {
      this.modem.after(100, () => this.modem.restart());
      return done;
    }
    const radio = Number(fields[0]);
    if (radio !== 0 && radio !== 1 && radio !== 4) return error;
    if (radio === this.radio) return done;
    this.radio = radio;
    if (radio === 1) this.startSearch();
    this.follow();
    return done;
  }

  private attach(command: ModemCommand): number {
    if (command.form === "read") return this.line("+CGATT: " + (this.hasService() ? 1 : 0));
    const attached = command.text === "1";
    if (attached && !this.attached) this.startSearch();
    this.attached = attached;
    this.follow();
    return done;
  }

  /** The network's time; undefined where it was never told. */
  wallMs(): number | undefined {
    return this.hasService() ? this.bearer.wallMs() : undefined;
  }
}

function technologyOf(state: BearerState): number {
  return state.generation === "4g" ? 7 : state.generation === "3g" ? 2 : 0;
}

/** "2026/03/02,06:10:05" in UTC. */
export function dateText(wallMs: number): string {
  const text = new Date(wallMs).toISOString();
  return text.substring(0, 4) + "/" + text.substring(5, 7) + "/" + text.substring(8, 10) + "," + text.substring(11, 19);
}
