import { afterEach, describe, expect, it, vi } from 'vitest';
import { showBrokerToOperators, showToOperators } from '../memory-bus.test-support.js';
import { collected, run } from '../run.test-support.js';

afterEach(() => showToOperators(undefined));

describe('dev', () => {
  it('runs traffic, two groups and a console that shows them, until it is interrupted', async () => {
    showBrokerToOperators();
    const [stdout, stderr, stop] = [collected(), collected(), new AbortController()];
    const io = { stdout: stdout.stream, stderr: stderr.stream, abortSignal: stop.signal };
    const running = run(['dev', '--bus', './memory-bus.test-support.ts', '--rate', '500'], io);
    try {
      await vi.waitFor(() => expect(stdout.text()).toContain('\n'), { timeout: 20_000 });
      const url = new URL(stdout.text().trim());
      const opened = await fetch(url, { redirect: 'manual' });
      const headers = { cookie: (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
      const session = await (await fetch(new URL('/api/session', url), { headers })).json();
      expect(session).toMatchObject({ mayAct: true, mayUnmask: true });
      const events = new URL('/api/topics/learning-course-enrollment-lifecycle.certificates.dlq/events', url);
      await vi.waitFor(
        async () => {
          const answer = (await (await fetch(events, { headers })).json()) as { events: unknown[] };
          expect(answer.events.length).toBeGreaterThan(0);
        },
        { timeout: 20_000 },
      );
      const { topics } = (await (await fetch(new URL('/api/overview', url), { headers })).json()) as {
        topics: { topic: string; groups: { groupId: string }[] }[];
      };
      const traffic = topics.find(({ topic }) => topic === 'learning-course-enrollment-lifecycle');
      expect(traffic?.groups.map(({ groupId }) => groupId)).toEqual(['certificates', 'notifications']);
    } finally {
      stop.abort('SIGTERM');
    }
    expect((await running).code).toBe(0);
    expect(stderr.text()).toContain('the memory bus lives in this process');
  });
});
