// Draws the rooms of the house into docs/architecture.md, from the imports as they are.
// `node build/architecture.mjs` draws; `--check` says by its status whether the page shows them as they are.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { root } from './setup/paths.mjs';

const PAGE = join(root, 'docs', 'architecture.md');
const BEGIN = '<!-- drawn by build/architecture.mjs: begin -->';
const END = '<!-- drawn by build/architecture.mjs: end -->';

const roomOf = (file) =>
  file.startsWith('src/') ? file.split('/').slice(0, 2).join('/') : file.split('/')[0];

/** Which room imports from which: a set of rooms for each. */
async function arrowsBetweenRooms() {
  process.chdir(root);
  const { output } = await cruise(['src', 'electron', 'renderer'], {
    tsPreCompilationDeps: true,
    exclude: { path: 'node_modules' },
  });
  const arrows = new Map();
  for (const { source, dependencies } of output.modules) {
    if (!/^(src|electron|renderer)\//.test(source)) continue;
    const from = roomOf(source);
    if (!arrows.has(from)) arrows.set(from, new Set());
    for (const { resolved } of dependencies) {
      if (!/^(src|electron|renderer)\//.test(resolved)) continue;
      if (roomOf(resolved) !== from) arrows.get(from).add(roomOf(resolved));
    }
  }
  return arrows;
}

/** All that can be reached from a room, by one arrow or more. */
function reachable(arrows, room, found = new Set()) {
  for (const next of arrows.get(room) ?? []) {
    if (found.has(next)) continue;
    found.add(next);
    reachable(arrows, next, found);
  }
  return found;
}

/** Without the arrows that say nothing new: a room that is reached through another has none of its own. */
function shortest(arrows) {
  return [...arrows].flatMap(([from, all]) =>
    [...all]
      .filter((to) => ![...all].some((other) => other !== to && reachable(arrows, other).has(to)))
      .map((to) => [from, to]),
  );
}

function draw(arrows) {
  const name = (room) => room.replace('/', '_');
  const lines = shortest(arrows)
    .map(([from, to]) => `  ${name(from)}["${from}"] --> ${name(to)}["${to}"]`)
    .sort();
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n');
}

const page = readFileSync(PAGE, 'utf8');
const [before, rest] = page.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined)
  throw new Error(`${PAGE} has no place for the drawing: it needs "${BEGIN}" and "${END}".`);
const drawn = `${before}${BEGIN}\n\n${draw(await arrowsBetweenRooms())}\n\n${END}${after}`;
if (!process.argv.includes('--check')) writeFileSync(PAGE, drawn);
else if (drawn !== page) {
  console.error(
    'docs/architecture.md shows other imports than there are: run `node build/architecture.mjs`.',
  );
  process.exitCode = 1;
}
