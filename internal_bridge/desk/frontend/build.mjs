// Builds the office's static files into build/static/office: Tabler's parts and our own style sheets from Sass, the icon
// sprite from the npm package (only the icons named in icons.txt), our scripts and pictures.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const source = dirname(fileURLToPath(import.meta.url));
const root = join(source, "..", "..", "..");
const modules = join(root, "node_modules");
const target = join(root, "build", "static", "office");

function css(name) {
  return compile(join(source, "scss", `${name}.scss`), { loadPaths: [modules], style: "compressed" }).css;
}

// Tabler's own build prefixes its custom properties after Sass; so do we, to keep them apart from other libraries'.
function prefixed(style) {
  return style.replace(/(?<![\w-])--(?=[a-z])/g, "--tblr-");
}

function symbol(name) {
  const filled = name.endsWith("-filled");
  const file = filled ? join("filled", `${name.slice(0, -"-filled".length)}.svg`) : join("outline", `${name}.svg`);
  const svg = readFileSync(join(modules, "@tabler", "icons", "icons", file), "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  // Every outline icon begins with an invisible square of 24 × 24.
  const drawn = shapes.replace(/<path stroke="none"[^>]*fill="none"[^>]*\/>/, "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawn}</symbol>`;
}

const icons = readFileSync(join(source, "icons.txt"), "utf8").split("\n").filter(Boolean);

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, "css"), { recursive: true });
writeFileSync(join(target, "css", "tabler.css"), prefixed(css("tabler")));
writeFileSync(join(target, "css", "office.css"), css("office"));
cpSync(join(source, "js"), join(target, "js"), { recursive: true });
cpSync(join(source, "img"), join(target, "img"), { recursive: true });
writeFileSync(
  join(target, "img", "icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg">${icons.map(symbol).join("")}</svg>\n`,
);
