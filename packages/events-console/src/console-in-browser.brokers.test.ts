import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type MemoryBroker, MemoryEventBusConsumer } from '@openedx-ts/event-bus-memory';
import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowserUnderTest, startBrowser } from './browser-under-test.test-support.js';
import { consoleWorld } from './console-world.test-support.js';
import { type ServeConsoleOptions, serveConsole } from './serve-console.js';

const topic = 'learning-course-enrollment-lifecycle';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser: BrowserUnderTest;
beforeAll(async () => {
  browser = await startBrowser();
}, 300_000);
afterAll(() => browser[Symbol.asyncDispose]());

async function served(options: Partial<ServeConsoleOptions> = {}) {
  const world = await consoleWorld();
  await world.enrol(12);
  world.bury(3);
  await world.group(topic, 'certificates', 2);
  const console = await serveConsole({
    admin: world.admin,
    busName: 'memory',
    who: 'ada',
    loadSignal: world.loadSignal,
    ...options,
  });
  return {
    world,
    console,
    url: console.url,
    base: `http://127.0.0.1:${console.port}`,
    [Symbol.asyncDispose]: console.close,
  };
}

const screens = {
  overview: ['/', 'Overview', 'table'],
  topic: [`/topics/${topic}`, topic, 'table'],
  event: [`/topics/${topic}/0:0`, 'learning.course.enrollment.created', '.fates'],
  groups: ['/groups', 'Groups', 'table'],
  group: [`/groups/${topic}/certificates`, 'certificates', 'table'],
  'dead letters': ['/dead-letters', 'Dead letters', 'table'],
  'dead letters of a group': [`/dead-letters/${topic}/certificates`, 'certificates', '.cause'],
  audit: ['/audit', 'Audit trail', '.empty'],
} as const;

describe('the console in a browser', () => {
  it('shows every screen without violations of axe, errors and requests to elsewhere, light, dark and 360 px wide', {
    timeout: 240_000,
  }, async () => {
    await using console = await served({ act: true, unmask: true });
    const { page, complaints } = await browser.open(console.url);
    const found: string[] = [];
    for (const [name, [path, heading, part]] of Object.entries(screens)) {
      await page.goto(console.base + path);
      await page.locator(part).first().waitFor();
      expect(await page.locator('h1').textContent(), name).toContain(heading);
      for (const look of LOOKS)
        found.push(...(await violations(page, look)).map((one) => `${name}, ${look.join(' ')}: ${one}`));
    }
    expect([...found, ...complaints]).toEqual([]);
  });

  it('shows events as they arrive, and none while it is paused', async () => {
    await using console = await served();
    const { page } = await browser.open(console.url);
    await page.goto(`${console.base}/topics/${topic}`);
    await page.getByText('Live', { exact: true }).waitFor();
    const [id] = await console.world.enrol(1);
    await page.getByText('1 event arrived').waitFor();
    await page.locator('tbody tr.fresh a').click();
    await page.getByText(id as string, { exact: true }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').waitFor();
    expect(new URL(page.url()).searchParams.get('live')).toBe('off');
  });

  it('redrives for the group that failed alone: the other group of the topic sees none of it', async () => {
    await using console = await served({ act: true });
    const { broker, group } = console.world;
    const received: string[] = [];
    using _receiver = COURSE_ENROLLMENT_CREATED.connect(
      ({ delivery }) => void received.push(delivery?.groupId ?? ''),
      { name: 'seats' },
    );
    await using members = new Members(broker);
    for (const groupId of ['certificates', 'email']) {
      await group(topic, groupId, 0);
      await members.start(groupId);
    }
    const { page } = await browser.open(console.url);
    await page.goto(`${console.base}/dead-letters/${topic}/certificates`);
    await page.getByRole('button', { name: 'Redrive…' }).first().click();
    await page.getByText('3 events would be sent again').waitFor();
    expect(await page.getByLabel('Send them to every group of the topic').isChecked()).toBe(false);
    await page.getByRole('button', { name: 'Redrive', exact: true }).click();
    await page.getByText('Redrive is done: 3 of 3 sent again').waitFor();
    await expect.poll(() => received.length, { timeout: 60_000 }).toBe(3);
    await console.world.enrol(1); // behind what was redriven
    await expect.poll(() => received.length, { timeout: 60_000 }).toBe(5);
    expect(received.filter((groupId) => groupId === 'email')).toHaveLength(1);
    expect(broker.messages(`${topic}.certificates.dlq`)).toEqual([]);
  });

  it('shows hostile data as text', async () => {
    await using console = await served();
    const displayName = '<img src="x" onerror="document.title=1"><script>document.title=2</script>';
    await console.world.enrol(1, { displayName: `${displayName}${'x'.repeat(1_000_000)}` });
    const { page, complaints } = await browser.open(console.url);
    await page.goto(`${console.base}/topics/${topic}`);
    await page.locator('tbody tr').first().waitFor();
    await page.getByText('onerror').first().waitFor();
    await page.locator('tbody tr', { hasText: 'onerror' }).getByRole('link').click();
    await page.getByRole('button', { name: 'Show long texts' }).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toContain('Open edX events');
    expect(complaints).toEqual([]);
  });

  it('can be used with the keyboard alone', async () => {
    await using console = await served();
    const { page } = await browser.open(console.url);
    await page.getByRole('link', { name: topic }).waitFor();
    const reach = async (name: string) => {
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate('document.activeElement?.textContent');
        if (focused === name) return page.keyboard.press('Enter');
      }
      throw new Error(`${name} is not reached`);
    };
    await reach(topic);
    await page.getByRole('heading', { name: topic }).waitFor();
    await page.locator('tbody tr').first().waitFor();
    await reach('Pause');
    await page.getByText('Paused').waitFor();
  });

  it('opens once with the token of its address', async () => {
    await using console = await served();
    const { page } = await browser.open(console.url);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(page.url()).toBe(`${console.base}/`);
    const other = await browser.open(console.url);
    await other.page.getByText('you may not use this console').waitFor();
    const rebound = await fetch(`${console.base}/api/session`, { headers: { host: 'evil.test' } });
    expect(rebound.status).toBe(403);
  });
});

