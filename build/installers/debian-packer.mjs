#!/usr/bin/env node
// Makes a Debian package in the place of fpm, which electron-builder would fetch from where this machine cannot
// reach: the same arguments, the same package, made by dpkg-deb. Started by electron-builder (CUSTOM_FPM_PATH).
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Arguments that appear once, and the names under which they are kept here. */
const SINGLE = {
  '-s': 'source',
  '-t': 'target',
  '--architecture': 'architecture',
  '--after-install': 'afterInstall',
  '--after-remove': 'afterRemove',
  '--description': 'description',
  '--version': 'version',
  '--package': 'package',
  '--name': 'name',
  '--maintainer': 'maintainer',
  '--vendor': 'vendor',
  '--url': 'url',
  '--category': 'category',
  '--license': 'license',
  '--deb-priority': 'priority',
  '--deb-compression': 'compression',
};
const MANY = { '-d': 'depends', '--depends': 'depends', '--deb-recommends': 'recommends' };
/** fpm's words for what dpkg-deb calls otherwise. */
const COMPRESSIONS = { gz: 'gzip', zst: 'zstd' };
const SWITCHES = new Set(['--force']);

/**
 * Reads fpm's command line; what this packer does not know is refused, as leaving it out would make another package.
 * @param {string[]} args
 * @returns {{ [option: string]: any, depends: string[], recommends: string[], files: { from: string, to: string }[] }}
 */
export function readArguments(args) {
  const read = { depends: [], recommends: [], files: [] };
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at];
    if (SWITCHES.has(argument)) continue;
    if (argument in SINGLE) read[SINGLE[argument]] = args[++at];
    else if (argument in MANY) read[MANY[argument]].push(args[++at]);
    else if (argument.startsWith('-')) throw new Error(`debian-packer knows no ${argument}.`);
    else {
      const parting = argument.lastIndexOf('=');
      if (parting < 1) throw new Error(`"${argument}" is not FROM=TO.`);
      read.files.push({ from: argument.slice(0, parting), to: argument.slice(parting + 1) });
    }
  }
  if (read.source !== 'dir' || read.target !== 'deb')
    throw new Error('debian-packer makes deb from dir only.');
  return read;
}

/**
 * The package's control file. A description is one line, then indented ones, where a dot stands for an empty one.
 * @param {ReturnType<typeof readArguments>} read
 * @param {number} installedBytes
 */
export function controlFile(read, installedBytes) {
  const [synopsis, ...rest] = read.description.split('\n').map((line) => line.trim());
  const fields = [
    ['Package', read.name],
    ['Version', read.version],
    ['License', read.license],
    ['Vendor', read.vendor],
    ['Architecture', read.architecture],
    ['Maintainer', read.maintainer],
    ['Installed-Size', Math.ceil(installedBytes / 1024)],
    ['Depends', read.depends.join(', ')],
    ['Recommends', read.recommends.join(', ')],
    ['Section', read.category ?? 'science'],
    ['Priority', read.priority ?? 'optional'],
    ['Homepage', read.url],
    ['Description', [synopsis, ...rest.map((line) => ` ${line || '.'}`)].join('\n')],
  ];
  return `${fields
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n`;
}

function placeFiles(files, tree) {
  for (const { from, to } of files) {
    const folder = statSync(from).isDirectory();
    const target = join(tree, to);
    mkdirSync(folder ? target : dirname(target), { recursive: true });
    // Links stay as they are; a gigabyte is linked, not copied, where the disk can.
    if (folder) execFileSync('cp', ['-a', '--reflink=auto', `${from.replace(/\/$/, '')}/.`, target]);
    else cpSync(from, target, { preserveTimestamps: true });
  }
}

/** Folders are open to all, files readable by all and executable where they were: whatever the maker's umask. */
function openToAll(folder) {
  let bytes = 0;
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const facts = lstatSync(path);
    if (facts.isSymbolicLink()) continue;
    if (facts.isDirectory()) bytes += openToAll(path);
    else {
      chmodSync(path, facts.mode & 0o100 ? 0o755 : 0o644);
      bytes += facts.size;
    }
  }
  return bytes;
}

function pack(read) {
  const tree = mkdtempSync(join(process.env.PRETEXT_PACKING_FOLDER ?? tmpdir(), 'debian-packer-'));
  try {
    placeFiles(read.files, tree);
    const installedBytes = openToAll(tree);
    const control = join(tree, 'DEBIAN');
    mkdirSync(control);
    writeFileSync(join(control, 'control'), controlFile(read, installedBytes));
    for (const [name, file] of [
      ['postinst', read.afterInstall],
      ['postrm', read.afterRemove],
    ]) {
      if (!file) continue;
      writeFileSync(join(control, name), readFileSync(file));
      chmodSync(join(control, name), 0o755);
    }
    const wanted = read.compression ?? 'xz';
    const compression = `-Z${COMPRESSIONS[wanted] ?? wanted}`;
    execFileSync('dpkg-deb', ['--root-owner-group', compression, '--build', tree, read.package], {
      stdio: 'inherit',
    });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

if (basename(process.argv[1] ?? '') === basename(import.meta.filename ?? 'debian-packer.mjs'))
  pack(readArguments(process.argv.slice(2)));
