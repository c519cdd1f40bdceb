/** How each step of an installation is done: what the unit is ordered, what people are asked, and what counts as its proof. */
import { faults } from "../../firmware/supervision/faults.ts";
import { refOf, stemOf } from "../../protocol/scaip/stem.ts";
import { UserError } from "../user-error.ts";
import { type Step, unitKey } from "./checklist.ts";
import { isYes } from "./desk.ts";
import type { InstallationOptions, StepResult } from "./installation.ts";
import { hasCheckDigit } from "./larmkod.ts";
import { pairButton } from "./pairing.ts";
import { type InstallationRecord, settingsDigest } from "./record.ts";
import { larmkodTaken } from "./registry-file.ts";
import { comparable, differences } from "./settings-file.ts";
import { readSettings, sendSettings } from "./unit-settings.ts";
import { acceptedPress, checksOf, devicesOf, pathsOf, reasonsOf } from "./unit-watch.ts";
import { walkRoom } from "./walk.ts";

/** What steps know of the record. */
export interface StepMemory {
  readonly settings: () => InstallationRecord["settings"];
  readonly keepSettings: (settings: NonNullable<InstallationRecord["settings"]>) => void;
  readonly numberOf: (press: string) => string | number | undefined;
}

type Life = "stored" | "prepared" | "installed" | "in-service" | "suspended" | "returned" | "wiped";

export class InstallationSteps {
  private readonly options: InstallationOptions;
  private readonly memory: StepMemory;
  private checks: Awaited<ReturnType<typeof checksOf>> | undefined;
  private paths: Awaited<ReturnType<typeof pathsOf>> | undefined;
  private isWalking: boolean;

  constructor(options: InstallationOptions, memory: StepMemory) {
    this.options = options;
    this.memory = memory;
    this.checks = undefined;
    this.paths = undefined;
    this.isWalking = false;
  }

  /** `isGoingOn`: the record knows this unit already. Throws UserError: 4 where somebody depends on the unit. */
  async begin(isGoingOn: boolean): Promise<void> {
    const { link, place } = this.options;
    const { pending } = await link.ask({ type: "status" }, "answer");
    if (pending > 0) throw new UserError("an alarm waits for its acceptance", "see to the alarm first", 4);
    const life = await this.life();
    if ((life === "in-service" || life === "suspended") && !isGoingOn)
      throw new UserError(
        `the unit is ${life}: somebody depends on it`,
        "livlina config set changes the settings of a unit in service; one that was handed back goes through return-test and wipe",
        4,
      );
    if (life === "returned")
      throw new UserError("the unit was returned and still knows its former client", "livlina wipe --port PORT", 4);
    // First of all: settings must not put a unit into service that has never been tried.
    if (life === "stored" || life === "wiped") await link.order({ type: "life", life: "prepared" });
    if (place === "home" && (await this.life()) === "prepared") await link.order({ type: "life", life: "installed" });
  }

  async run(step: Step): Promise<StepResult> {
    switch (step.kind) {
      case "settings":
        return this.settings();
      case "identity":
        return this.identity();
      case "self-check":
        return this.selfCheck();
      case "battery":
        return this.battery();
      case "power":
        return this.power();
      case "path":
        return this.path(step.subject);
      case "pair":
        return this.pair(step.subject);
      case "press":
        return this.press(step.subject);
      case "room":
        return this.room(step.subject);
      case "speech":
        return this.speech();
      case "read-back":
        return this.readBack();
    }
  }

  /** Presses are calls for help again. */
  async end(): Promise<void> {
    if (this.isWalking) await this.options.link.tryOrder({ type: "range-end" });
    this.isWalking = false;
  }

  async putIntoService(): Promise<void> {
    const { link } = this.options;
    const life = await this.life();
    if (life === "in-service") return;
    if (life === "prepared") await link.order({ type: "life", life: "installed" });
    else if (life !== "installed")
      throw new UserError(
        `the unit is ${life}: this installation was closed before`,
        "a new record for a new installation",
        4,
      );
    await link.order({ type: "life", life: "in-service" });
  }

