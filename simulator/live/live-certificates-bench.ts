/** Certificates for TLS tests, made by openssl in a folder that goes when the test is over. None of them leaves the machine. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Identity } from "./live-trust.ts";

/** PEM texts, and the paths they stand under. */
export interface MadeIdentity extends Identity {
  readonly certPath: string;
  readonly keyPath: string;
}

export interface LeafOptions {
  /** Subject alternative names (RFC 5280 4.2.1.6), such as `DNS:larm.example` or `IP:127.0.0.1`. */
  readonly names: string;
  /** Valid from and to, in days from now; -1 and 30 unless said. */
  readonly fromDays?: number;
  readonly toDays?: number;
  /** `serverAuth` unless said. */
  readonly purpose?: string;
  /** Who signs; the authority itself unless said. */
  readonly issuer?: MadeIdentity;
  /** It may sign others. */
  readonly isAuthority?: boolean;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const dayMs = 86_400_000;

/** An authority of its own, and what it signs. */
export class CertificateBench {
  readonly folder: string;
  readonly authority: MadeIdentity;
  private readonly made: MadeIdentity[];
  private count: number;

  /** `atEnd` takes what removes the folder. */
  constructor(atEnd: (end: () => void) => void, name = "Livlina lab authority") {
    this.folder = mkdtempSync(join(tmpdir(), "livlina-tls-"));
    atEnd(() => rmSync(this.folder, { recursive: true }));
    this.made = [];
    this.count = 0;
    const usage = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    this.authority = this.signedByItself(`/CN=${name}`, usage);
  }

  leaf(options: LeafOptions): MadeIdentity {
    const issuer = options.issuer ?? this.authority;
    const made = this.next();
    const request = `${made.certPath}.request`;
    openssl("req", "-new", ...newKey, "-keyout", made.keyPath, "-out", request, "-subj", `/CN=lab ${this.count}`);
    const constraints = options.isAuthority === true ? "CA:true" : "CA:false";
    const purpose = options.isAuthority === true ? "" : `extendedKeyUsage=${options.purpose ?? "serverAuth"}\n`;
    // The issuer is named by its name alone: of two authorities of one name only the signature tells which it was.
    const names = `subjectAltName=${options.names}\nauthorityKeyIdentifier=none\n`;
    const extensions = this.file("ext", `${names}basicConstraints=${constraints}\n${purpose}`);
    const from = instantOf(options.fromDays ?? -1);
    const to = instantOf(options.toDays ?? 30);
    const signer = ["-cert", issuer.certPath, "-keyfile", issuer.keyPath, "-extfile", extensions];
    const dates = ["-startdate", from, "-enddate", to];
    const how = ["ca", "-batch", "-notext", "-config", this.register()];
    openssl(...how, "-in", request, "-out", made.certPath, ...signer, ...dates);
    const leaf = read(made);
    this.made.push(leaf);
    return leaf;
  }

  /** The same with every certificate that the bench has made, for a server that must show those between as well. */
  chained(made: MadeIdentity): MadeIdentity {
    const all = this.made.filter(({ certPath }) => certPath !== made.certPath).map(({ cert }) => cert);
    const certPath = this.file(`chain-${this.count}.pem`, [made.cert, ...all].join(""));
    return read({ certPath, keyPath: made.keyPath });
  }

  /** Nobody else has signed it. */
  selfSigned(names: string): MadeIdentity {
    return this.signedByItself("/CN=lab itself", ["-addext", `subjectAltName=${names}`]);
  }

  private signedByItself(subject: string, more: readonly string[]): MadeIdentity {
    const made = this.next();
    const files = ["-keyout", made.keyPath, "-out", made.certPath];
    openssl("req", "-x509", ...newKey, ...files, "-days", "30", "-subj", subject, ...more);
    return read(made);
  }

  /** What `openssl ca` wants: a register of what was signed, here a new one each time. */
  private register(): string {
    const index = this.file("index", "");
    this.file("index.attr", "unique_subject=no\n");
    const serial = this.file("serial", `10${String(this.count).padStart(4, "0")}\n`);
    const section = `database=${index}\nserial=${serial}\nnew_certs_dir=${this.folder}\ndefault_md=sha256\npolicy=any`;
    return this.file("config", `[ca]\ndefault_ca=lab\n[lab]\n${section}\n[any]\ncommonName=supplied\n`);
  }

  private next(): Pick<MadeIdentity, "certPath" | "keyPath"> {
    this.count++;
    return { certPath: join(this.folder, `${this.count}.pem`), keyPath: join(this.folder, `${this.count}.key`) };
  }

  private file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }
}

function read(made: Pick<MadeIdentity, "certPath" | "keyPath">): MadeIdentity {
  return { ...made, cert: readFileSync(made.certPath, "utf8"), key: readFileSync(made.keyPath, "utf8") };
}

/** As ASN.1 writes it: 261122041500Z. */
function instantOf(days: number): string {
  const text = new Date(Date.now() + days * dayMs).toISOString();
  return `${text.replaceAll(/[-:T]/g, "").substring(2, 14)}Z`;
}

function openssl(...args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}
