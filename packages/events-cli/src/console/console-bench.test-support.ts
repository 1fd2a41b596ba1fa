import { COURSE_ENROLLMENT_CREATED } from '@openedx-ts/events-catalog/learning/course-enrollment-created';
import type { Environment, EventBusPlugin } from '@openedx-ts/events-core';
import { expect, vi } from 'vitest';
import {
  type OpenedPage,
  startBrowser,
} from '../../../events-console/src/browser-under-test.test-support.js';
import { collected, run } from '../run.test-support.js';

/** The bus that a console shows. */
export interface BusOfConsole {
  readonly plugin: EventBusPlugin;
  /** For `--bus`. */
  readonly name: string;
  readonly env: Environment;
}

/** A bus with twelve enrolments, two groups and dead letters, its console in a browser, and the command beside it. */
export interface ConsoleBench extends AsyncDisposable {
  readonly page: OpenedPage['page'];
  /** Shows a view of the console. */
  show(path: string): Promise<void>;
  /** The lines of JSON that a command writes. */
  lines<T = Readonly<Record<string, unknown>>>(...args: string[]): Promise<readonly T[]>;
  /** What a command writes to stderr. */
  notes(...args: string[]): Promise<string>;
  /** Sends enrolments. */
  enrol(count: number): Promise<void>;
  /** What went wrong in the page. */
  readonly complaints: readonly string[];
}

const type = 'org.openedx.learning.course.enrollment.created.v1';
export const topic = 'enrolments';

/** Opens the console of a bus with `openedx-events console`. */
export async function openConsoleBench({ plugin, name, env }: BusOfConsole): Promise<ConsoleBench> {
  const bus = ['--bus', name];
  const command = async (args: readonly string[], stdin = '') => {
    const ended = await run([...args, ...bus], { env, stdin });
    expect(ended.code, ended.stderr).toBe(0);
    return ended;
  };
  const enrol = async (count: number) => {
    const events = Array.from({ length: count }, (_, index) => enrolment(index)).join('');
    await command(
      ['produce', '--type', type, '--topic', topic, '--key-field', 'enrollment.course.course_key'],
      events,
    );
  };
  await enrol(12);
  const ids = await failSome({ plugin, name, env });
  await command(['replay', '-t', topic, '-g', 'audit', '--from', ids[5] ?? '', '--create']);

  const [stdout, stop] = [collected(), new AbortController()];
  const io = { env, stdout: stdout.stream, abortSignal: stop.signal };
  const running = run(['console', ...bus, '--allow-changes', '--unmask'], io);
  await vi.waitFor(() => expect(stdout.text()).toContain('\n'), { timeout: 60_000 });
  const url = new URL(stdout.text().trim());
  const browser = await startBrowser();
  const { page, complaints } = await browser.open(url.href);
  return {
    page,
    complaints,
    enrol,
    show: async (path) => void (await page.goto(new URL(path, url).href)),
    lines: async <T>(...args: string[]) => {
      const { stdout: text } = await command(args);
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as T);
    },
    notes: async (...args) => (await command(args)).stderr,
    [Symbol.asyncDispose]: async () => {
      await browser[Symbol.asyncDispose]();
      stop.abort('SIGTERM');
      await running;
    },
  };
}

function enrolment(index: number): string {
  const user = {
    id: index,
    is_active: true,
    pii: { username: 'ada.lovelace', email: 'ada@example.org', name: 'Ada' },
  };
  const course = {
    course_key: `course-v1:edX+Demo${index % 3}+2026`,
    display_name: 'Demo',
    start: null,
    end: null,
  };
  const mode = index % 4 === 0 ? 'verified' : 'audit';
  const enrollment = {
    user,
    course,
    mode,
    is_active: true,
    creation_date: '2026-01-02T03:04:05+00:00',
    created_by: null,
  };
  return `${JSON.stringify({ data: { enrollment } })}\n`;
}

/** Lets the group `mail` handle twelve events, of which four fail, and two with a code of their own. @returns their ids */
async function failSome({ plugin, env }: BusOfConsole): Promise<readonly string[]> {
  const ids: string[] = [];
  const handle = ({ metadata }: { readonly metadata: { readonly id: string } }) => {
    ids.push(metadata.id);
    const failure = new Error(`no seat ${ids.length}`);
    if (ids.length <= 4) throw failure;
    if (ids.length <= 6) throw Object.assign(failure, { code: 'NO_SEAT' });
  };
  using _seats = COURSE_ENROLLMENT_CREATED.connect(handle, { name: 'seats' });
  const options = { topics: [topic], groupId: 'mail', startFrom: 'earliest', maxAttempts: 1 } as const;
  await using consumer = await plugin.createConsumer(env, options);
  const running = consumer.run();
  await vi.waitFor(() => expect(ids).toHaveLength(12), { timeout: 60_000 });
  await consumer.stop();
  await running;
  return ids;
}
