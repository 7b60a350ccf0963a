/** Looks at a page as it is now: a screenshot for people, and axe's rules, in light and in dark. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Program } from './program.ts';

/** What axe found, in lines that name rule, element and reason; empty when all is well. */
export async function violations(page: Page): Promise<string[]> {
  // Electron cannot open the second page that axe would like to work in.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return found.flatMap((violation) =>
    violation.nodes.map(
      (node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? violation.help}`,
    ),
  );
}

/** Screenshots and axe in both themes, under the page's name; light is left on. */
export async function audit(program: Program, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await program.page.evaluate((choice) => window.pretext.setTheme(choice), theme);
    await program.page.waitForFunction(
      (choice) => matchMedia(`(prefers-color-scheme: ${choice})`).matches,
      theme,
    );
    await program.page.waitForTimeout(300);
    await program.screenshot(`${name}-${theme}`);
    for (const line of await violations(program.page)) found.push(`${name}, ${theme}: ${line}`);
  }
  return found;
}
