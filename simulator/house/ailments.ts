/**
 * What a unit suffers from inside, over all its lives: a clock that drifts, a modem that hangs, a firmware that sends
 * nothing, and an end for good. The ports of a life pass through here.
 */
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { SimClock } from "../core/sim-clock.ts";
import type { Bearer, BearerSession } from "../network/bearer.ts";
import type { ModemPeer } from "../peers/modem.ts";

type Lines = Pick<UnitHost, "openBroadband" | "openBroadbandStream">;

export class Ailments {
  /** No power will carry it any more. */
  isDead: boolean;
  /** What it runs sends nothing over any route. */
  isMute: boolean;
  private driftPpm: number;
  private clock: SimClock | undefined;
  private peer: ModemPeer | undefined;

  constructor() {
    this.isDead = false;
    this.isMute = false;
    this.driftPpm = 0;
    this.clock = undefined;
    this.peer = undefined;
  }

  /** A life begins on that clock. */
  begin(clock: SimClock): void {
    this.clock = clock;
    clock.drift(this.driftPpm);
  }

  /** From now on its clock runs so much fast, or slow where below 0. */
  drift(ppm: number): void {
    this.driftPpm = ppm;
    this.clock?.drift(ppm);
  }

  /** By how much the clock of this life is ahead of its true age, in ms. */
  get clockErrorMs(): number {
    return this.clock === undefined ? 0 : this.clock.nowMs() - (this.clock.queue.nowMs - this.clock.bootMs);
  }

  /** A life has that modem. One that hung is cured: it has lost its power with the unit. */
  modem(peer: ModemPeer): void {
    this.peer = peer;
  }

  /** The modem hangs, or comes to itself. */
  freezeModem(frozen: boolean): void {
    if (this.peer !== undefined) this.peer.faults.silent = frozen;
  }

  /** Broadband as the firmware that runs uses it. */
  broadband({ openBroadband, openBroadbandStream }: Lines): Lines {
    return {
      openBroadband:
        openBroadband &&
        ((options) => {
          const socket = openBroadband(options);
          return {
            send: (bytes, to) => {
              if (!this.isMute) socket.send(bytes, to);
            },
            read: () => socket.read(),
            close: () => socket.close(),
          };
        }),
      openBroadbandStream:
        openBroadbandStream &&
        ((options) => {
          const stream = openBroadbandStream(options);
          return {
            write: (bytes) => {
              if (!this.isMute) stream.write(bytes);
            },
            read: () => stream.read(),
            close: () => stream.close(),
          };
        }),
    };
  }

  /** The same for what it hands to its modem. */
  mobile(bearer: Bearer): Bearer {
    return {
      state: () => bearer.state(),
      listen: (onChange) => bearer.listen(onChange),
      wallMs: () => bearer.wallMs(),
      ...(bearer.select === undefined ? {} : { select: (plmn: string | undefined) => bearer.select?.(plmn) }),
      activate: (receive) => {
        const session = bearer.activate(receive);
        return session && this.session(session);
      },
    };
  }

  private session(session: BearerSession): BearerSession {
    return {
      address: session.address,
      send: (bytes, fromPort, to) => {
        if (!this.isMute) session.send(bytes, fromPort, to);
      },
      connect: (options) => {
        const stream = session.connect(options);
        return {
          get unsentCount() {
            return stream.unsentCount;
          },
          write: (bytes) => {
            if (!this.isMute) stream.write(bytes);
          },
          read: () => stream.read(),
          close: () => stream.close(),
        };
      },
      resolve: (name, then) => session.resolve(name, then),
      close: () => session.close(),
    };
  }
}
