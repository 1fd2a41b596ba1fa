import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { root } from '../setup/paths.mjs';

const { project } = inject('packed');
const command = join(project, 'node_modules/.bin/openedx-events');
const home = join(project, 'cli');
const golden = join(root, 'interop/data/golden/golden-avro.json');
const type = 'org.openedx.learning.course.enrollment.created.v1';
const file = 'org+openedx+learning+course+enrollment+created+v1_schema.avsc';

describe('the installed command openedx-events', () => {
  beforeAll(() => {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
  });

  it('writes schema files and holds events against them', async () => {
    expect(await run(['schema', 'generate', '--all', '--out', 'schemas'])).toMatchObject({ code: 0 });
    const files = readdirSync(join(home, 'schemas'));
    expect(files.filter((name) => name.endsWith('_schema.avsc'))).toHaveLength(73);
    expect(files).toContain('definitions.json');
    expect(await run(['schema', 'check', '--against', 'schemas'])).toMatchObject({ code: 0, stderr: '' });

    rmSync(join(home, 'schemas', file));
    const missing = await run(['schema', 'check', '--against', 'schemas']);
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain(file);
  });

  it('turns records into the bytes of Python and back', async () => {
    const { events } = JSON.parse(readFileSync(golden, 'utf8')) as {
      events: Record<string, { vectors: Record<string, { record: unknown; hex: string }> }>;
    };
    const vectors = Object.values(events[type]?.vectors ?? {});
    const input = vectors.map(({ record }) => `${JSON.stringify(record)}\n`).join('');
    const encoded = await run(['encode', '--type', type, '--format', 'hex'], input);
    expect(encoded).toEqual({ code: 0, stdout: vectors.map(({ hex }) => `${hex}\n`).join(''), stderr: '' });
    const decoded = await run(['decode', '--type', type, '--format', 'hex'], encoded.stdout);
    expect(
      decoded.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(vectors.map(({ record }) => record));
  });

  it('knows the events of a module of the project, also where that leaves something open', async () => {
    writeFileSync(join(home, 'events.mjs'), ownEvents);
    const listed = await run([
      'catalog',
      'list',
      '--json',
      '--subdomain',
      'billing',
      '--require',
      './events.mjs',
    ]);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(listed.stdout)).toMatchObject({
      event_type: 'com.example.billing.invoice.paid.v1',
      name: 'INVOICE_PAID',
    });
  });

  it('answers a wrong command line with 2, and a failure with 1, without a stack', async () => {
    expect(await run(['schema', 'chek'])).toMatchObject({ code: 2, stdout: '' });
    const failed = await run(['encode', '--type', type, '--format', 'hex'], '{}\n');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^error: line 1: [^\n]+\n$/);
  });

  it('fails at a bad line although its input stays open', async () => {
    const child = start(['encode', '--type', type, '--format', 'hex']);
    child.stdin.write('{}\n');
    expect(await once(child, 'exit')).toEqual([1, null]);
  });

  it('ends quietly when its reader goes', async () => {
    const child = start(['catalog', 'list', '--json']);
    const stderr = textOf(child.stderr);
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(await stderr).toBe('');
  });

  it('ends with 130 when it is interrupted', async () => {
    const child = start(['decode', '--type', type, '--format', 'hex']);
    const stderr = textOf(child.stderr);
    // Once it has answered a line it listens for the signal.
    const { stdout: bytes } = await run(['encode', '--type', type, '--format', 'hex'], `${record}\n`);
    child.stdin.write(bytes);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(await stderr).toBe('');
  });

  it('loads one event of the catalogue to encode, and no library for help', async () => {
    const log = join(home, 'loads.log');
    const hook = pathToFileURL(join(root, 'tooling/workspace/fixtures/log-loads.mjs')).href;
    const loadedBy = async (args: string[]) => {
      rmSync(log, { force: true });
      const env = { NODE_OPTIONS: `--no-warnings --import ${hook}`, LOG_LOADS: log };
      expect(await run(args, '', env)).toMatchObject({ code: 0 });
      return readFileSync(log, 'utf8').trimEnd().split('\n');
    };
    const help = await loadedBy(['--help']);
    const own = help.filter((url) => /events-(core|avro|catalog)/.test(url));
    expect(own).toEqual([expect.stringMatching(/events-core\/dist\/runtime\/abort-on-signal\.js$/)]);
    const encode = await loadedBy(['encode', '--type', type, '--format', 'hex']);
    expect(
      encode.filter((url) => /events-catalog\/dist\/learning\/course-enrollment-created/.test(url)),
    ).toHaveLength(1);
    expect(encode.filter((url) => /events-catalog\/dist\/(analytics|authz|enterprise)\//.test(url))).toEqual(
      [],
    );
  });
});

const record = JSON.stringify({
  enrollment: {
    user: { id: 1, is_active: true, pii: { username: 'ada', email: 'ada@example.com', name: 'Ada' } },
    course: { course_key: 'course-v1:edX+DemoX+2026', display_name: 'Demo' },
    mode: 'audit',
    is_active: true,
    creation_date: '2026-01-02T03:04:05+00:00',
  },
});

const ownEvents = `
import { defineSignal, record, string } from '@openedx-ts/events-core';

export const INVOICE_PAID = defineSignal({
  eventType: 'com.example.billing.invoice.paid.v1',
  data: { invoice: record('InvoiceData', { number: string() }) },
});
setInterval(() => {}, 1000);
`;

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
  return spawn(command, args, { cwd: home, env: { ...process.env, ...env } });
}

async function run(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) {
  const child = start(args, env);
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: await stdout, stderr: await stderr };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}