  private async life(): Promise<Life> {
    const [state] = await this.options.link.list({ type: "state" }, "state");
    return state?.life ?? "stored";
  }

  private async settings(): Promise<StepResult> {
    const { link, plan, desk } = this.options;
    const { settings, state } = await readSettings(link);
    const digest = settingsDigest(plan.settings);
    const known = this.memory.settings();
    const isSame = differences(comparable(settings), comparable(plan.settings)).length === 0;
    if (isSame && state.stage === "proven" && known?.digest === digest && known.version === state.version)
      return passed({ version: state.version, digest });
    const end = await sendSettings(link, plan.settings, (text) => desk.say(`  ${text}`));
    const after = (await readSettings(link)).state;
    this.memory.keepSettings({ version: after.version, digest });
    if (end === "taken-back")
      return failed(
        { version: after.version },
        "no receiver accepted anything under them: is the receiver's address right, and is it reached from here?",
      );
    return { ...passed({ version: after.version, digest, how: end }), changed: true };
  }

  /** Read back from the unit, whatever was sent. */
  private async identity(): Promise<StepResult> {
    const { link, plan, registry } = this.options;
    const { settings } = await readSettings(link);
    const [sheet] = await link.list({ type: "sheet" }, "sheet");
    const facts = { larmkod: settings.cid, unit: link.unit, firmware: link.version, iccid: sheet?.iccid ?? "" };
    if (settings.cid !== plan.larmkod)
      return failed(facts, `the unit answers with another larmkod than ${plan.larmkod}`);
    if (plan.checkDigit === "luhn" && !hasCheckDigit(settings.cid))
      return failed(facts, "the larmkod's check digit is wrong");
    const taken = registry === undefined ? undefined : larmkodTaken(registry, plan);
    if (taken !== undefined) return failed(facts, taken);
    return passed({ ...facts, registry: registry === undefined ? "not asked" : "unique" });
  }

  private async selfCheck(): Promise<StepResult> {
    this.checks ??= await checksOf(this.options.link);
    const failing = this.checks.filter(({ result, part }) => result === "failed" && part !== "battery");
    const facts = {
      parts: this.checks.length,
      failed: failing.map(({ part, code }) => `${part} E${code}`).join(" ") || "none",
    };
    return failing.length === 0 ? passed(facts) : failed(facts, failing.map(({ code }) => faultText(code)).join(" "));
  }

  private async battery(): Promise<StepResult> {
    this.checks ??= await checksOf(this.options.link);
    const check = this.checks.find(({ part }) => part === "battery");
    const reasons = (await reasonsOf(this.options.link)).filter(({ what }) => what.startsWith("battery-"));
    const facts = { check: check?.result ?? "none", reasons: reasons.map(({ what }) => what).join(" ") || "none" };
    this.checks = undefined;
    if (check?.result === "passed" && reasons.length === 0) return passed(facts);
    return failed(facts, check?.result === "failed" ? faultText(check.code) : "connect or replace the battery");
  }

  private async power(): Promise<StepResult> {
    const isLost = (await reasonsOf(this.options.link)).some(({ what }) => what === "mains-lost");
    return isLost
      ? failed({ mains: "lost" }, "put the plug into a socket without a switch")
      : passed({ mains: "present" });
  }

  private async path(subject: string): Promise<StepResult> {
    const { link, plan } = this.options;
    this.paths ??= await pathsOf(link, plan.checklist.paths.length);
    const found = this.paths.find(({ route, receiver }) => `${route} ${receiver}` === subject);
    const facts = { result: found?.result ?? "not tried" };
    if (plan.checklist.paths.at(-1) === subject) this.paths = undefined;
    return found?.result === "accepted" ? passed(facts) : failed(facts, pathHint(subject));
  }

