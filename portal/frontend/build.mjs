// Compiles the portal's Sass and copies its scripts and pictures to build/static/portal/.
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { compileAsync } from "sass";

const source = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(source, "../..");
const finished = path.join(root, "build/static/portal");
await mkdir(path.dirname(finished), { recursive: true });
const target = await mkdtemp(`${finished}.`);

await mkdir(path.join(target, "css"), { recursive: true });

const entries = (await readdir(path.join(source, "scss"))).filter((name) => name.endsWith(".scss") && !name.startsWith("_"));
await Promise.all(
  entries.map(async (name) => {
    const { css } = await compileAsync(path.join(source, "scss", name), {
      style: "compressed",
      loadPaths: [path.join(root, "node_modules")],
      quietDeps: true,
    });
    await writeFile(path.join(target, "css", name.replace(".scss", ".css")), css);
  }),
);
for (const folder of ["js", "img"]) {
  await cp(path.join(source, folder), path.join(target, folder), { recursive: true });
}
// Put in place at once, so that a running site misses nothing while this builds.
await rm(finished, { recursive: true, force: true });
await chmod(target, 0o755);
await rename(target, finished);
