/** The program's version. */
import programPackage from '../../package.json' with { type: 'json' };

export const PROGRAM_VERSION = programPackage.version;
