/**
 * A button under test that runs on Espruino: it has no service line, but the console of its interpreter answers while it lives. It is
 * asked and never told; what presses it is an actuator.
 */
import { EspruinoConsole } from "../../tools/flash/espruino-console.ts";
import { LineLost, openSerialLine } from "../../tools/flash/serial-line.ts";
import { UserError } from "../../tools/user-error.ts";
import type { BenchClock, BenchDevice, BenchDisk } from "../bench/bench.ts";
import { RigError } from "../bench/rig-error.ts";
import { DeviceError, type DeviceTrouble } from "./device-error.ts";
import { TalkLog } from "./talk-log.ts";

/** What the firmware's own words in the console answer (`livlina.state()`). */
export interface ButtonState {
  /** Presses that nobody has accepted. */
  readonly pending: number;
  readonly isBonded: boolean;
}

export interface ButtonConsoleOptions {
  readonly device: Pick<BenchDevice, "name" | "locate">;
  readonly clock: BenchClock;
  readonly disk: BenchDisk;
  readonly logPath: string;
}

const baud = 115_200;
/** Longer than the interpreter waits for the rest of a packet that another program left half said. */
const answerMs = 6_500;
const greetMs = 700;
const askAgainMs = 100;

export class ButtonConsole {
  private readonly options: ButtonConsoleOptions;
  private readonly log: TalkLog;
  private fault: Error | undefined;

  /** Throws RigError where its log cannot be written. */
  constructor(options: ButtonConsoleOptions) {
    const { logPath, disk, clock } = options;
    this.options = options;
    this.fault = undefined;
    this.log = new TalkLog(logPath, disk, clock, (thrown) => {
      this.fault = thrown as Error;
    });
  }

  /** Rejects with DeviceError: `silent`, `port-gone`, or `refused` where the firmware has no such words. */
  async state(): Promise<ButtonState> {
    return JSON.parse(await this.ask("livlina.state()")) as ButtonState;
  }

  /** Its newest events, as it writes them. */
  async events(count: number): Promise<readonly string[]> {
    return JSON.parse(await this.ask(`livlina.log(0,${count})`)) as readonly string[];
  }

  /** The first state that matches, asked again and again. Rejects with DeviceError, `late` with the last state. */
  async expect(what: string, matches: (state: ButtonState) => boolean, withinMs: number): Promise<ButtonState> {
    const { clock } = this.options;
    const untilMs = clock.nowMs() + withinMs;
    for (;;) {
      const state = await this.state();
      if (matches(state)) return state;
      if (clock.nowMs() >= untilMs)
        throw this.errorOf("late", `expected ${what} within ${withinMs} ms, and it says ${JSON.stringify(state)}`);
      await new Promise<void>((resolve) => clock.after(askAgainMs, resolve));
    }
  }

  close(): void {
    this.log.close();
  }

  /** The value as JSON. The port is held only meanwhile. */
  private async ask(code: string): Promise<string> {
    const path = await this.options.device.locate();
    if (path === undefined) throw this.errorOf("port-gone", "it is not plugged in");
    try {
      const line = await openSerialLine(path, baud);
      const said = await this.told(new EspruinoConsole(line, { answerMs, quietMs: askAgainMs, greetMs }), code).finally(
        () => line.close(),
      );
      if (this.fault !== undefined) throw this.fault;
      return said;
    } catch (thrown) {
      if (thrown instanceof LineLost || thrown instanceof UserError) throw this.errorOf("port-gone", thrown.message);
      throw thrown;
    }
  }

  private async told(console: EspruinoConsole, code: string): Promise<string> {
    this.log.write(">", code);
    // The first word after a start, or after a program that left one half said, may go unheard.
    await console.isThere();
    const answer = await console.evaluate(`JSON.stringify(${code})`);
    if (!answer.ok) {
      this.log.write("<", `${answer.fault} ${answer.text}`.trim());
      throw this.errorOf(faultTroubles[answer.fault], `${code} is answered by: ${answer.fault} ${answer.text}`.trim());
    }
    const value = JSON.parse(answer.value) as string;
    this.log.write("<", value);
    return value;
  }

  private errorOf(trouble: DeviceTrouble, text: string): Error {
    if (this.fault instanceof RigError) return this.fault;
    const { name } = this.options.device;
    return new DeviceError(trouble, this.log.story(`${name}: ${text}`, []), name, this.log.path);
  }
}

const faultTroubles = { refused: "refused", silent: "silent", restarted: "unexpected-reboot" } as const;
