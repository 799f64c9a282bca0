// Runs test/*.test.ts with Node's own test runner, bundled like the product.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = path.dirname(fileURLToPath(import.meta.url));
const folder = path.join(root, "test");
const files = (await readdir(folder)).filter((name) => name.endsWith(".test.ts"));
const out = await mkdtemp(path.join(tmpdir(), "ecabinet-test-"));
await esbuild.build({
  entryPoints: files.map((name) => path.join(folder, name)),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  sourcemap: "inline",
  logLevel: "warning",
});
const built = files.map((name) => path.join(out, name.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...built], { stdio: "inherit" });
await rm(out, { recursive: true });
process.exit(status ?? 1);
