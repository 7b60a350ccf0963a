/** Why files and samples are left out or noted, in a few words: codes are for programs. */

/** Where the code itself does not say it. */
const WORDS: Readonly<Record<string, string>> = {
  'no-window': 'no window fits',
  'too-short': 'shorter than a window',
  'not-an-image': 'no image',
  'not-text': 'no text',
  'no-file': 'no plain file',
  'wrong-magic': 'not of this format',
  'wrong-extension': 'named like another format',
  'path-pattern': 'path does not fit the pattern',
  'other-bands': 'other bands than most',
  'other-channels': 'other channels than most',
  'other-format': 'of another format',
  'duplicate-other-label': 'duplicate with another label',
  'no-permission': 'no permission to read',
  'unreadable-name': 'name cannot be read',
  heic: 'HEIC',
  cmyk: 'printing colors',
};

export const reasonWords = (reason: string): string => WORDS[reason] ?? reason.replaceAll('-', ' ');
