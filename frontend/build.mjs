// Builds everything the browser gets into static/dist/ (not in git).
//   npm ci && node build.mjs [--watch]
// Every src/entries/*.ts becomes <name>.js, css/ecabinet.css and css/admin.css become one sheet each,
// icons/*.svg one sprite; the parts of PDF.js that are loaded at run time are copied.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync, watch as watchFolder } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(root, "static", "dist");
const watching = process.argv.includes("--watch");

/** One file with a <symbol> per icon: <svg><use href="…/icons.svg#i-name"/></svg>. */
const sprite = async () => {
  const folder = path.join(root, "icons");
  const symbols = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".svg")).sort()) {
    const source = await readFile(path.join(folder, file), "utf8");
    const inner = source.match(/<svg[^>]*>([\s\S]*)<\/svg>/)?.[1];
    if (!inner) throw new Error(`icons/${file} is not an SVG drawing`);
    symbols.push(`<symbol id="i-${file.slice(0, -4)}" viewBox="0 0 24 24">${inner.trim()}</symbol>`);
  }
  const text = `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
  await writeFile(path.join(dist, "icons.svg"), text);
  await cp(path.join(root, "art", "drum.svg"), path.join(dist, "drum.svg"));
  for (const name of ["emblem", "seal"]) await cp(path.join(folder, `${name}.svg`), path.join(dist, `${name}.svg`));
};

/** What PDF.js asks for by address while it draws: character maps, standard fonts, image decoders, colours. */
const pdfjs = async () => {
  const from = path.join(root, "node_modules", "pdfjs-dist");
  const to = path.join(dist, "pdfjs");
  await mkdir(to, { recursive: true });
  await cp(path.join(from, "legacy", "build", "pdf.worker.min.mjs"), path.join(to, "pdf.worker.min.mjs"));
  for (const folder of ["cmaps", "standard_fonts", "iccs"]) {
    await cp(path.join(from, folder), path.join(to, folder), { recursive: true });
  }
  // Only the decoders: the script engine of PDF forms stays out, as scripts in papers are refused.
  await mkdir(path.join(to, "wasm"), { recursive: true });
  for (const file of await readdir(path.join(from, "wasm"))) {
    if (!file.toLowerCase().includes("quickjs")) {
      await cp(path.join(from, "wasm", file), path.join(to, "wasm", file));
    }
  }
};

const scripts = async () => {
  const folder = path.join(root, "src", "entries");
  return (await readdir(folder)).filter((name) => name.endsWith(".ts")).map((name) => path.join(folder, name));
};

const sheets = () =>
  ["ecabinet.css", "admin.css"].map((name) => path.join(root, "css", name)).filter((file) => existsSync(file));

const shared = { bundle: true, minify: !watching, sourcemap: watching ? "linked" : false, logLevel: "warning" };
// Safari 17.5 and Firefox 120 are the first with light-dark(); Chromium 123.
const target = ["es2022", "chrome123", "firefox120", "safari17.5"];

const options = async () => [
  {
    ...shared, target,
    entryPoints: await scripts(),
    outdir: dist,
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    legalComments: "external",
    tsconfig: path.join(root, "tsconfig.json"),
  },
  {
    ...shared,
    // light-dark() and layers are left as they are written.
    target: ["chrome123", "firefox120", "safari17.5"],
    entryPoints: sheets(),
    outdir: dist,
    loader: { ".woff2": "file", ".svg": "file" },
    assetNames: "fonts/[name]-[hash]",
  },
];

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([sprite(), pdfjs()]);

if (watching) {
  // Tells bin/setup that this is not a build to serve.
  await writeFile(path.join(dist, "watched"), "");
  for (const part of await options()) await (await esbuild.context(part)).watch();
  watchFolder(path.join(root, "icons"), () => sprite().catch((error) => console.error(error.message)));
  console.log("Watching css, src and icons. A new file in src/entries needs a restart.");
} else {
  for (const part of await options()) await esbuild.build(part);
}
