/**
 * Names to addresses, asked of the modem (its network's own name service): one question at a time, each name once, and kept until
 * the data context ends. A modem tells addresses only: of the servers of a service (RFC 2782) it knows nothing.
 */
import type { Fact } from "../../protocol/at/answers.ts";
import type { Dialect } from "../../protocol/at/commands.ts";
import type { Clock } from "../ports/clock.ts";
import type { NameAnswer, NameQuestion } from "../ports/names.ts";
import type { Answer } from "./at-session.ts";
import { Delay } from "./delay.ts";
import type { LineJob, LineUser } from "./line-user.ts";
import { isAddress, isName } from "./numbered-user.ts";

/** `late`: nobody waits any longer, but the answer may still come, and would be taken for the next one's. */
type NamesAt = "down" | "free" | "asking" | "late";

interface Known {
  readonly name: string;
  /** "" where the name has none. */
  readonly address: string;
  readonly sinceMs: number;
}

interface Waiting {
  readonly name: string;
  readonly onAnswer: (answer: NameAnswer | undefined) => void;
}

const knownLimit = 8;
const waitingLimit = 8;
const patienceMs = 20_000;
/** The manuals let a modem try for a minute. */
const lateMs = 40_000;
/** A name without an address is asked for again after this. */
const missMs = 30_000;

export class ModemNames implements LineUser {
  readonly needsContext: boolean;
  private readonly clock: Clock;
  private readonly wake: () => void;
  private readonly known: Known[];
  private readonly asked: string[];
  private readonly waiting: Waiting[];
  private at: NamesAt;
  private name: string;
  private dialect: Dialect | undefined;
  private readonly delay: Delay;

  /** `wake` is called when it wants the line. */
  constructor(clock: Clock, wake: () => void) {
    this.needsContext = true;
    this.clock = clock;
    this.wake = wake;
    this.known = [];
    this.asked = [];
    this.waiting = [];
    this.at = "down";
    this.name = "";
    this.dialect = undefined;
    this.delay = new Delay(clock);
  }

  /** The `LookUp` of a modem: addresses only. Without a context, and beyond 8 questions, nobody answers. */
  lookUp(question: NameQuestion, onAnswer: (answer: NameAnswer | undefined) => void): void {
    const name = question.name;
    const address = question.kind === "addresses" ? this.addressOf(name) : undefined;
    const hopeless = question.kind !== "addresses" || this.at === "down" || this.waiting.length >= waitingLimit;
    if (address === undefined && !hopeless) this.waiting.push({ name, onAnswer });
    else this.clock.after(0, () => onAnswer(address === undefined ? undefined : answerOf(address)));
  }

  /** The address of a name, "" where it has none, undefined while that is not known: then it is asked for. */
  addressOf(name: string): string | undefined {
    if (isAddress(name)) return name;
    if (!isName(name)) return "";
    for (const one of this.known) {
      if (one.name !== name) continue;
      if (one.address !== "" || this.clock.nowMs() - one.sinceMs < missMs) return one.address;
    }
    if (this.at !== "down" && this.asked.indexOf(name) < 0 && this.asked.length < waitingLimit) {
      this.asked.push(name);
      this.wake();
    }
    return undefined;
  }

  next(): LineJob | undefined {
    const name = this.asked[0];
    if (this.at !== "free" || this.dialect === undefined || name === undefined) return undefined;
    return { user: this, exchange: this.dialect.lookUp(name), payload: undefined };
  }

  begun(): void {
    this.at = "asking";
    this.name = this.asked[0] as string;
    this.delay.start(patienceMs, () => this.missed());
  }

  /** The address comes as a fact, before or after this. */
  answered(_job: LineJob, answer: Answer): void {
    if (!answer.ok && this.at === "asking") this.settle("");
  }

  unanswered(): void {
    if (this.at === "asking") this.missed();
  }

  hear(fact: Fact): void {
    if (fact.type !== "name-resolved" || (this.at !== "asking" && this.at !== "late")) return;
    this.settle(isAddress(fact.address) ? fact.address : "");
  }

  hearLine(): void {}

  begin(_address: string, dialect: Dialect): void {
    this.dialect = dialect;
    this.free();
  }

  /** Another network may know other names. */
  end(): void {
    this.delay.stop();
    this.at = "down";
    while (this.known.length > 0) this.known.pop();
    while (this.asked.length > 0) this.asked.pop();
    while (this.waiting.length > 0) this.tell(this.waiting.shift() as Waiting, undefined);
  }

  /** The address of the name that is asked for; "": it has none. */
  private settle(address: string): void {
    const name = this.name;
    this.forget(name);
    if (this.known.length >= knownLimit) this.known.shift();
    this.known.push({ name, address, sinceMs: this.clock.nowMs() });
    this.close(answerOf(address));
    this.free();
  }

  /** Nobody has answered: that says nothing of the name. */
  private missed(): void {
    this.close(undefined);
    this.at = "late";
    this.delay.start(lateMs, () => this.free());
  }

  private close(answer: NameAnswer | undefined): void {
    const asked = this.asked.indexOf(this.name);
    if (asked >= 0) this.asked.splice(asked, 1);
    for (let i = this.waiting.length - 1; i >= 0; i--)
      if ((this.waiting[i] as Waiting).name === this.name) this.tell(this.waiting.splice(i, 1)[0] as Waiting, answer);
  }

  private tell(waiting: Waiting, answer: NameAnswer | undefined): void {
    this.clock.after(0, () => waiting.onAnswer(answer));
  }

  private forget(name: string): void {
    for (let i = this.known.length - 1; i >= 0; i--)
      if ((this.known[i] as Known).name === name) this.known.splice(i, 1);
  }

  private free(): void {
    this.delay.stop();
    this.at = "free";
    this.wake();
  }
}

function answerOf(address: string): NameAnswer {
  return { services: [], addresses: address === "" ? [] : [address], ttlS: 0 };
}
