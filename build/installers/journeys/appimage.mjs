// The AppImage: copied into the person's home and started, with nobody's permission.
import { copyFileSync, mkdirSync, readdirSync, writeFileSync, chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { commandPlace } from '../../../electron/shell-command.ts';
import { openLayer } from '../clean-root.mjs';
import { walk } from './rows.mjs';
import { readDoctor, readResult, tinyRecipe } from './study.mjs';
import { openWindow, picture, startSample } from './window.mjs';

const IMAGE = '/home/person/Applications/PretextStudio.AppImage';

/**
 * @param {{ base: string, image: string, libraries: string[] }} options `libraries` are those of a desktop
 */
export async function walkAppImage({ base, image, libraries }) {
  const layer = openLayer(base);
  let open;
  const pretext = '/home/person/.local/bin/pretext';
  const steps = [
    [
      'a desktop with its usual libraries',
      () => {
        const first = libraries.map((choice) => choice.split('|').at(-1).trim());
        layer.shell(`apt-get install -y -q --no-install-recommends ${first.join(' ')} 2>&1`, { as: 'root' });
        return `${first.length} packages, none of them ours`;
      },
    ],
    [
      'copy it into the home folder',
      () => {
        const target = join(layer.root, IMAGE);
        mkdirSync(join(target, '..'), { recursive: true });
        copyFileSync(image, target);
        chmodSync(target, 0o755);
        chownSync(join(target, '..'), 1000, 1000);
        return layer.shell(`stat -c '%s bytes' ${IMAGE}`).stdout.trim();
      },
    ],
    [
      'pretext doctor, by the command that the Help menu writes',
      () => {
        const place = commandPlace({ platform: 'linux', home: '/home/person', resources: '', image: IMAGE });
        const file = join(layer.root, place.file);
        layer.shell('mkdir -p ~/.local/bin');
        writeFileSync(file, place.text, { mode: 0o755 });
        return readDoctor(layer.shell(`${pretext} doctor --json`, { mayFail: true }).stdout);
      },
    ],
    [
      'pretext study run',
      () => {
        writeFileSync(join(layer.root, 'home/person/tiny.yaml'), tinyRecipe('/home/person/samples'));
        layer.shell(
          `cd ~/Applications && ${IMAGE} --appimage-extract 'resources/samples/*' >/dev/null && mv squashfs-root/resources/samples ~/samples && rm -r squashfs-root`,
        );
        return readResult(
          layer.shell(`cd && ${pretext} study run tiny.yaml --project tiny.pretext --json`).stdout,
        );
      },
    ],
    [
      'start the sample study in the window',
      async () => {
        open = await openWindow(layer, IMAGE, { environment: 'APPIMAGE_EXTRACT_AND_RUN=1' });
        const loss = await startSample(open.page);
        await picture(open.page, 'appimage-training');
        await open.application.close();
        open = null;
        return loss;
      },
    ],
    [
      'delete it: projects stay',
      () => {
        layer.shell(`rm ${IMAGE}`);
        const projects = layer.shell('find ~ -name project.db').stdout.trim().split('\n');
        const left = readdirSync(join(layer.root, 'home/person'), { recursive: true })
          .map(String)
          .filter((path) => /\.(desktop|AppImage)$/.test(path) && !path.startsWith('.cache/'));
        if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
        return `${projects.length} projects; in ~/.cache what the command unpacked, in ~/.local/bin the command`;
      },
    ],
  ];
  try {
    return await walk('AppImage', steps);
  } finally {
    await open?.application.close().catch(() => {});
    layer.close();
  }
}
