import { expect } from 'vitest';
import { topic } from './console-bench.test-support.js';
import type { ScreenAction } from './screen-action.test-support.js';
import { consumed, lagOf, shownLag, type Where } from './screen-helpers.test-support.js';

/** What can be seen of the bus, its topics and events, in this order. */
export const viewActions: readonly ScreenAction[] = [
  {
    screen: 'overview',
    action: 'lag of each group',
    command: 'lag --json',
    check: async (bench) => {
      await bench.show('/');
      await bench.page.getByRole('link', { name: 'audit', exact: true }).waitFor();
      for (const name of ['audit', 'mail'])
        expect(await shownLag(bench, name)).toBe(await lagOf(bench, name));
    },
  },
  {
    screen: 'overview',
    action: 'findings',
    command: 'doctor --json',
    check: async ({ page, show, lines }) => {
      await show('/');
      await page.getByRole('button', { name: 'Show every check' }).click();
      const shown = await page.locator('.findings strong').allTextContents();
      const found = await lines<{ readonly subject: string }>('doctor', '--json');
      expect(shown.length).toBeGreaterThan(0);
      expect(found.map(({ subject }) => subject)).toEqual(expect.arrayContaining(shown));
    },
  },
  {
    screen: 'topic',
    action: 'newest events',
    command: 'consume --from earliest',
    check: async (bench) => {
      await bench.show(`/topics/${topic}`);
      await bench.page.locator('tbody tr').nth(11).waitFor();
      const shown = await bench.page.locator('tbody td:nth-child(4)').allTextContents();
      expect(shown.toSorted()).toEqual((await consumed(bench)).map(({ position }) => position).toSorted());
    },
  },
  {
    screen: 'topic',
    action: 'filter by a field',
    command: 'consume --from earliest',
    check: async (bench) => {
      const { page, show } = bench;
      await show(`/topics/${topic}`);
      await page.getByLabel('Field').fill('enrollment.mode=verified');
      await page.keyboard.press('Enter');
      await page.waitForURL(/field=/);
      const all = await consumed(bench);
      const wanted = all
        .filter(({ data }) => data.enrollment.mode === 'verified')
        .map(({ position }) => position);
      await expect.poll(() => page.locator('tbody tr').count(), { timeout: 60_000 }).toBe(wanted.length);
      expect((await page.locator('tbody td:nth-child(4)').allTextContents()).toSorted()).toEqual(
        wanted.toSorted(),
      );
      await page.getByLabel('Field').fill('enrollment.user.pii.username=ada.lovelace');
      await page.keyboard.press('Enter');
      await page.getByText('No event meets the filter').waitFor();
    },
  },
  {
    screen: 'topic',
    action: 'filter by position',
    command: 'consume --from earliest',
    check: async (bench) => {
      const { page, show } = bench;
      const positions = (await consumed(bench)).map(({ position }) => position);
      const [first = ''] = positions;
      const lane = first.slice(0, first.lastIndexOf(':') + 1);
      const ofLane = positions.filter((position) => position.startsWith(lane));
      await show(`/topics/${topic}`);
      await page.getByLabel('Position').fill(`${first}..${ofLane[2]}`);
      await page.keyboard.press('Enter');
      await page.waitForURL(/position=/);
      await expect.poll(() => page.locator('tbody tr').count(), { timeout: 60_000 }).toBe(3);
      expect((await page.locator('tbody td:nth-child(4)').allTextContents()).toReversed()).toEqual(
        ofLane.slice(0, 3),
      );
      await page.getByLabel('Position').fill('somewhere');
      await page.keyboard.press('Enter');
      await page.getByText('expected a position').first().waitFor();
    },
  },
  {
    screen: 'event',
    action: 'what became of it',
    command: 'where ID --json',
    check: async (bench) => {
      const { page, show, lines } = bench;
      const [first] = await consumed(bench);
      await show('/');
      await page.getByRole('searchbox').fill(first?.metadata.id ?? '');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: `${topic}@${first?.position}` }).click();
      await page.getByRole('heading', { name: 'What became of it' }).waitFor();
      const [place] = await lines<Where>('where', first?.metadata.id ?? '', '-t', topic, '--json');
      for (const { group: name, state } of place?.groups ?? []) {
        const line = page.locator('.fates li', { has: page.getByRole('link', { name, exact: true }) });
        expect((await line.locator('.state').textContent())?.toLowerCase()).toBe(state);
      }
      expect(place?.groups.find((one) => one.group === 'mail')?.state).toBe('dead-lettered');
    },
  },
  {
    screen: 'event',
    action: 'show personal data',
    command: 'consume',
    check: async ({ page }) => {
      await page.getByText('"mode"').waitFor();
      expect(await page.textContent('main')).not.toContain('ada.lovelace');
      await page.getByRole('button', { name: 'Show personal data' }).click();
      await page.getByText('"ada.lovelace"').waitFor();
      await page.getByRole('button', { name: 'Hide personal data' }).click();
      await page.getByText('"ada.lovelace"').waitFor({ state: 'detached' });
    },
  },
  {
    screen: 'event',
    action: 'edit and resend',
    command: 'produce',
    check: async (bench) => {
      const { page } = bench;
      await page.getByRole('button', { name: 'Edit and resend…' }).click();
      const data = page.getByLabel('Data', { exact: true });
      await data.fill((await data.inputValue()).replace(/"mode": "\w+"/, '"mode": "honor"'));
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByText(`Sent: ${topic}@`).waitFor();
      const sent = (await consumed(bench, 13)).filter(
        ({ data: { enrollment } }) => enrollment.mode === 'honor',
      );
      expect(sent).toMatchObject([{ data: { enrollment: { user: { pii: { username: 'ada.lovelace' } } } } }]);
      await page.getByRole('link', { name: `${topic}@${sent[0]?.position}` }).click();
      await page.getByText('"honor"').waitFor();
    },
  },
  {
    screen: 'topic',
    action: 'follow, pause, follow',
    command: 'consume',
    check: async ({ page, show, enrol }) => {
      await show(`/topics/${topic}`);
      await page.getByText('Live', { exact: true }).waitFor();
      await enrol(2);
      await page.getByText('2 events arrived').waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Paused').waitFor();
      const rows = page.locator('tbody tr');
      const shown = await rows.count();
      await enrol(1);
      await page.getByRole('button', { name: 'Follow' }).click();
      await page.getByText('Live', { exact: true }).waitFor();
      await expect.poll(() => rows.count(), { timeout: 60_000 }).toBe(shown + 1); // the one of the pause, too
    },
  },
];
