// What a release brings, written beside its installers: its files with their checksums, what is in them, and what was
// changed since the version before.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksum } from '../setup/fetch.mjs';
import { root } from '../setup/paths.mjs';
import { sourceDate } from './source-date.mjs';

const INSTALLERS = /\.(AppImage|deb|exe|dmg)$/;

/**
 * @typedef {{ name: string, bytes: number, sha256: string }} ReleaseFile
 * @typedef {{ title: string, bytes: number }} Part
 */

/**
 * @param {{ version: string, commit: string | null, date: Date, fallbackElectron: boolean, signed: boolean,
 *   files: ReleaseFile[], parts: Part[], changes: string[] }} release
 */
export function renderNotes({ version, commit, date, fallbackElectron, signed, files, parts, changes }) {
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  const all = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const from = commit ? `From commit ${commit} of ${date.toISOString().slice(0, 10)}.` : '';
  const cautions = [
    ...(signed ? [] : ['The installers are not signed: the system says so when they are opened.']),
    ...(fallbackElectron ? ['Made with an old Electron, for tests alone: **not for shipping**.'] : []),
  ];
  return [
    `# Pretext Studio ${version}`,
    [from, ...cautions].filter(Boolean).join(' '),
    '## Files',
    [
      '| file | MB | SHA-256 |',
      '| --- | ---: | --- |',
      ...files.map(({ name, bytes, sha256 }) => `| ${name} | ${megabytes(bytes)} | \`${sha256}\` |`),
    ].join('\n'),
    '## What is in it',
    [
      '| part | MB |',
      '| --- | ---: |',
      ...parts.map(({ title, bytes }) => `| ${title} | ${megabytes(bytes)} |`),
      `| together, installed | ${megabytes(all)} |`,
    ].join('\n'),
    'Licences stand in `THIRD-PARTY-NOTICES.md`, the bill of materials in `sbom.cdx.json`, both in the program’s resources.',
    '## Changes',
    changes.length > 0
      ? changes.map((change) => `- ${change}`).join('\n')
      : 'The first version, or one without a history at hand.',
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

/** @returns {Promise<string[]>} what was written */
export async function writeNotes({ folder, parts, fallbackElectron, signed }) {
  const names = readdirSync(folder)
    .filter((name) => INSTALLERS.test(name))
    .sort();
  const files = [];
  for (const name of names) {
    const path = join(folder, name);
    files.push({ name, bytes: statSync(path).size, sha256: await checksum(path) });
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const date = new Date(Number(sourceDate()) * 1000);
  const notes = renderNotes({
    version,
    commit: git('rev-parse', 'HEAD'),
    date,
    fallbackElectron,
    signed,
    files,
    parts,
    changes: changesSince(version),
  });
  const written = [join(folder, 'RELEASE-NOTES.md'), join(folder, 'SHA256SUMS')];
  writeFileSync(written[0], notes);
  writeFileSync(written[1], files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''));
  return written;
}

/** Subjects of the commits since the last change of the version's line, the latest first. */
function changesSince(version) {
  const set = git('log', '-1', '--format=%H', `-S"version": "${version}"`, '--', 'package.json');
  if (!set) return [];
  const subjects = git('log', '--no-merges', '--format=%s', `${set}..HEAD`);
  return subjects ? subjects.split('\n') : [];
}

/** Null where there is no history: an unpacked archive of the sources. */
function git(...args) {
  try {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
