/** Prints a page of the program's own making to PDF, in a window that nobody sees and that reaches nothing. */
import { BrowserWindow, session } from 'electron';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDown, refuseNavigation } from './windows.ts';

export async function printToPdf(html: string): Promise<Buffer> {
  // An address can hold no page of this size.
  const folder = mkdtempSync(join(tmpdir(), 'pretext-report-'));
  const page = join(folder, 'report.html');
  const own = session.fromPartition('report');
  lockDown(page, own);
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: own, sandbox: true, contextIsolation: true, javascript: false },
  });
  refuseNavigation(window.webContents);
  try {
    writeFileSync(page, html);
    await window.loadFile(page);
    return await window.webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      // For screen readers, and to find one's way about.
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    });
  } finally {
    window.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}
