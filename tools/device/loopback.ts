/**
 * A unit without hardware for whoever speaks the service line: its firmware and a button's run in real time in this process,
 * the line is a pseudo-terminal. Nothing but the actuator presses the button.
 */
import { randomBytes } from "node:crypto";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { defaultStaggerMs, type UnitSettings } from "../../firmware/settings.ts";
import type { ReceiverAddress } from "../../firmware/sip/receiver-address.ts";
import { type HomeNews, type LiveHomeOptions, openLiveHome } from "../../simulator/live/live-home.ts";
import { openPty } from "./pty.ts";

export interface LoopbackOptions {
  /** Account number, 1 to 16 digits. */
  readonly larmkod: string;
  /** First choice first; loopback addresses only. */
  readonly receivers: readonly ReceiverAddress[];
  /** What the bench's sensors see: the lamps of button and unit. */
  readonly onNews: (news: HomeNews) => void;
}

export interface Loopback {
  /** Where the service line is opened, such as /dev/pts/3. */
  readonly path: string;
  /** Opens the service line. */
  readonly serviceKey: Uint8Array;
  /** Where the unit sends from. */
  readonly address: Endpoint;
  /** The actuator: the button's contact closes as under a finger. */
  press(): void;
  /** Bytes of the service line that were lost because nobody read them. */
  lostCount(): number;
  /** The power is cut and the line is taken away. */
  close(): void;
}

const keyLength = 16;

/** Switches unit and button on. Rejects with UserError (3) without pseudo-terminals, with ListenError without a port. */
export async function openLoopback(options: LoopbackOptions): Promise<Loopback> {
  const pty = openPty();
  const serviceKey = new Uint8Array(randomBytes(keyLength));
  const settings: LiveHomeOptions["settings"] = { ...settingsOf(options), serviceKey };
  try {
    const home = await openLiveHome({
      settings,
      local: { host: "127.0.0.1", port: 0 },
      allow: [],
      onNews: options.onNews,
      onDropped: () => {},
      openServiceLine: pty.openDevice,
    });
    return {
      path: pty.path,
      serviceKey,
      address: home.address,
      press: () => home.pressAt(0),
      lostCount: () => pty.lostCount(),
      close: () => {
        home.close();
        pty.close();
      },
    };
  } catch (thrown) {
    pty.close();
    throw thrown;
  }
}

function settingsOf(options: LoopbackOptions): Omit<UnitSettings, "bonds" | "localPort"> {
  return {
    cid: options.larmkod,
    domain: "bench.example.net",
    policy: "broadband-only",
    receivers: options.receivers,
    modem: { apn: "", user: "", password: "", pin: "" },
    staggerMs: defaultStaggerMs,
  };
}
