/** `livlina build` as people and programs call it: what is written, what is printed, and what ends in an error. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { readImage } from "../build/image.ts";
import { register } from "./build.ts";

const place = mkdtempSync(join(tmpdir(), "livlina-build-"));
afterAll(() => rmSync(place, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function build(...words: string[]): Promise<string> {
  const out: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  const program = new Command().exitOverride();
  register(program);
  await program.parseAsync(["build", ...words], { from: "user" });
  return out.join("");
}

test("a board's folder holds the script, its manifest and its papers, and the path is printed", async () => {
  const text = await build("mdbt42q", "--out", place);
  expect(text).toContain(join(place, "mdbt42q", "livlina.js"));
  expect(readdirSync(join(place, "mdbt42q")).sort()).toEqual([
    "image.json",
    "livlina.js",
    "livlina.js.map",
    "livlina.text.js",
    "sbom.json",
  ]);
  const { manifest } = readImage(join(place, "mdbt42q"));
  expect(manifest).toMatchObject({ format: 1, board: "mdbt42q", role: "button", storageName: "livlina" });
});

test("--json is one array with size, digest and what is largest; --dry-run writes nothing", async () => {
  const folder = join(place, "dry");
  const [built, ...more] = JSON.parse(await build("puck-js", "--json", "--dry-run", "--out", folder));
  expect(more).toEqual([]);
  expect(built).toMatchObject({ board: "puck-js", role: "button", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(built.fits).toBe(built.bytes <= built.budgetBytes);
  expect(built.largest).toHaveLength(5);
  expect(existsSync(folder)).toBe(false);
  expect(process.exitCode).toBe(built.fits ? undefined : 1);
});

test("no board, two wishes at once, and a folder that cannot be made are told", async () => {
  await expect(build()).rejects.toMatchObject({ exitCode: 2, message: "which board?" });
  await expect(build("puck-js", "--all")).rejects.toMatchObject({ exitCode: 2 });
  await expect(build("puckjs")).rejects.toMatchObject({ exitCode: 2, hint: expect.stringContaining("puck-js") });
  writeFileSync(join(place, "file"), "");
  await expect(build("mdbt42q", "--out", join(place, "file"))).rejects.toMatchObject({ exitCode: 3 });
});
