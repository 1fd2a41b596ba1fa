import { afterEach, describe, expect, it } from 'vitest';
import { killDemos, runDemo } from './demo-command.test-support.js';

describe('the demo with --console', () => {
  afterEach(killDemos);

  it('shows the topic of its services, stays after its report, and ends at Ctrl-C', async () => {
    const { demo, ended, stdout, stderr } = runDemo(['--console', '--events', '20'], { EVENT_BUS: '' });
    await expect.poll(stderr, { timeout: 60_000 }).toContain('stays open until Ctrl-C');
    expect(stdout()).toMatch(/demo: 44 sent, 44 delivered, 0 lost\n$/);
    const url = new URL(/demo: open (http\S+) in a browser/.exec(stderr())?.[1] ?? '');
    const opened = await fetch(url, { redirect: 'manual' });
    const headers = { cookie: (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
    const overview = await (await fetch(new URL('/api/overview', url), { headers })).text();
    expect(overview).toMatch(/demo-\d+-\d+-learning-course-enrollment-lifecycle/);
    expect(overview).toContain('notification-service');
    expect(demo.exitCode).toBeNull();
    demo.kill('SIGINT');
    expect(await ended, stderr()).toEqual([0, null]);
    await expect(fetch(url)).rejects.toThrow();
  });
});
