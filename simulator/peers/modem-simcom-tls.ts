/**
 * TLS of a SIMCom modem's stand-in: the SSL service, its sessions and uploaded certificates, as the public SSL manuals of the
 * SIM7500, SIM7600 and A76xx series describe them. What arrives waits until it is fetched; the mode that pushes is not spoken.
 */
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import type { ModemPeer } from "./modem.ts";
import { type ModemContext, within } from "./modem-context.ts";
import { fileLengthLimit } from "./modem-files.ts";
import type { CommandTable, ModemCommand } from "./modem-line.ts";
import { argumentsOf, done, error, later } from "./modem-line.ts";
import { type StreamSecurity, StreamSet } from "./modem-streams.ts";

const lastSession = 1;
const lastContext = 9;
const lengthLimit = 2_048;
const peerClosed = 4;
const notStarted = 11;

export class SimcomTls {
  readonly commands: CommandTable;
  private readonly modem: ModemPeer;
  private readonly context: ModemContext;
  private readonly streams: StreamSet;
  /** "authmode,0" to its value. */
  private readonly settings: Map<string, string>;
  /** The SSL context of each session. */
  private readonly contexts: Map<number, number>;
  private started: boolean;
  private tellsSent: boolean;

  constructor(modem: ModemPeer, context: ModemContext) {
    this.modem = modem;
    this.context = context;
    this.settings = new Map();
    this.contexts = new Map();
    this.started = false;
    this.tellsSent = false;
    this.streams = new StreamSet(context, {
      onOpened: (id, fault) => modem.tell("+CCHOPEN: " + id + "," + openError(fault)),
      onArrived: (id) => modem.tell("+CCHEVENT: " + id + ",RECV EVENT"),
      onClosed: (id) => modem.tell("+CCH_PEER_CLOSED: " + id),
    });
    this.commands = this.table();
  }

  /** Settings are forgotten, files are not. */
  restart(): void {
    this.settings.clear();
    this.contexts.clear();
    this.started = false;
    this.tellsSent = false;
  }

  private table(): CommandTable {
    const table = new Map<string, (command: ModemCommand) => number>();
    table.set("+CSSLCFG", (command) => this.configure(command));
    table.set("+CCERTDOWN", (command) => this.upload(command));
    table.set("+CCERTDELE", (command) => (this.modem.files.remove(argumentsOf(command.text)[0] ?? "") ? done : error));
    table.set("+CCERTLIST", () => {
      for (const name of this.modem.files.names()) this.modem.add('+CCERTLIST: "' + name + '"');
      return done;
    });
    table.set("+CCHSET", (command) => {
      this.tellsSent = argumentsOf(command.text)[0] === "1";
      return done;
    });
    table.set("+CCHSTART", () => this.start());
    table.set("+CCHSTOP", () => this.stop());
    table.set("+CCHSSLCFG", (command) => {
      const fields = argumentsOf(command.text);
      const session = within(fields[0], 0, lastSession);
      const context = within(fields[1], 0, lastContext);
      if (session === undefined || context === undefined) return error;
      this.contexts.set(session, context);
      return done;
    });
    table.set("+CCHOPEN", (command) => this.open(command));
    table.set("+CCHSEND", (command) => this.send(command));
    table.set("+CCHRECV", (command) => this.receive(command));
    table.set("+CCHCLOSE", (command) => this.close(command));
    return table;
  }

  private configure(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const key = fields[0];
    const context = within(fields[1], 0, lastContext);
    if (key === undefined || context === undefined || fields[2] === undefined) return error;
    this.settings.set(key + "," + context, fields[2]);
    return done;
  }

