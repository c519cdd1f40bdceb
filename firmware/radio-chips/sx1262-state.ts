/** What is known of an SX1262 and what it has still to do; the events that change it, and the orders that come of them. */

/** Where the chip is when no task is under way. `down`: it must be reset; `ready`: standby; `sniffing`: listening by turns. */
export type ChipAt = "down" | "ready" | "asleep" | "receiving" | "sniffing" | "sending";

export type ChipTask =
  | "none"
  | "start"
  | "listen"
  | "sniff"
  | "measure"
  | "look"
  | "locate"
  | "fetch"
  | "load"
  | "send"
  | "sleep";

/**
 * BUSY stayed high, nobody answers on the bus, the chip has forgotten what it was told, its calibration failed, or a packet
 * that went out never ended.
 */
export type ChipFault = "busy" | "dead" | "reset" | "errors" | "endless-packet";

export interface WaitingPacket {
  readonly bytes: Uint8Array;
  /** When it was handed over. */
  readonly atMs: number;
  /** Transmissions of it that broke off. */
  readonly tries: number;
}

/** Instants are -1 where there is none. */
export interface Sx1262State {
  readonly at: ChipAt;
  readonly task: ChipTask;
  /** At most 5: the one under way and 4 that wait. */
  readonly packets: readonly WaitingPacket[];
  /** Listens up to this instant. */
  readonly listenUntilMs: number;
  /** DIO1 rose, and nobody has looked yet. */
  readonly interrupted: boolean;
  /** The channel may be judged from here on: the receiver has settled, or a wait for others is over. */
  readonly judgeAtMs: number;
  /** Looks at the channel for the first packet that found it taken. */
  readonly looks: number;
  /** When the chip is asked next whether it still listens. */
  readonly watchAtMs: number;
  /** Since when each look has found energy; told up to there. */
  readonly energySinceMs: number;
  /** When the packet under way must have ended. */
  readonly sentByMs: number;
  /** When a chip that is down is started. */
  readonly startAtMs: number;
  /** Faults in a row, without a packet sent or a minute of listening between them. */
  readonly failures: number;
  readonly startedMs: number;
  readonly dice: number;
}

export type Sx1262Event =
  | { readonly type: "handed"; readonly nowMs: number; readonly bytes: Uint8Array }
  /** As the port's listen(): -1 for ever, 0 not at all. */
  | { readonly type: "asked"; readonly nowMs: number; readonly forMs: number }
  | { readonly type: "interrupted"; readonly nowMs: number }
  /** `raised`: DIO1 stands, whether or not its rise was told. */
  | { readonly type: "done"; readonly nowMs: number; readonly found: TaskFound; readonly raised: boolean }
  | { readonly type: "faulted"; readonly nowMs: number; readonly fault: ChipFault }
  | { readonly type: "due"; readonly nowMs: number };

/** What a task has found, as far as it asked. */
export interface TaskFound {
  readonly mode: number;
  readonly irq: number;
  readonly rssiDbm: number;
  readonly errors: number;
  readonly start: number;
  readonly byteCount: number;
  readonly packetDbm: number;
  readonly sync: number;
  readonly packet: Uint8Array;
}

export type Sx1262Effect =
  | { readonly type: "run"; readonly task: "start" | "listen" | "sniff" | "measure" | "look" | "locate" | "sleep" }
  /** The packet goes into the chip, ready to be sent. */
  | { readonly type: "load"; readonly bytes: Uint8Array }
  | { readonly type: "send"; readonly byteCount: number }
  | { readonly type: "fetch"; readonly start: number; readonly byteCount: number; readonly packetDbm: number }
  | { readonly type: "deliver"; readonly bytes: Uint8Array }
  /** The channel was taken for so long up to now. */
  | { readonly type: "busy"; readonly forMs: number }
  /** For whoever judges the device: the chip failed so many times in a row. */
  | { readonly type: "tell"; readonly fault: ChipFault; readonly failures: number }
  /** The packet could not be sent. */
  | { readonly type: "drop"; readonly why: "full" | "late" | "broken-off" }
  | { readonly type: "wake"; readonly atMs: number };

export const forEver = 9_007_199_254_740_991;

export function sx1262AtStart(nowMs: number, dice: number): Sx1262State {
  return {
    at: "down",
    task: "none",
    packets: [],
    listenUntilMs: -1,
    interrupted: false,
    judgeAtMs: -1,
    looks: 0,
    watchAtMs: -1,
    energySinceMs: -1,
    sentByMs: -1,
    startAtMs: nowMs,
    failures: 0,
    startedMs: nowMs,
    dice,
  };
}

/** The state with these fields in place of its own. */
export function changed(state: Sx1262State, change: Partial<Sx1262State>): Sx1262State {
  return {
    at: change.at ?? state.at,
    task: change.task ?? state.task,
    packets: change.packets ?? state.packets,
    listenUntilMs: change.listenUntilMs ?? state.listenUntilMs,
    interrupted: change.interrupted ?? state.interrupted,
    judgeAtMs: change.judgeAtMs ?? state.judgeAtMs,
    looks: change.looks ?? state.looks,
    watchAtMs: change.watchAtMs ?? state.watchAtMs,
    energySinceMs: change.energySinceMs ?? state.energySinceMs,
    sentByMs: change.sentByMs ?? state.sentByMs,
    startAtMs: change.startAtMs ?? state.startAtMs,
    failures: change.failures ?? state.failures,
    startedMs: change.startedMs ?? state.startedMs,
    dice: change.dice ?? state.dice,
  };
}
