/** The virtual modem against programs that nobody here wrote: gammu and serialport-gsm. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { needs } from "../config/requires.ts";
import { startLivlina, until } from "../live-bench.ts";
import { farNumber, ownNumber, PtyModem } from "./pty-modem.ts";

const timeout = 60_000;
const run = promisify(execFile);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "livlina-modem-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function modem(model: string): Promise<PtyModem> {
  const opened = new PtyModem(model);
  onTestFinished(() => opened.close());
  await until(() => opened.messages.isOn);
  return opened;
}

/**
 * Runs gammu on that line and answers what it prints. Now and then it gives a SIMCom modem ten seconds, then up: it is
 * asked again, as its user would, and the text may then have gone twice.
 */
async function gammu(device: string, ...args: readonly string[]): Promise<string> {
  const file = join(folder(), "gammurc");
  writeFileSync(file, `[gammu]\ndevice = ${device}\nconnection = at\nsynchronizetime = no\n`);
  const env = { ...process.env, LC_ALL: "C.UTF-8" };
  for (let trial = 0; ; trial++) {
    try {
      return (await run("gammu", ["-c", file, ...args], { timeout, env })).stdout;
    } catch (thrown) {
      if (trial === 2) throw thrown;
    }
  }
}

test("gammu finds out who livlina modem is", { timeout }, async (context) => {
  needs(context, "gammu");
  const link = join(folder(), "modem");
  const atEnd = (end: () => void): void => onTestFinished(end);
  const running = startLivlina(atEnd, ["modem", "--dialect", "quectel", "--link", link, "--json"]);
  await until(() => running.stdout().includes("RDY") || running.child.exitCode !== null);
  const told = await gammu(link, "identify");
  expect(told).toContain("Manufacturer         : Quectel");
  expect(told).toContain("(EG95)");
  expect(told).toContain("IMEI                 : 352099001761481");
  expect(told).toContain("SIM IMSI             : 240010123456789");
});

test.for(["EG95", "SIMCOM_SIM7600E", "SARA-R510S"])(
  "gammu sends a text over %s and lists what has come",
  { timeout },
  async (model, context) => {
    needs(context, "gammu");
    const line = await modem(model);
    const sent = await gammu(line.pty.path, "sendsms", "TEXT", farNumber, "-text", "Hej från gammu: åäö @£{}");
    expect(sent).toContain("OK, message reference=");
    await until(() => line.arrived.length > 0);
    expect(line.arrived[0]).toMatchObject({ from: ownNumber, text: "Hej från gammu: åäö @£{}" });
    line.text("Tack, vi kommer");
    line.text("Ännu ett: 100 €");
    await until(() => line.messages.count("SM") === 2);
    const listed = await gammu(line.pty.path, "getallsms");
    expect(listed).toContain("Tack, vi kommer");
    expect(listed).toContain("Ännu ett: 100 €");
    expect(listed).toContain(`"${farNumber}"`);
    expect(listed).toContain("2 SMS parts in 2 SMS sequences");
  },
);

test("gammu deletes a text", { timeout }, async (context) => {
  needs(context, "gammu");
  const line = await modem("EG95");
  line.text("Jag stannar");
  line.text("Bort med mig");
  await until(() => line.messages.count("SM") === 2);
  await gammu(line.pty.path, "deletesms", "1", "1");
  expect(line.messages.count("SM")).toBe(1);
});

test("serialport-gsm sends a text, hears of one, reads and deletes it", { timeout }, async (context) => {
  const gsm = serialportGsm();
  if (gsm === undefined) {
    context.skip("serialport-gsm is not installed (npm: serialport-gsm 4.0.1 with serialport 13 by an override)");
    return;
  }
  const line = await modem("EG95");
  const client = gsm.Modem();
  const heard: GsmMessage[] = [];
  client.on("onNewMessage", (messages) => heard.push(...(messages as GsmMessage[])));
  // It cannot set DTR on a pseudo-terminal, says so, and works all the same.
  const options = { baudRate: 115_200, cnmiCommand: "AT+CNMI=2,1,0,2,1" };
  await answer((done) => client.open(line.pty.path, options, done));
  onTestFinished(async () => {
    await answer((done) => client.close(done));
  });
  expect(await answer((done) => client.initializeModem(done))).toMatchObject({ status: "success" });
  expect(await answer((done) => client.setModemMode(done, "PDU"))).toMatchObject({ data: "PDU_Mode" });
  expect(await answer((done) => client.getModemSerial(done))).toMatchObject({
    data: { modemSerial: "352099001761481" },
  });
  client.sendSMS(farNumber, "Hej från serialport-gsm", false, () => {});
  await until(() => line.arrived.length > 0);
  expect(line.arrived).toMatchObject([{ from: ownNumber, text: "Hej från serialport-gsm" }]);
  line.text("Tack då");
  await until(() => heard.length > 0);
  expect(heard).toMatchObject([{ sender: farNumber.substring(1), message: "Tack då" }]);
  // Its own deleting waits for no answer, and speaks up ten seconds later when the line is closed before that.
  expect(await answer((done) => client.deleteMessage(heard[0], done))).toMatchObject({ status: "success" });
  expect(line.messages.count("SM")).toBe(0);
});

interface GsmMessage {
  readonly sender: string;
  readonly message: string;
}

type Done = (result: unknown, fault?: unknown) => void;

/** What the test uses of the package, which has no types. */
interface GsmModem {
  on(name: string, listener: (value: unknown) => void): void;
  open(path: string, options: object, done: Done): void;
  close(done: Done): void;
  initializeModem(done: Done): void;
  setModemMode(done: Done, mode: string): void;
  getModemSerial(done: Done): void;
  deleteMessage(message: unknown, done: Done): void;
  sendSMS(number: string, text: string, flash: boolean, done: Done): void;
}

function serialportGsm(): { Modem(): GsmModem } | undefined {
  try {
    return createRequire(import.meta.url)("serialport-gsm") as { Modem(): GsmModem };
  } catch {
    if ((process.env["LIVLINA_REQUIRE"] ?? "").split(/\s+/).includes("serialport-gsm"))
      throw new Error("serialport-gsm is not installed, and LIVLINA_REQUIRE demands it");
    return undefined;
  }
}

/** Whatever it answers, a fault too. */
function answer(ask: (done: Done) => void): Promise<unknown> {
  return new Promise((resolve) => ask((result, fault) => resolve(fault ?? result)));
}
