import { expect } from 'vitest';
import { topic } from './console-bench.test-support.js';
import type { ScreenAction } from './screen-action.test-support.js';
import { type Lag, type List, lagOf, shownLag } from './screen-helpers.test-support.js';

const deadLetters = `/dead-letters/${topic}/mail`;
const group = `/groups/${topic}/audit`;

/** What can be done about dead letters and groups, in this order. */
export const changeActions: readonly ScreenAction[] = [
  {
    screen: 'dead letters',
    action: 'causes',
    command: 'dlq list --json',
    check: async ({ page, show, lines }) => {
      await show(deadLetters);
      await page.locator('.cause').nth(1).waitFor();
      const [list] = await lines<List>('dlq', 'list', '-t', topic, '-g', 'mail', '--json');
      expect(await page.locator('.cause .count').allTextContents()).toEqual(
        list?.codes.map(({ count }) => String(count)),
      );
      expect(await page.locator('.cause h2 code').allTextContents()).toEqual(
        list?.codes.map(({ code }) => code),
      );
    },
  },
  {
    screen: 'dead letters',
    action: 'redrive',
    command: 'dlq redrive --code CODE --all-groups',
    check: async ({ page, lines, notes }) => {
      const dry = await notes(
        'dlq',
        'redrive',
        '-t',
        topic,
        '-g',
        'mail',
        '--code',
        'RECEIVER_FAILED',
        '--dry-run',
      );
      await page.getByRole('button', { name: 'Redrive…' }).first().click();
      await page.getByText('4 events would be sent again').waitFor();
      expect(dry).toContain('4 dead letters of group mail would be sent again');
      await page.getByLabel('Events a second, at most').fill('1000');
      await page.getByLabel('Send them to every group of the topic').check();
      await page.getByRole('button', { name: 'Redrive', exact: true }).click();
      await page.getByText('Redrive is done: 4 of 4 sent again').waitFor();
      await expect.poll(() => page.locator('.cause').count(), { timeout: 60_000 }).toBe(1);
      expect(await lines<List>('dlq', 'list', '-t', topic, '-g', 'mail', '--json')).toMatchObject([
        { count: 2 },
      ]);
    },
  },
  {
    screen: 'dead letters',
    action: 'purge',
    command: 'dlq purge --code CODE --yes',
    check: async ({ page, notes }) => {
      await page.getByRole('button', { name: 'Purge…' }).click();
      const purge = page.getByRole('button', { name: 'Purge', exact: true });
      expect(await purge.isDisabled()).toBe(true);
      await page.getByLabel('Topic and group').fill(`${topic}.mail`);
      await purge.click();
      await page.getByText('No dead letters').waitFor();
      expect(await notes('dlq', 'list', '-t', topic, '-g', 'mail')).toContain('no dead letters');
    },
  },
  {
    screen: 'group',
    action: 'lanes',
    command: 'lag -g GROUP --json',
    check: async ({ page, show, lines }) => {
      await show(group);
      await page.locator('tbody tr').first().waitFor();
      const lags = await lines<Lag>('lag', '-t', topic, '-g', 'audit', '--json');
      const shown = async () => (await page.locator('tbody td:nth-child(3)').allTextContents()).map(Number);
      // What was sent again before is shown once the kept answer is over.
      await expect.poll(shown, { timeout: 60_000 }).toEqual(lags.map(({ lag }) => lag));
    },
  },
  {
    screen: 'group',
    action: 'replay',
    command: 'replay --from earliest',
    check: async (bench) => {
      const { page, lines } = bench;
      const args = ['replay', '-t', topic, '-g', 'audit', '--from', 'earliest', '--dry-run', '--json'];
      const [dry] = await lines<{ readonly events: number }>(...args);
      await page.getByLabel('From').fill('earliest');
      const replay = page.getByRole('button', { name: 'Replay', exact: true });
      expect(await replay.isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByText(`audit would receive ${dry?.events} events again`).waitFor();
      await replay.click();
      await page.getByText(`audit receives ${dry?.events} events again`).waitFor();
      await bench.show('/');
      const lag = await lagOf(bench, 'audit');
      await expect.poll(() => shownLag(bench, 'audit'), { timeout: 60_000 }).toBe(lag);
    },
  },
  {
    screen: 'audit',
    action: 'what was changed',
    command: 'the notes of console',
    check: async ({ page, show }) => {
      await show('/audit');
      await page.locator('tbody tr').first().waitFor();
      const actions = new Set(await page.locator('tbody td:nth-child(3)').allTextContents());
      expect([...actions].toSorted()).toEqual(['purge', 'redrive', 'replay', 'send', 'unmask']);
      expect(await page.textContent('main')).not.toContain('ada.lovelace');
    },
  },
];
