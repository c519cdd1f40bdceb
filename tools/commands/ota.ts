/** `livlina ota`: keys that sign releases, signed releases, and the rings in which units get them. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { versionNumber, versionText } from "../../protocol/update/image-header.ts";
import { readImage } from "../build/image.ts";
import { passphraseOf } from "../provision/keys-file.ts";
import { type ReleaseFile, readRelease, signRelease, writeRelease } from "../release/release-file.ts";
import { makeKey, publicHalf, readKey, trustLine } from "../release/release-key.ts";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";
import { registerRings } from "./ota-rings.ts";

interface KeyFlags {
  readonly out?: string;
  readonly show?: string;
  readonly passphraseFile?: string;
  readonly json?: boolean;
}

interface SignFlags {
  readonly key: string;
  readonly out: string;
  readonly body?: string;
  readonly leastVersion: string;
  readonly revisions: string;
  readonly passphraseFile?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const ota = program
    .command("ota")
    .description("signed releases for units, given out in rings with a stop rule")
    .addHelpText("after", "\nExample:\n  livlina ota show livlina-0.2.0.release\n");
  ota
    .command("keys")
    .description("make a key that signs releases, or show what programs must know of one")
    .option("--out <file>", "a new file for the key, sealed with a passphrase")
    .option("--show <file>", "number and public half of a key that is there")
    .option("--passphrase-file <path>", "file whose first line seals the key; or LIVLINA_PASSPHRASE")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      [
        "",
        "Units take what a key has signed that their own program was built with. A new key is brought in by a release that the",
        "old one signs; a key that was lost or stolen goes the same way, signed by another that units know: build two in.",
        "",
        "Example:",
        "  livlina ota keys --out release.key --passphrase-file secret",
        "",
      ].join("\n"),
    )
    .action(keys);
  ota
    .command("sign <image>")
    .description("sign the image that `livlina build` wrote into a folder")
    .requiredOption("--key <file>", "what `livlina ota keys` has written")
    .requiredOption("--out <file>", "the release")
    .option(
      "--body <file>",
      "what goes into the unit's slot, where it is made from the image by the engine's own tools",
    )
    .option("--least-version <version>", "units that run an older one must take another release first", "0.0.0")
    .option("--revisions <from-to>", "of the hardware", "0-255")
    .option("--passphrase-file <path>", "file whose first line opens the key; or LIVLINA_PASSPHRASE")
    .option("--dry-run", "sign and check, and write nothing")
    .option("--json", "one JSON object on stdout")
    .addHelpText(
      "after",
      "\nExample:\n  livlina ota sign out/images/esp32 --key release.key --out livlina-0.2.0.release\n",
    )
    .action(signImage);
  ota
    .command("show <release>")
    .description("what a release is for, and whether it is whole and signed")
    .option("--key <file>", "must have signed it")
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", "\nExample:\n  livlina ota show livlina-0.2.0.release --key release.key\n")
    .action(show);
  registerRings(ota);
}

function keys(flags: KeyFlags): void {
  if ((flags.out === undefined) === (flags.show === undefined))
    throw new UserError("either a new key or one that is there", "--out FILE, or --show FILE", 2);
  const key =
    flags.show !== undefined
      ? publicHalf(flags.show)
      : makeKey(flags.out as string, passphraseOf(flags.passphraseFile, process.env["LIVLINA_PASSPHRASE"]));
  if (flags.json === true)
    print({ id: key.id, public: Buffer.from(key.publicKey).toString("hex"), file: flags.out ?? flags.show });
  else process.stdout.write(`${trustLine(key)}\n`);
}

function signImage(folder: string, flags: SignFlags): void {
  const image = readImage(folder);
  const { manifest } = image;
  if (manifest.role !== "unit")
    throw new UserError(
      `${folder} is for a ${manifest.role}`,
      "a unit's image; a button is updated with `livlina flash`",
      2,
    );
  const [least, most] = revisionsOf(flags.revisions);
  const passphrase = passphraseOf(flags.passphraseFile, process.env["LIVLINA_PASSPHRASE"]);
  const body = flags.body === undefined ? image.contents[0] : bytesIn(flags.body);
  const release = signRelease(
    {
      board: manifest.hardware,
      region: manifest.region,
      leastRevision: least,
      mostRevision: most,
      version: versionOf(manifest.version, `${folder}: version`),
      leastVersion: versionOf(flags.leastVersion, "--least-version"),
    },
    body as Uint8Array,
    readKey(flags.key, passphrase),
  );
  if (flags.dryRun !== true) writeRelease(flags.out, release);
  if (manifest.changed) process.stderr.write("the image was built from a tree that differs from its commit\n");
  tell(release, flags.json === true, flags.dryRun === true ? "would be written" : flags.out);
}

function show(path: string, flags: { readonly key?: string; readonly json?: boolean }): void {
  const release = readRelease(path, flags.key === undefined ? undefined : publicHalf(flags.key).publicKey);
  tell(
    release,
    flags.json === true,
    flags.key === undefined ? "signature not looked at: name a --key" : "signed by this key",
  );
}

function tell({ header, sha256 }: ReleaseFile, isJson: boolean, note: string): void {
  const version = versionText(header.version);
  if (isJson) {
    print({ ...header, version, leastVersion: versionText(header.leastVersion), sha256, note });
    return;
  }
  const { board, region, leastRevision, mostRevision, length, keyId } = header;
  process.stdout.write(
    `${version} for ${board} ${leastRevision}-${mostRevision} (${region}), ${length} bytes, sha256 ${sha256}, key ${keyId}: ${note}\n`,
  );
}

function revisionsOf(text: string): [number, number] {
  const [, from, to] = /^(\d{1,3})-(\d{1,3})$/.exec(text) ?? [];
  if (from !== undefined && Number(from) <= Number(to) && Number(to) <= 255) return [Number(from), Number(to)];
  throw new UserError(`--revisions ${text} is no range`, "--revisions 1-3, each 0 to 255", 2);
}

function versionOf(text: string, what: string): number {
  const version = versionNumber(text);
  if (version < 0) throw new UserError(`${what} ${text} is no version`, "1.2.3: 0 to 255, 0 to 255, 0 to 65535", 2);
  return version;
}

function bytesIn(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (thrown) {
    throw new UserError(`${path} cannot be read: ${systemReason(thrown)}`, "an existing file", 2);
  }
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
