/**
 * What a modem sees of the mobile network. In virtual time the simulated cells stand behind it, in live mode real
 * sockets: the modem's stand-in is the same.
 */
import type { Endpoint } from "../../firmware/ports/socket.ts";

export interface BearerState {
  /** AT+CSQ value: 0 (weakest) to 31, 99 unknown. */
  readonly signal: number;
  readonly registered: "home" | "roaming" | "searching" | "denied";
  readonly operatorName: string;
  /** Mobile country and network code, such as "24001". */
  readonly plmn: string;
  readonly generation: "2g" | "3g" | "4g";
}

/** An active PDP context. */
export interface BearerSession {
  readonly address: string;
  send(bytes: Uint8Array, fromPort: number, to: Endpoint): void;
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
}
