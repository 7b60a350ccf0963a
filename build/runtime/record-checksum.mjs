// `node build/runtime/record-checksum.mjs [PLATFORM ARCH]`: fetches the TensorFlow archive that has no recorded checksum yet,
// shows its SHA-256, and writes it into the manifest. For whoever builds where the archive can be reached.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checksum, fetchFile } from '../setup/fetch.mjs';
import { root } from '../setup/paths.mjs';
import { runMain, say, SetupError } from '../setup/say.mjs';

const MANIFEST = join(root, 'build', 'runtime', 'manifest.json');

async function recordMissing() {
  const [platform = process.platform, arch = process.arch] = process.argv.slice(2);
  const text = readFileSync(MANIFEST, 'utf8');
  const { builds } = JSON.parse(text);
  const sources = builds
    .filter((build) => build.platform === platform && build.arch === arch)
    .flatMap((build) => build.sources)
    .filter(({ kind, sha256 }) => kind === 'archive' && sha256 === null);
  if (sources.length === 0)
    throw new SetupError(
      `No archive for ${platform}-${arch} lacks a checksum.`,
      'Nothing is to be recorded; name another platform and architecture as they stand in build/runtime/manifest.json.',
    );
  let written = text;
  for (const source of sources) {
    const file = await fetchFile(source);
    const sha256 = await checksum(file);
    written = record(written, source.url, sha256);
    say(`${source.url}\n        SHA-256 ${sha256}`);
  }
  writeFileSync(MANIFEST, written);
  say(
    'recorded in build/runtime/manifest.json. Compare it with what a second network brings before you commit it.',
  );
  return 0;
}

/** Changes the one line, and leaves all others as people wrote them. */
export function record(text, url, sha256) {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.includes(`"url": "${url}"`));
  const place = lines.findIndex((line, index) => index > at && line.includes('"sha256": null'));
  if (at < 0 || place < 0 || place - at > 3)
    throw new SetupError(
      `${url} is not in the manifest without a checksum.`,
      'Look into build/runtime/manifest.json.',
    );
  lines[place] = lines[place].replace('null', `"${sha256}"`);
  return lines.join('\n');
}

if (import.meta.filename === process.argv[1]) await runMain(recordMissing);
