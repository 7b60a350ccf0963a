export const EXTERNAL_PACKAGES: string[];
export function bundleForNode(
  out: string,
  entries: Record<string, string>,
  target: string,
  output: Record<string, unknown>,
): Promise<unknown>;
