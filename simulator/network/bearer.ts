/**
 * What a modem sees of the mobile network. In virtual time the simulated cells stand behind it, in live mode real
 * sockets: the modem's stand-in is the same.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { Stream, StreamOptions } from "../../firmware/ports/stream.ts";
import type { Checks } from "./sim-tcp.ts";

export interface BearerState {
  /** AT+CSQ value: 0 (weakest) to 31, 99 unknown. */
  readonly signal: number;
  readonly registered: "home" | "roaming" | "searching" | "denied";
  readonly operatorName: string;
  /** Mobile country and network code, such as "24001". */
  readonly plmn: string;
  readonly generation: "2g" | "3g" | "4g";
}

/** A connection that a modem asks for; what a modem is told of a certificate decides what it can check. */
export interface BearerStreamOptions extends StreamOptions {
  /** Dates are never a reason to refuse: onReady tells "expired". Without meaning for plain TCP. */
  readonly checks: Checks;
  /** PEM texts beside what the network's own world trusts. */
  readonly authorities: readonly string[];
}

export interface BearerStream extends Stream {
  /** Bytes that the other side has not taken yet; write() throws where they would be more than 16,384. */
  readonly unsentCount: number;
}

/** An active PDP context. */
export interface BearerSession {
  readonly address: string;
  send(bytes: Uint8Array, fromPort: number, to: Endpoint): void;
  /** Begins a TCP connection, under TLS where the options name a server. No callback comes before this has returned. */
  connect(options: BearerStreamOptions): BearerStream;
  /** Asks for the address behind a name; `then` gets undefined where there is none, and is never called after close(). */
  resolve(name: string, then: (address: string | undefined) => void): void;
  /** Ends its connections too, without a word. */
  close(): void;
}

export interface Bearer {
  state(): BearerState;
  /** Calls back whenever state() has changed; one listener. */
  listen(onChange: () => void): void;
  /** Starts a session; undefined where the network gives none. `receive` gets every datagram for its address. */
  activate(receive: (bytes: Uint8Array, from: Endpoint, toPort: number) => void): BearerSession | undefined;
  /** The network's wall clock in ms since 1970 (NITZ), or undefined where the network sends none. */
  wallMs(): number | undefined;
  /** Asks for one network by its code alone, or for the best one again with undefined; absent where there is no choice. */
  select?(plmn: string | undefined): void;
}

/** The same bearer, with every datagram and everything that connections carry shown to whoever watches. */
export function watchedBearer(
  bearer: Bearer,
  see: (direction: "sent" | "received", bytes: Uint8Array) => void,
): Bearer {
  return {
    state: () => bearer.state(),
    listen: (onChange) => bearer.listen(onChange),
    wallMs: () => bearer.wallMs(),
    ...(bearer.select === undefined ? {} : { select: (plmn: string | undefined) => bearer.select?.(plmn) }),
    activate: (receive) => {
      const session = bearer.activate((bytes, from, toPort) => {
        see("received", bytes);
        receive(bytes, from, toPort);
      });
      if (session === undefined) return undefined;
      return {
        address: session.address,
        send: (bytes, fromPort, to) => {
          see("sent", bytes);
          session.send(bytes, fromPort, to);
        },
        connect: (options) => watchedStream(session.connect(options), see),
        resolve: (name, then) => session.resolve(name, then),
        close: () => session.close(),
      };
    },
  };
}

function watchedStream(
  stream: BearerStream,
  see: (direction: "sent" | "received", bytes: Uint8Array) => void,
): BearerStream {
  return {
    get unsentCount() {
      return stream.unsentCount;
    },
    write: (bytes) => {
      see("sent", bytes);
      stream.write(bytes);
    },
    read: () => {
      const bytes = stream.read();
      if (bytes !== undefined) see("received", bytes);
      return bytes;
    },
    close: () => stream.close(),
  };
}
