/** A live modem on a line in memory, its data on real sockets: what any AT client sees of it. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import type { SerialOptions } from "../../firmware/ports/serial.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { CallVendor } from "../peers/modem-call-news.ts";
import { faultWords } from "../peers/modem-fault-words.ts";
import { CertificateBench } from "./live-certificates-bench.ts";
import { LiveModem, type ModemNews } from "./live-modem.ts";

const none = { least: 0, most: 0 };
const models: Readonly<Record<CallVendor, string>> = {
  quectel: "EG95",
  simcom: "SIMCOM_SIM7600E",
  ublox: "SARA-R510S",
};

class Desk {
  readonly news: ModemNews[] = [];
  readonly modem: LiveModem;
  private said = "";
  private line: SerialOptions | undefined;
  private unread: Uint8Array | undefined;

  constructor(vendor: CallVendor, ca = "") {
    this.modem = new LiveModem({
      vendor,
      model: models[vendor],
      openLine: (options) => {
        this.line = options;
        return {
          read: () => {
            const bytes = this.unread;
            this.unread = undefined;
            return bytes;
          },
          write: (bytes) => {
            this.said += textOf(bytes, 0, bytes.length);
          },
          close: () => {},
        };
      },
      address: "127.0.0.1",
      allow: [],
      authorities: [],
      files: ca === "" ? [] : [{ name: vendor === "ublox" ? "ca" : "ca.pem", text: ca }],
      number: "+46700000001",
      pin: "",
      places: 20,
      onNews: (news) => this.news.push(news),
      pace: { answerMs: none, bootMs: none, searchMs: none, textMs: none },
    });
    onTestFinished(() => this.modem.close());
  }

  say(text: string): void {
    this.unread = ascii(text);
    this.line?.onReadable(text.length);
  }

  /** What it says until `end` stands in it. */
  async hear(end: string): Promise<string> {
    const limitMs = performance.now() + 10_000;
    while (!this.said.includes(end)) {
      if (performance.now() > limitMs) throw new Error(`no ${end} in ${JSON.stringify(this.said)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const said = this.said;
    this.said = "";
    return said;
  }

  ask(text: string, end = "OK\r\n"): Promise<string> {
    this.say(text);
    return this.hear(end);
  }
}

async function secureEcho(certificates: CertificateBench): Promise<number> {
  const { cert, key } = certificates.leaf({ names: "DNS:localhost,IP:127.0.0.1" });
  const server = createServer({ cert, key }, (socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
    onTestFinished(() => {
      socket.destroy();
    });
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
  });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

test("a Quectel modem speaks TLS for its user, and checks the certificate with the file it was given", async () => {
  const certificates = new CertificateBench(onTestFinished);
  const port = await secureEcho(certificates);
  const desk = new Desk("quectel", certificates.authority.cert);
  await desk.hear("+CPIN: READY");
  await desk.ask("ATE0\r");
  await desk.ask("AT+QIACT=1\r");
  for (const line of ['"cacert",1,"UFS:ca.pem"', '"seclevel",1,1', '"checkhost",1,1'])
    await desk.ask(`AT+QSSLCFG=${line}\r`);
  await desk.ask(`AT+QSSLOPEN=1,1,0,"localhost",${port},0\r`, "+QSSLOPEN: 0,0");
  await desk.ask("AT+QSSLSEND=0,5\r", "> ");
  await desk.ask("hello", '+QSSLURC: "recv",0');
  expect(await desk.ask("AT+QSSLRECV=0,1500\r")).toBe("\r\n+QSSLRECV: 5\r\nhello\r\n\r\nOK\r\n");
  await desk.ask("AT+QSSLCLOSE=0\r");
});

test("a u-blox modem refuses a server that another authority has signed", async () => {
  const port = await secureEcho(new CertificateBench(onTestFinished));
  const desk = new Desk("ublox", new CertificateBench(onTestFinished, "another authority").authority.cert);
  await desk.ask("ATE0\r");
  await desk.ask("AT+UPSDA=0,3\r", "+UUPSDA: 0");
  for (const line of ['0,3,"ca"', '0,4,"localhost"', "0,0,2"]) await desk.ask(`AT+USECPRF=${line}\r`);
  await desk.ask("AT+USOCR=6\r");
  await desk.ask("AT+USOSEC=0,1,0\r");
  await desk.ask(`AT+USOCO=0,"127.0.0.1",${port},1\r`, "+UUSOCO: 0,1");
});

test("a SIMCom modem resolves a name, and loses its network when it is told so", async () => {
  const desk = new Desk("simcom");
  await desk.hear("*ATREADY: 1");
  await desk.ask("ATE0;+CREG=1\r");
  await desk.ask("AT+NETOPEN\r", "+NETOPEN: 0");
  expect(await desk.ask('AT+CDNSGIP="localhost"\r')).toContain('+CDNSGIP: 1,"localhost","127.0.0.1"');
  expect(desk.modem.plant("deregister")).toBeUndefined();
  const lost = await desk.hear("+CREG: 2");
  expect(lost).toContain("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY");
  expect(desk.modem.plant("ok")).toBeUndefined();
  await desk.hear("+CREG: 1");
});

test("faults are planted by their words, and a word with wrong fields is refused", async () => {
  const desk = new Desk("quectel");
  await desk.hear("+CPIN: READY");
  await desk.ask("ATE0\r");
  for (const line of ["slow 0", "no-prompt 2", "full-buffer", "wrong-length -1 3", "news-in-data", "late-answer 0"])
    expect(desk.modem.plant(line)).toBeUndefined();
  expect(desk.modem.peer.faults).toMatchObject({ lostPrompts: 2, sendFailures: 1, wrongLengths: { by: -1, count: 3 } });
  expect(desk.modem.plant("refuse +csq 30")).toBeUndefined();
  expect(await desk.ask("AT+CSQ\r", "ERROR")).toBe("\r\nERROR\r\n");
  expect(desk.modem.plant("news-between")).toBeUndefined();
  expect(await desk.ask("AT+CSQ\r")).toBe('\r\n+CMTI: "SM",9\r\n\r\n+CSQ: 21,99\r\n\r\nOK\r\n');
  for (const line of ["sleepy", "slow", "slow soon", "no-prompt 1001", "wrong-length x", "refuse", "pieces 1501"])
    expect(desk.modem.plant(line)).toBeTypeOf("string");
  expect(desk.modem.plant("ok")).toBeUndefined();
  expect(desk.modem.peer.faults).toMatchObject({ lostPrompts: 0, sendFailures: 0, refusals: [] });
  expect(new Set(faultWords.map(({ word }) => word)).size).toBe(faultWords.length);
});

test("somebody outside rings and writes, and what the modem writes is told", async () => {
  const desk = new Desk("quectel");
  await desk.hear("+CPIN: READY");
  await desk.ask("ATE0;+CLIP=1;+CNMI=2,1,0,0,0\r");
  desk.modem.ring("+46700000099");
  expect(await desk.hear("+CLIP")).toContain("RING");
  await desk.ask("ATH\r");
  desk.modem.text("+46700000099", "hej");
  await desk.hear("+CMTI");
  const pdu = "0001000B816407000000F900000161";
  await desk.ask(`AT+CMGS=${pdu.length / 2 - 1}\r`, "> ");
  await desk.ask(`${pdu}\x1a`, "OK\r\n");
  const texts = (): ModemNews[] => desk.news.filter(({ type }) => type === "text");
  const limitMs = performance.now() + 10_000;
  while (texts().length === 0 && performance.now() < limitMs) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(texts()).toMatchObject([{ type: "text", text: "a" }]);
});
