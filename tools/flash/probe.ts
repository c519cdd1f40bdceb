/** What answers on a port: a unit says who it is, an Espruino console what it runs on. Nothing is stopped, reset or changed. */
import { UserError } from "../user-error.ts";
import { EspruinoBoard } from "./espruino-board.ts";
import { LineLost, openSerialLine, type SerialLine } from "./serial-line.ts";
import { hello } from "./standing.ts";

export type Probed =
  | { readonly is: "unit"; readonly unit: string; readonly version: string }
  | {
      readonly is: "espruino";
      /** What the interpreter calls the board, and its own version. */
      readonly target: string;
      readonly engine: string;
      readonly serial: string;
      /** What was flashed there; "" where nothing of ours was. */
      readonly board: string;
      readonly firmware: string;
    }
  | { readonly is: "silent" }
  /** The port cannot be opened, or went away. */
  | { readonly is: "closed"; readonly why: string };

/** Never rejects for what the port is or does. */
export async function probe(path: string, baud: number): Promise<Probed> {
  let line: SerialLine | undefined;
  try {
    line = await openSerialLine(path, baud);
    const unit = await hello(line);
    if (unit !== undefined) return { is: "unit", ...unit };
    const device = new EspruinoBoard(line);
    if (!(await device.answers())) return { is: "silent" };
    const { target, engine, serial, label } = await device.facts();
    return { is: "espruino", target, engine, serial, board: label?.board ?? "", firmware: label?.version ?? "" };
  } catch (thrown) {
    if (thrown instanceof UserError || thrown instanceof LineLost) return { is: "closed", why: thrown.message };
    throw thrown;
  } finally {
    await line?.close();
  }
}
