/** Ports of this machine that nobody has at present. */
import { createServer, type AddressInfo } from 'node:net';

/** As `127.0.0.1:port`; all are held until each is known, so that no two are the same. */
export async function freeAddresses(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(
      servers.map(async (server) => {
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', resolve);
        });
        return `127.0.0.1:${(server.address() as AddressInfo).port}`;
      }),
    );
  } finally {
    await Promise.all(
      servers.map((server) => new Promise<void>((resolve) => void server.close(() => resolve()))),
    );
  }
}
