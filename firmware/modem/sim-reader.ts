/** Asks the modem which SIM it has, once after each start and whenever a card has been put in — a swapped card is an event. */
import type { Fact } from "../../protocol/at/answers.ts";
import type { Dialect, Exchange } from "../../protocol/at/commands.ts";
import { iccidOf, iccidQuestions, simNewsOf, simWatch } from "../../protocol/at/sim.ts";
import type { Answer } from "./at-session.ts";
import type { LineJob, LineUser } from "./line-user.ts";

export interface SimReaderOptions {
  /** The line may be lent now: `Modem.wake`. */
  readonly onWant: () => void;
  /** 18 to 20 digits; told anew at each reading. */
  readonly onIccid: (iccid: string) => void;
}

const nothing: readonly Exchange[] = [];

export class SimReader implements LineUser {
  readonly needsContext: boolean;
  private readonly options: SimReaderOptions;
  private questions: readonly Exchange[];
  /** The next of them; beyond the last one nothing is wanted. */
  private at: number;
  private wasAbsent: boolean;

  constructor(options: SimReaderOptions) {
    this.needsContext = false;
    this.options = options;
    this.questions = nothing;
    this.at = 0;
    this.wasAbsent = false;
  }

  next(): LineJob | undefined {
    const exchange = this.questions[this.at];
    return exchange === undefined ? undefined : { user: this, exchange, payload: undefined };
  }

  begun(_job: LineJob): void {}

  answered(job: LineJob, answer: Answer): void {
    // The line may have gone meanwhile, and come again.
    if (this.questions[this.at] !== job.exchange) return;
    this.at++;
    const iccid = answer.ok ? iccidOf(answer.line) : "";
    if (iccid === "") return;
    this.at = this.questions.length;
    this.options.onIccid(iccid);
  }

  unanswered(job: LineJob): void {
    if (this.questions[this.at] === job.exchange) this.at++;
  }

  hear(fact: Fact): void {
    if (fact.type !== "sim") return;
    if (fact.sim === "absent") this.wasAbsent = true;
    else if (fact.sim === "ready" && this.wasAbsent) {
      this.wasAbsent = false;
      this.at = 0;
      this.options.onWant();
    }
  }

  hearLine(line: string): void {
    const news = simNewsOf(line);
    if (news !== undefined) this.hear(news);
  }

  begin(_address: string, dialect: Dialect): void {
    this.questions = simWatch(dialect.name).concat(iccidQuestions(dialect.name));
    this.at = 0;
  }

  end(): void {
    this.questions = nothing;
  }
}
