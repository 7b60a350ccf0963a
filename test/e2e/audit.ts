/** Looks at a page as it is now: a screenshot for people, and axe's rules, in light and in dark. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import type { Program } from './program.ts';

/** What axe found, in lines that name rule, element and reason; empty when all is well. All rules, or those named. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // Electron cannot open the second page that axe would like to work in.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations: found } = await (rules ? axe.withRules([...rules]) : axe).analyze();
  return found.flatMap((violation) =>
    violation.nodes.map(
      (node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? violation.help}`,
    ),
  );
}

/** What a theme can change of a page: its structure, names and roles are the same in both. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

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
    const rules = theme === 'dark' ? RULES_OF_COLOUR : undefined;
    for (const line of await violations(program.page, rules)) found.push(`${name}, ${theme}: ${line}`);
  }
  return found;
}