  private start(): number {
    if (this.started || this.context.address === undefined) return error;
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => {
      this.started = true;
      this.modem.tell("+CCHSTART: 0");
    });
    return done;
  }

  private stop(): number {
    if (!this.started) return error;
    this.started = false;
    for (const id of this.streams.ids()) this.streams.close(id);
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => this.modem.tell("+CCHSTOP: 0"));
    return done;
  }

  /** Client type 2 is TLS; 1, plain TCP, is the business of AT+CIPOPEN here. */
  private open(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = within(fields[0], 0, lastSession);
    const host = fields[1] ?? "";
    const port = within(fields[2], 1, 65_535);
    if (id === undefined || host === "" || port === undefined || (fields[3] ?? "2") !== "2") return error;
    const security = this.securityOf(this.contexts.get(id) ?? 0, host);
    if (!this.started || security === undefined || (this.streams.get(id)?.at ?? "over") !== "over") {
      this.modem.add("+CCHOPEN: " + id + "," + notStarted);
      return error;
    }
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => this.streams.open(id, { host, port }, security));
    return done;
  }

  /** Undefined where a certificate is to be checked against a file that is not there. */
  private securityOf(context: number, host: string): StreamSecurity | undefined {
    const setting = (key: string): string => this.settings.get(key + "," + context) ?? "";
    const mode = setting("authmode");
    const checksServer = mode === "1" || mode === "2";
    const text = this.modem.files.text(setting("cacert"));
    if (checksServer && text === undefined) return undefined;
    return {
      serverName: host,
      checks: checksServer ? "chain" : "nothing",
      authorities: text === undefined ? [] : [text],
      // The dates are ignored unless told otherwise.
      dates: checksServer && setting("ignorelocaltime") === "0",
    };
  }

  private send(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const stream = this.streams.get(id);
    const length = within(fields[1], 1, lengthLimit);
    if (stream === undefined || stream.at !== "open" || length === undefined) return error;
    this.modem.prompt(">", length, 0, (data) => {
      const fails = this.modem.takeSendFailure() || !this.streams.write(stream, data);
      this.modem.after(this.modem.answerMs(), () => {
        if (this.tellsSent) this.modem.tell("+CCHSEND: " + id + "," + (fails ? 6 : 0));
        this.modem.end("OK");
      });
    });
    return later;
  }

  /** Asked, it tells how much waits in each session; set, it says OK, then the data, then its own result. */
  private receive(command: ModemCommand): number {
    if (command.form === "read") {
      let lengths = "";
      for (let id = 0; id <= lastSession; id++) lengths += "," + (this.streams.get(id)?.waiting.length ?? 0);
      this.modem.add("+CCHRECV: LEN" + lengths);
      return done;
    }
    const fields = argumentsOf(command.text);
    const id = Number(fields[0]);
    const stream = this.streams.get(id);
    const most = fields[1] === undefined ? lengthLimit : within(fields[1], 1, lengthLimit);
    if (stream === undefined || most === undefined) return error;
    const bytes = this.streams.fetch(stream, most);
    const result = "+CCHRECV: " + id + ",0";
    if (bytes.length === 0) {
      this.modem.tell(result);
      return done;
    }
    this.modem.add("OK");
    this.modem.endWithData("+CCHRECV: DATA," + id + ",", bytes, "\r\n", "\r\n" + result + "\r\n");
    return later;
  }

  private close(command: ModemCommand): number {
    const id = Number(argumentsOf(command.text)[0]);
    if (!this.streams.close(id)) {
      this.modem.add("+CCHCLOSE: " + id + "," + peerClosed);
      return error;
    }
    this.modem.after(this.modem.draw({ least: 20, most: 200 }), () => this.modem.tell("+CCHCLOSE: " + id + ",0"));
    return done;
  }

  private upload(command: ModemCommand): number {
    const fields = argumentsOf(command.text);
    const name = fields[0] ?? "";
    const length = within(fields[1], 1, fileLengthLimit);
    if (name === "" || length === undefined) return error;
    this.modem.prompt(">", length, 0, (data) => this.modem.finish(this.modem.files.keep(name, data) ? done : error));
    return later;
  }
}

/** Error numbers of the SSL manuals; 0: it stands. */
function openError(fault: StreamFault | undefined): number {
  switch (fault) {
    case undefined:
      return 0;
    case "connect-timeout":
      return 5;
    case "name-not-found":
      return 13;
    case "certificate":
      return 14;
    default:
      return 9;
  }
}
