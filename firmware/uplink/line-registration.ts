/**
 * The registration with one receiver over one route. Over a connection the binding names that connection's own address, as no
 * other way leads back to the unit (RFC 5626 3.1): its REGISTER waits for the connection, and is made anew where another one
 * is in use. Messages wait here until this route is registered, an alarm never (`../sip/registration-machine.ts`).
 */
import type { Clock } from "../ports/clock.ts";
import type { Registered } from "../sip/message-agent.ts";
import { Registrar } from "../sip/registrar.ts";
import { drop, type Waiting, waitingLimit } from "./waiting.ts";

export interface LineRegistrationOptions {
  readonly clock: Clock;
  readonly receiver: number;
  readonly dice: number;
  /** Number of the connection in use, 0 while none is open; undefined over datagrams. */
  readonly flow: (() => number) | undefined;
  /** A REGISTER is to go out; ends in `reached` or `unreachable`. `isNameKnown`: a message has asked for the name just now. */
  readonly reach: (isNameKnown: boolean) => void;
  /** Sends a REGISTER for so many seconds; its outcome comes to `hear`. */
  readonly register: (expiresS: number) => void;
  readonly send: (item: Waiting) => void;
  /** This route's registration is the newest. */
  readonly onTookOver: () => void;
  readonly observe?: ((event: object, effects: readonly object[]) => void) | undefined;
}

export class LineRegistration {
  private readonly options: LineRegistrationOptions;
  private readonly registrar: Registrar;
  private readonly waiting: Waiting[];
  /** What the REGISTER asks for that has not gone out yet, or -1. */
  private registerS: number;
  /** The connection whose address the newest REGISTER has named. */
  private named: number;

  constructor(options: LineRegistrationOptions) {
    this.options = options;
    this.waiting = [];
    this.registerS = -1;
    this.named = 0;
    this.registrar = new Registrar({
      clock: options.clock,
      dice: options.dice,
      onRegister: (expiresS) => {
        this.registerS = expiresS;
        options.reach(this.waiting.length > 0);
      },
      onRelease: () => {
        for (const item of this.waiting.splice(0)) options.send(item);
      },
      onTookOver: () => options.onTookOver(),
      observe: options.observe,
    });
  }

  /** Ends in `send`, at the latest after two seconds, unless it is stopped. */
  submit(item: Waiting): void {
    this.waiting.push(item);
    if (this.waiting.length > waitingLimit) this.options.send(this.waiting.shift() as Waiting);
    if (this.isStale) this.registrar.moved();
    this.registrar.wanted(item.urgent);
  }

  stop(attempt: number): void {
    drop(this.waiting, attempt);
  }

  keep(on: boolean): void {
    this.registrar.keep(on);
  }

  linked(up: boolean): void {
    this.registerS = -1;
    this.registrar.linked(up);
  }

  /** The route has another address of its own. */
  moved(): void {
    this.registrar.moved();
  }

  /** Another route has registered there. */
  overtaken(): void {
    this.registrar.overtaken();
  }

  /** A REGISTER waits for a name or a connection. */
  get isReaching(): boolean {
    return this.registerS >= 0;
  }

  /** The registrar can be asked now: its address is known, or the connection in use is another one. */
  reached(): void {
    const expiresS = this.registerS;
    if (expiresS >= 0) {
      this.registerS = -1;
      this.named = this.options.flow === undefined ? 0 : this.options.flow();
      this.options.register(expiresS);
    } else if (this.isStale) this.registrar.moved();
  }

  /** It cannot: its name is not found, or there is no connection to be had. */
  unreachable(): void {
    if (this.registerS < 0) return;
    this.registerS = -1;
    this.hear({ receiver: this.options.receiver, outcome: undefined, retryAfterS: undefined });
  }

  /** What has become of the REGISTER. */
  hear(what: Registered): void {
    this.registrar.hear(what, this.isStale);
  }

  /** What the newest REGISTER has named is not the connection in use; modems tell the same address of each. */
  private get isStale(): boolean {
    if (this.options.flow === undefined) return false;
    const inUse = this.options.flow();
    return inUse === 0 || inUse !== this.named;
  }
}
