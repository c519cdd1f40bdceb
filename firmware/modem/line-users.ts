/** All who use one modem's line: who is served next, and who hears what. They are few; none is served while another's job runs. */
import type { Fact } from "../../protocol/at/answers.ts";
import type { Dialect } from "../../protocol/at/commands.ts";
import type { LineJob, LineUser } from "./line-user.ts";
import type { ModemReport } from "./modem-state.ts";
import type { NumberedUser } from "./numbered-user.ts";

export type SocketFact = Extract<Fact, { socket: number }>;

/** Sockets and connections together; fewer than any dialect has. */
const socketLimit = 6;
const attachedLimit = 4;

export class LineUsers {
  /** Served before any socket, in this order. */
  private readonly attached: LineUser[];
  /** Served behind them. */
  private readonly names: LineUser;
  private readonly sockets: NumberedUser[];
  private nextSocket: number;
  /** Whether those that need no context were told that they can be served. */
  private isUsable: boolean;
  /** Nobody leaves the list while it is gone through. */
  private isTelling: boolean;

  constructor(names: LineUser) {
    this.attached = [];
    this.names = names;
    this.isTelling = false;
    this.sockets = [];
    this.nextSocket = 0;
    this.isUsable = false;
  }

  /** At most 4; throws beyond. */
  attach(user: LineUser, report: ModemReport, dialect: Dialect): void {
    if (this.attached.length >= attachedLimit) throw new Error("modem: too many users of the line");
    this.attached.push(user);
    if (!user.needsContext && this.isUsable) user.begin("", dialect);
    else if (user.needsContext && report.at === "ready") user.begin(report.address, dialect);
  }

  /** The lowest place that no socket has; -1 where all are taken. */
  freePlace(): number {
    if (!this.isTelling) this.forgetEnded();
    let id = 0;
    while (this.isTaken(id)) id++;
    return id < socketLimit ? id : -1;
  }

  add(socket: NumberedUser, report: ModemReport, dialect: Dialect): void {
    this.sockets.push(socket);
    if (report.at === "ready") socket.begin(report.address, dialect);
  }

  isHeld(number: number): boolean {
    for (const socket of this.sockets) if (socket.number === number) return true;
    return false;
  }

  /** The first job that is wanted: of the attached in their order, of the sockets in turn. */
  next(ready: boolean): LineJob | undefined {
    for (const user of this.attached) {
      const job = ready || !user.needsContext ? user.next() : undefined;
      if (job !== undefined) return job;
    }
    if (!ready) return undefined;
    const question = this.names.next();
    if (question !== undefined) return question;
    for (let i = 0; i < this.sockets.length; i++) {
      const index = (this.nextSocket + i) % this.sockets.length;
      const job = (this.sockets[index] as NumberedUser).next();
      if (job === undefined) continue;
      this.nextSocket = index + 1;
      return job;
    }
    return undefined;
  }

  hear(fact: Fact): void {
    for (const user of this.attached) user.hear(fact);
  }

  hearLine(line: string): void {
    for (const user of this.attached) user.hearLine(line);
  }

  hearSocket(fact: SocketFact, job: LineJob | undefined): void {
    const count = this.sockets.length;
    this.isTelling = true;
    for (let i = 0; i < count; i++) {
      const socket = this.sockets[i] as NumberedUser;
      // What has a chosen number now is the socket that is being made; another that had it before has lost it.
      if (fact.type === "socket-chosen") socket.forgetNumber(fact.socket);
      else if (socket.number === fact.socket) socket.hear(fact);
    }
    if (fact.type === "socket-chosen")
      for (let i = 0; i < count; i++) {
        const socket = this.sockets[i] as NumberedUser;
        if (job !== undefined && socket === job.user) socket.takeNumber(fact.socket);
      }
    this.isTelling = false;
  }

  /** The data context has come or gone, or sockets are to be opened anew. */
  tellContext(order: "open" | "fail" | "reopen", address: string, dialect: Dialect): void {
    for (const user of this.attached) if (user.needsContext) tell(user, order, address, dialect);
    tell(this.names, order, address, dialect);
    const count = this.sockets.length;
    this.isTelling = true;
    for (let i = 0; i < count; i++) {
      const socket = this.sockets[i] as NumberedUser;
      if (order === "reopen") socket.reopen();
      else tell(socket, order, address, dialect);
    }
    this.isTelling = false;
    this.forgetEnded();
  }

  /** Those that need no context are served from the registration on. */
  tellUsable(report: ModemReport, dialect: Dialect): void {
    const isUsable = report.at === "attaching" || report.at === "ready";
    if (isUsable === this.isUsable) return;
    this.isUsable = isUsable;
    for (const user of this.attached) {
      if (user.needsContext) continue;
      if (isUsable) user.begin("", dialect);
      else user.end();
    }
  }

  forgetEnded(): void {
    for (let i = this.sockets.length - 1; i >= 0; i--)
      if ((this.sockets[i] as NumberedUser).at === "ended") this.sockets.splice(i, 1);
  }

  private isTaken(id: number): boolean {
    for (const socket of this.sockets) if (socket.id === id && socket.at !== "ended") return true;
    return false;
  }
}

function tell(user: LineUser, order: "open" | "fail" | "reopen", address: string, dialect: Dialect): void {
  if (order === "open") user.begin(address, dialect);
  else if (order === "fail") user.end();
}

export function isSocketFact(fact: Fact): fact is SocketFact {
  switch (fact.type) {
    case "socket-chosen":
    case "socket-opened":
    case "socket-readable":
    case "socket-closed":
      return true;
    default:
      return false;
  }
}