  private async pair(subject: string): Promise<StepResult> {
    const { link, plan, desk, registry, patienceMs } = this.options;
    const button = plan.buttons.find(({ name }) => name === subject);
    if (button === undefined) throw new Error("installation: a step of another plan");
    return pairButton({ link, desk, registry, patienceMs, unit: plan.unit, ...button });
  }

  private async press(subject: string): Promise<StepResult> {
    const { link, desk, patienceMs } = this.options;
    await this.end();
    const place = subject === unitKey ? -1 : await this.placeOf(subject);
    const found = await acceptedPress(link, place, patienceMs, {
      ready: () =>
        desk.say(
          subject === unitKey
            ? "  press the help key on the unit now: it is a real alarm, the receiver should know of it before"
            : `  press button ${subject} now: it is a real alarm, the receiver should know of it before`,
        ),
      heard: (number) => desk.say(`  report ${number} is on its way`),
    });
    if (found === undefined)
      return failed(
        { accepted: "nobody" },
        "livlina path-test; ask the receiver whether it saw the larmkod; wait two minutes, since a press soon after another one joins its report; then the same command again",
      );
    const ref = refOf(stemOf(link.unit, found.number), found.part);
    return passed({ number: found.number, ref, route: found.route, receiver: found.receiver, ms: found.afterMs });
  }

  private async room(word: string): Promise<StepResult> {
    const { link, plan, desk, patienceMs } = this.options;
    const place = await this.placeOf(plan.buttons[0]?.name ?? "");
    const name = plan.rooms.find((room) => room.word === word)?.name ?? word;
    this.isWalking = true;
    const walked = await walkRoom({ link, desk, place, word, name, presses: 1, patienceMs });
    this.isWalking = false;
    const facts = { presses: walked.presses, margin: walked.margin };
    return walked.result === "passed"
      ? passed(facts)
      : failed(facts, "move the unit to the middle of the home, away from metal");
  }

  private async speech(): Promise<StepResult> {
    const { link, desk } = this.options;
    await link.order({ type: "query" });
    const heard = await desk.ask("Did the unit speak, and was it well heard? (yes/no)");
    const spoken = await desk.ask("Did the receiver and you hear each other through the unit? (yes/no)");
    const facts = { unit: isYes(heard) ? "heard" : "not heard", receiver: isYes(spoken) ? "both ways" : "no" };
    return isYes(heard) && isYes(spoken)
      ? passed(facts)
      : failed(facts, "livlina diagnose; have the receiver call back after the next test press");
  }

  private async readBack(): Promise<StepResult> {
    const { desk, plan } = this.options;
    const said = await desk.ask(`Which client does the receiver read back for larmkod ${plan.larmkod}?`);
    if (said.toUpperCase() === plan.client.toUpperCase()) return passed({ client: plan.client });
    return failed(
      { said: said === "" ? "nothing" : "another" },
      "the receiver has another client under this larmkod: have it put right before anybody depends on it",
    );
  }

  private async placeOf(name: string): Promise<number> {
    const device = (await devicesOf(this.options.link)).find(({ did, state }) => did === name && state !== "revoked");
    if (device !== undefined) return device.place;
    throw new UserError(`the unit does not know button ${name} any more`, "livlina pair", 1);
  }
}

export function passed(facts: StepResult["facts"]): StepResult {
  return { passed: true, changed: false, facts, hint: "" };
}

export function failed(facts: StepResult["facts"], hint: string): StepResult {
  return { passed: false, changed: false, facts, hint };
}

/** What a fault of the unit means, by the number of its code. */
function faultText(code: number): string {
  return Object.values(faults).find((fault) => fault.code === `E${code}`)?.en ?? `fault E${code}`;
}

function pathHint(path: string): string {
  return path.startsWith("mobile")
    ? "another place for the unit or its antenna; is the subscription active?"
    : "is the network cable in, and is the router on?";
}
