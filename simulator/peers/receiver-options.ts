/** What a receiver is given: its place in the world, and how it behaves. */
import type { Timer } from "../../firmware/ports/clock.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { ScaipResponse } from "../../protocol/scaip/response.ts";
import type { OperatorsOptions } from "./operators.ts";
import type { DigestAccount } from "./receiver-digest.ts";
import type { ReceiverEvent, ReceiverSign } from "./receiver-events.ts";
import type { TakenMessage } from "./receiver-mirror.ts";
import type { ReceiverMode } from "./receiver-modes.ts";
import type { ReceiverTransport } from "./receiver-transactions.ts";
import type { Capacity } from "./receiver-work.ts";

/** What a receiver needs of the world around it. */
export interface ReceiverHost {
  /** Monotonic, in whole ms. */
  nowMs(): number;
  /** Since 1970, in ms. */
  wallMs(): number;
  after(delayMs: number, callback: () => void): Timer;
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  send(bytes: Uint8Array, to: Endpoint, transport: ReceiverTransport): void;
}

export interface ReceiverOptions {
  readonly name: string;
  /** Its own address, as units see it. */
  readonly address: Endpoint;
  /** The same for each transport, where they differ. */
  readonly addressOf?: (transport: ReceiverTransport) => Endpoint;
  readonly mode: ReceiverMode;
  /** From carried to the `mrs`, drawn anew for each. */
  readonly latencyMs: { readonly least: number; readonly most: number };
  /** Asks for authentication; absent: takes everybody. */
  readonly digest?: DigestAccount | undefined;
  /** Accounts whose refs are stem and session (see CaseBook); none unless said. */
  readonly ours?: (cid: string) => boolean;
  /** Its book forgets a case this long after it was last spoken of; 14 days unless said. */
  readonly caseKeepMs?: number | undefined;
  /** Call orders for accepted alarms that offer a medium; absent: no call. */
  readonly voice?: Pick<ScaipResponse, "mre" | "cre" | "tnu"> | undefined;
  /** People who talk with units; absent: an INVITE is not taken. */
  readonly operators?: OperatorsOptions | undefined;
  /** What its application can do; absent: whatever comes. */
  readonly capacity?: Capacity | undefined;
  /** Heartbeat interval in minutes for units that let it be set. */
  readonly heartbeatMin?: number;
  /** The interval is told to all units, also to those that do not offer to be told (`hbo`): ours do not, and obey. */
  readonly heartbeatUnasked?: boolean;
  /** Most `mrs` being prepared or sent at once (beyond: SIP 503), and most answers kept; 10,000 unless said. */
  readonly limit?: number;
  readonly onEvent: (event: ReceiverEvent) => void;
  readonly onSign?: (sign: ReceiverSign) => void;
  /** For a standby elsewhere: every message that the book has judged. */
  readonly onTaken?: ((message: TakenMessage) => void) | undefined;
}

export interface ReceiverCounts {
  /** Answers that a repeated packet would meet again. */
  readonly answersKept: number;
  /** `mrs` being prepared, or sent and not answered. */
  readonly responsesUnderWay: number;
  readonly operatorsBusy: number;
  /** Calls that are remembered, also those that are over. */
  readonly callsKnown: number;
}
