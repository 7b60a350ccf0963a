// What Electron's own default app does with a path on its command line; the fallback Electron came without one.
const { app, dialog } = require('electron');
const path = require('node:path');

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder) {
  const directory = path.resolve(folder);
  const description = require(path.join(directory, 'package.json'));
  app.setName(description.productName || description.name);
  app.setVersion(description.version);
  app.setAppPath(directory);
  require(path.join(directory, description.main));
} else {
  app.whenReady().then(() => {
    dialog.showErrorBox('Nothing to run', 'This Electron is started with the folder of a program.');
    app.exit(1);
  });
}
