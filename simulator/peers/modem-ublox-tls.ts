/**
 * TLS of a u-blox modem's stand-in: security profiles and uploaded certificates, as the public AT command manuals of the
 * SARA-R4 and SARA-R5 series describe them.
 */
import { createHash } from "node:crypto";
import type { ModemPeer } from "./modem.ts";
import { within } from "./modem-context.ts";
import { fileLengthLimit } from "./modem-files.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import type { StreamSecurity } from "./modem-streams.ts";

const lastProfile = 4;
/** Parameters of a profile: what is checked, whose certificate, which name. */
const level = 0;
const authority = 3;
const expectedName = 4;
const shownName = 10;

export class UbloxTls {
  readonly commands: CommandTable;
  private readonly modem: ModemPeer;
  /** By profile, then by parameter. */
  private readonly profiles: Map<number, Map<number, string>>;

  constructor(modem: ModemPeer) {
    this.modem = modem;
    this.profiles = new Map();
    this.commands = new Map([
      ["+USECPRF", (command: ModemCommand) => this.configure(command)],
      ["+USECMNG", (command: ModemCommand) => this.manage(command)],
    ]);
  }

  /** Profiles are forgotten, files are not. */
  restart(): void {
    this.profiles.clear();
  }

  /** What a profile asks of the server; undefined where it names a certificate that is not there, or there is no such profile. */
  securityOf(profile: number, host: string): StreamSecurity | undefined {
    if (within("" + profile, 0, lastProfile) === undefined) return undefined;
    const parameters = this.profiles.get(profile);
    const checked = Number(parameters?.get(level) ?? "0");
    const text = this.modem.files.text(parameters?.get(authority) ?? "");
    if (checked > 0 && text === undefined) return undefined;
    return {
      serverName: parameters?.get(checked >= 2 ? expectedName : shownName) ?? host,
      checks: checked === 0 ? "nothing" : checked === 1 ? "chain" : "chain-and-name",
      authorities: text === undefined ? [] : [text],
      dates: checked === 3,
    };
  }

  private configure(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const profile = within(fields[0], 0, lastProfile);
    if (profile === undefined) return error;
    const parameters = this.profiles.get(profile) ?? new Map<number, string>();
    this.profiles.set(profile, parameters);
    const parameter = within(fields[1], 0, 15);
    const value = fields[2];
    if (fields.length === 1) parameters.clear();
    else if (parameter === undefined) return error;
    else if (value === undefined)
      this.modem.add("+USECPRF: " + profile + "," + parameter + "," + (parameters.get(parameter) ?? "0"));
    else parameters.set(parameter, value);
    return done;
  }

  /** 0,<type>,"name",<length> takes a certificate; 2,<type>,"name" removes one; 3 lists them. */
  private manage(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const name = fields[2] ?? "";
    if (fields[0] === "3") {
      for (const one of this.modem.files.names()) this.modem.add('CA,"' + one + '"');
      return done;
    }
    if (fields[0] === "2") return this.modem.files.remove(name) ? done : error;
    const length = within(fields[3], 1, fileLengthLimit);
    if (fields[0] !== "0" || name === "" || length === undefined) return error;
    this.modem.prompt(">", length, 0, (data) => {
      if (!this.modem.files.keep(name, data)) {
        this.modem.finish(error);
        return;
      }
      const sum = createHash("md5").update(data).digest("hex");
      this.modem.add("+USECMNG: 0," + fields[1] + ',"' + name + '","' + sum + '"');
      this.modem.finish(done);
    });
    return later;
  }
}
