/** The names of the IPC channels between the preload script and main: used in these two places only. */
export const CALLS = [
  'info',
  'recentProjects',
  'forgetProject',
  'chooseFolder',
  'chooseFiles',
  'saveFile',
  'saveText',
  'saveBytes',
  'savePdf',
  'createProject',
  'openProject',
  'closeProject',
  'renameProject',
  'trashProject',
  'showInFolder',
  'examine',
  'pathsToOpen',
  'reportWork',
  'theme',
  'setTheme',
  'manners',
  'setManners',
] as const;
export type Call = (typeof CALLS)[number];

export const callChannel = (call: Call) => `pretext:call:${call}`;
export const PORT_CHANNEL = 'pretext:port';
export const SERVICE_END_CHANNEL = 'pretext:service-end';
export const MENU_CHANNEL = 'pretext:menu';
export const OPEN_CHANNEL = 'pretext:open';
