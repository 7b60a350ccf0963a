/** Ports of this machine that nobody has at present. */
import { createServer, type AddressInfo } from 'node:net';

/** As `127.0.0.1:port`. */
export const freeAddresses = async (count: number): Promise<string[]> =>
  (await freePorts(count, '127.0.0.1')).map((port) => `127.0.0.1:${port}`);

/**
 * All are held until each is known, so that no two are the same.
 *
 * @param host of one network of this machine; left out: free on all of them
 */
export async function freePorts(count: number, host?: string): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      servers.map(async (server) => {
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject);
          server.listen({ port: 0, host }, resolve);
        });
        return (server.address() as AddressInfo).port;
      }),
    );
  } finally {
    await Promise.all(
      servers.map((server) => new Promise<void>((resolve) => void server.close(() => resolve()))),
    );
  }
}
