/** Who a modem's stand-in and its SIM are: maker, serial number, subscriber, own number, card number (3GPP 27.007 5, 7.1, 8.18). */
import { dialectOf } from "../../protocol/at/dialects.ts";
import type { ModemPeer } from "./modem.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { done, error } from "./modem-line.ts";
import type { ModemPart } from "./modem-options.ts";

export interface IdentityOptions {
  readonly model: string;
  /** Own number, with its country's. */
  readonly number: string;
  /** Of the card that is in it now. */
  readonly iccid: () => string;
  readonly imei?: string;
  readonly imsi?: string;
  /** It has not its vendor's command for the card number, as a firmware of another age. */
  readonly withoutCardCommand?: boolean;
}

/** What switches the news of a card that comes or goes on. */
const watchNames: Readonly<Record<string, string>> = { quectel: "+QSIMSTAT", simcom: "+UIMHOTSWAPON" };
const makers: Readonly<Record<string, string>> = { quectel: "Quectel", simcom: "SIMCOM INCORPORATED" };

export class IdentityPart implements ModemPart {
  readonly commands: CommandTable;
  private readonly modem: ModemPeer;
  private readonly options: IdentityOptions;

  constructor(modem: ModemPeer, options: IdentityOptions) {
    this.modem = modem;
    this.options = options;
    this.commands = this.table();
  }

  start(): void {}

  stop(): void {}

  private table(): CommandTable {
    const options = this.options;
    const dialect = dialectOf(options.model)?.name ?? "quectel";
    const table = new Map<string, (command: ModemCommand) => number>();
    const tell = (names: readonly string[], line: () => string, needsSim: boolean): void => {
      for (const name of names) table.set(name, (command) => this.tell(command, line, needsSim));
    };
    tell(["+CGMI", "+GMI"], () => makers[dialect] ?? "u-blox", false);
    tell(["+CGMR", "+GMR"], () => options.model + "_LIVLINA_1", false);
    tell(["+GMM"], () => options.model, false);
    tell(["+CGSN", "+GSN"], () => options.imei ?? "352099001761481", false);
    tell(["+CIMI"], () => options.imsi ?? "240010123456789", true);
    tell(["+CNUM"], () => '+CNUM: ,"' + options.number + '",145', true);
    if (!options.withoutCardCommand) {
      table.set(watchNames[dialect] ?? "+USIMSTAT", () => done);
      if (dialect === "simcom") tell(["+CICCID"], () => "+ICCID: " + options.iccid(), true);
      else if (dialect === "quectel") tell(["+QCCID", "+CCID"], () => "+QCCID: " + options.iccid(), true);
      else tell(["+CCID"], () => "+CCID: " + options.iccid(), true);
    }
    table.set("+CRSM", (command) => this.cardFile(command));
    return table;
  }

  private tell(command: ModemCommand, line: () => string, needsSim: boolean): number {
    if (command.form === "test") return done;
    const fault = this.modem.cellular.simError();
    if (needsSim && fault !== done) return fault;
    if (command.form === "set") return error;
    this.modem.add(line());
    return done;
  }

  /** READ BINARY of EF-ICCID alone; every other file is not there (102.221 10.2.1.5). */
  private cardFile(command: ModemCommand): number {
    const fault = this.modem.cellular.simError();
    if (fault !== done) return fault;
    if (command.form !== "set") return command.form === "test" ? done : error;
    if (command.text !== "176,12258,0,0,10") {
      this.modem.add("+CRSM: 106,130");
      return done;
    }
    const digits = this.options.iccid().padEnd(20, "F");
    let swapped = "";
    for (let i = 0; i < 20; i += 2) swapped += digits.charAt(i + 1) + digits.charAt(i);
    this.modem.add('+CRSM: 144,0,"' + swapped + '"');
    return done;
  }
}
