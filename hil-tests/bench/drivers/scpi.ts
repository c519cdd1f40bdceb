/** A supply that speaks SCPI (SCPI-99: OUTPut, SOURce, INSTrument:NSELect; IEEE 488.2 *IDN?), over TCP or a serial port. */
import { connect, type Socket } from "node:net";
import { cannot, type Driver } from "../actuator.ts";
import type { UsbPlace } from "../bench.ts";
import { RigError } from "../rig-error.ts";
import type { SerialBoards } from "../serial-boards.ts";

export interface ScpiSupply {
  readonly at: { readonly host: string; readonly port: number } | UsbPlace;
  /** Output; undefined where there is one. */
  readonly channel: number | undefined;
  /** Undefined: as it is set. */
  readonly volts: number | undefined;
  readonly amps: number | undefined;
}

/** Says lines, and answers the last one that comes after a question. */
type Talk = (lines: readonly string[]) => Promise<string>;

const baud = 9_600;
const answerMs = 2_000;

export function scpi(boards: SerialBoards, { at, channel, volts, amps }: ScpiSupply): Driver {
  const talk: Talk = (lines) => ("host" in at ? overTcp(at, lines) : overSerial(boards, at, lines));
  const select = channel === undefined ? [] : [`INST:NSEL ${channel}`];
  return {
    name: "scpi",
    set: async (value) => {
      if (typeof value === "number") throw cannot("scpi", value);
      const levels = [
        ...(volts === undefined ? [] : [`VOLT ${volts}`]),
        ...(amps === undefined ? [] : [`CURR ${amps}`]),
      ];
      const answer = await talk([...select, ...(value ? levels : []), `OUTP ${value ? "ON" : "OFF"}`, "OUTP?"]);
      if (isOn(answer) !== value)
        throw new RigError(
          "actuator",
          `the supply says ${JSON.stringify(answer)} and not ${value ? "ON" : "OFF"}`,
          "is it locked at its panel?",
        );
    },
    check: async () => {
      const answer = await talk(["*IDN?"]);
      if (answer === "") throw new RigError("actuator", "the supply does not say who it is", "is remote control on?");
    },
  };
}

function isOn(answer: string): boolean | undefined {
  if (/^(1|ON)$/i.test(answer)) return true;
  return /^(0|OFF)$/i.test(answer) ? false : undefined;
}

function overTcp(
  { host, port }: { readonly host: string; readonly port: number },
  lines: readonly string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host, port });
    let heard = "";
    const fail = (why: string): void => {
      socket.destroy();
      reject(new RigError("actuator", `${host}:${port}: ${why}`, "is the supply on, and its address right?"));
    };
    socket.setTimeout(answerMs, () => fail("no answer"));
    socket.on("error", (error) => fail(error.message));
    socket.on("connect", () => socket.write(`${lines.join("\n")}\n`));
    socket.on("data", (bytes) => {
      heard += bytes.toString("latin1");
      if (!heard.includes("\n")) return;
      socket.destroy();
      resolve(heard.trim());
    });
    socket.on("end", () => fail("it closed the connection"));
  });
}

function overSerial(boards: SerialBoards, place: UsbPlace, lines: readonly string[]): Promise<string> {
  return boards.use(place, baud, async (line) => {
    line.write(Buffer.from(`${lines.join("\n")}\n`, "latin1"));
    let heard = "";
    while (!heard.includes("\n")) {
      const bytes = await line.read(answerMs);
      if (bytes === undefined) throw new RigError("actuator", "the supply does not answer", "is remote control on?");
      heard += Buffer.from(bytes).toString("latin1");
    }
    return heard.trim();
  });
}
