export interface Electron {
  folder: string;
  executable: string;
  version: string;
  fallback: boolean;
}
export function ensureElectron(options: { node: string }): Promise<Electron>;