/** Members of groups on a memory broker. */
class Members implements AsyncDisposable {
  readonly #broker: MemoryBroker;
  readonly #running: [MemoryEventBusConsumer, Promise<void>][] = [];

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  async start(groupId: string): Promise<void> {
    const consumer = new MemoryEventBusConsumer({ broker: this.#broker, topics: [topic], groupId });
    this.#running.push([consumer, consumer.run()]);
    await consumer.ready;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [consumer, running] of this.#running) {
      await consumer.close();
      await running;
    }
  }
}

/** `CONSOLE_PICTURES=docs/pictures` writes the pictures of the guide there. */
const pictures = process.env.CONSOLE_PICTURES;
if (pictures !== undefined)
  it('writes the pictures of the guide', { timeout: 240_000 }, async () => {
    await using console = await served({ act: true });
    const { world } = console;
    await world.group(topic, 'email', 0);
    await world.group('learning-course-passing-status', 'badges', 1);
    world.bury(2, { code: 'EVENTS_DECODING_FAILED', message: 'the record ends early, at byte 17' });
    const { page } = await browser.open(console.url, { viewport: { width: 1200, height: 720 } });
    const picture = (name: string) => page.screenshot({ path: `${pictures}/console-${name}.png` });
    for (const count of [4, 9, 5, 2, 12, 20, 14, 6]) {
      await world.enrol(count);
      await page.waitForTimeout(2_100);
    }
    await picture('overview');
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await picture('overview-dark');
    await page.goto(`${console.base}/topics/${topic}`);
    await page.getByText('Live', { exact: true }).waitFor();
    await world.enrol(6);
    await page.getByText('6 events arrived').waitFor();
    await picture('topic-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${console.base}/dead-letters/${topic}/certificates`);
    await page.getByRole('button', { name: 'Redrive…' }).first().click();
    await page.getByText('would be sent again').waitFor();
    await picture('dead-letters');
    await page.setViewportSize({ width: 360, height: 720 });
    await page.goto(console.base);
    await page.getByRole('link', { name: 'email' }).waitFor();
    await picture('narrow');
  });

const LOOKS = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
] as const;

/** What axe-core finds; and whether the page is wider than its window. */
async function violations(
  page: Page,
  [colorScheme, width]: (typeof LOOKS)[number],
): Promise<readonly string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: 800 });
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: all } = await tool.run();
    const page = globalThis as unknown as {
      document: { documentElement: { scrollWidth: number } };
      innerWidth: number;
    };
    const isWide = page.document.documentElement.scrollWidth > page.innerWidth;
    return [
      ...all.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
      ...(isWide ? ['wider than the window'] : []),
    ];
  });
  return found;
}
