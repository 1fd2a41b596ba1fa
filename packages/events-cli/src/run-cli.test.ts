import { readFileSync } from 'node:fs';
import { PassThrough, Readable, Writable } from 'node:stream';
import { systemClock } from '@openedx-ts/events-core/bus';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { showToOperators } from './memory-bus.test-support.js';
import { closedReader, run } from './run.test-support.js';

const type = 'org.openedx.learning.badge.awarded.v1';

describe('runCli', () => {
  it('prints help to stdout', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of [
      'schema',
      'encode',
      'decode',
      'catalog',
      'produce',
      'consume',
      'lag',
      'doctor',
      'outbox',
      '--require',
      'Exit codes',
    ])
      expect(stdout).toContain(command);
  });

  it.each([
    ['schema', 'generate'],
    ['schema', 'check'],
    ['schema', 'diff'],
    ['encode'],
    ['decode'],
    ['catalog', 'list'],
    ['catalog', 'show'],
    ['produce'],
    ['consume'],
    ['lag'],
    ['doctor'],
    ['outbox', 'migrate'],
    ['outbox', 'status'],
    ['outbox', 'relay'],
    ['outbox', 'show'],
    ['outbox', 'redrive'],
    ['outbox', 'discard'],
    ['outbox', 'purge'],
  ])('explains %s %s', async (...command) => {
    const { code, stdout } = await run([...command.filter((word) => word !== undefined), '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`openedx-events ${command.filter((word) => word !== undefined).join(' ')}`);
    expect(stdout).toContain('--require');
  });

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [[], 'Usage'],
    [['schema'], 'Usage'],
    [['shema'], 'Did you mean schema?'],
    [['schema', 'genrate'], 'Did you mean generate?'],
    [['catalog', 'list', '--jsn'], 'Did you mean --json?'],
    [['catalog', 'list', 'surplus'], 'too many arguments'],
    [['encode', '--format', 'hex'], '--type'],
    [['encode', '--type', type], '--format'],
    [['encode', '--type', type, '--format', 'octal'], 'hex, base64'],
    [['encode', '--type', type, '--format', 'hex', '--frame', '-1'], '4294967295'],
    [['encode', '--type', type, '--format', 'hex', '--frame', '4294967296'], '4294967295'],
    [['decode', '--type', type, '--format', 'hex', '--frame', '1e3'], '4294967295'],
    [['schema', 'check', '--against', 'http://'], '--against: it is no URL of a schema registry'],
    [['outbox', 'migrate', '--print'], '--dialect postgres'],
    [['dlq', 'list', '-t', 'orders', '--topic', 'bills'], "option '-t, --topic <topic>' is given twice"],
    [
      ['dlq', 'purge', '-t', 'orders', '--field', 'a=x', '--field', 'b=y', '--yes'],
      "'--field <path=value>' is given twice",
    ],
    [['outbox', 'discard', '--code', 'A', '--code', 'B'], "option '--code <code>' is given twice"],
    [['produce', '-t', 'orders'], '--type'],
    [
      ['dlq', 'redrive', '-t', 'orders'],
      '--position, --id, --code, --uncoded, --type, --untyped, --since, --until, or --all',
    ],
    [['dlq', 'redrive', '-t', 'orders', '--all', '--id', 'a'], '--all and a condition: give one of them'],
    [['dlq', 'purge', '-t', 'orders', '--yes'], '--until, --field, or --all'],
    [['outbox', 'redrive'], '--topic, --position, --id, --type, --code, or --all'],
    [['outbox', 'discard', '--yes'], '--code, --field, or --all'],
    [['produce', '--topic', 'orders'], '--type'],
    [['produce', '--type', type], '--topic'],
    [['consume', '-g', 'mail'], '--topic'],
    [['consume', '-t', 'orders'], '--group'],
    [['consume', '-t', 'orders', '-g', 'mail', '--extr', '{}'], 'Did you mean --extra?'],
    [['docter'], 'Did you mean doctor?'],
    [['schema', 'check', '--against', '.', '--mode', 'fully'], 'backward, forward, full'],
  ])('answers %j with exit code 2 and what is possible', async (args, hint) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(hint);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it('prints the message and code of a typed error, and its stack only with --debug', async () => {
    const args = ['encode', '--type', type, '--format', 'hex'];
    const plain = await run(args, { stdin: '{"badge": {}}\n' });
    expect(plain.code).toBe(1);
    expect(plain.stderr).toMatch(/^error: line 1: .*badge\.uuid.* \[EVENTS_INVALID_DATA\]\n$/);

    const debug = await run([...args, '--debug'], { stdin: '{"badge": {}}\n' });
    expect(debug.stderr).toMatch(/\n {4}at /);
    expect(debug.stderr).toContain('InvalidDataError');
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const stdout = closedReader();
    expect(await run(['catalog', 'list', '--json'], { stdout })).toMatchObject({ code: 0, stderr: '' });
  });

  it('reports another failure of the output', async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write'), { code: 'ENOSPC' })),
    });
    expect(await run(['catalog', 'list', '--json'], { stdout })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: stdout cannot be written: no space left on the device [CLI_OUTPUT]\n',
    });
  });

  it.each([
    ['encode', '--type', type, '--format', 'hex'],
    ['decode', '--type', type, '--format', 'hex'],
    [
      'produce',
      '--bus',
      './memory-bus.test-support.ts',
      '--type',
      type,
      '--topic',
      'badges',
      '--key-field',
      'badge.uuid',
    ],
  ])('names what the system cannot read: %s', async (...args) => {
    const stdin = new Readable({
      read() {
        this.destroy(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' }));
      },
    });
    const { code, stderr } = await run(args, { stdin });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: stdin cannot be read: the device reports an error \[CLI_FILE\]$/m);
  });

  it('stops with 130 when it is interrupted while it waits for input', async () => {
    const interrupt = new AbortController();
    const stdin = new PassThrough();
    const running = run(['encode', '--type', type, '--format', 'hex'], {
      stdin,
      abortSignal: interrupt.signal,
    });
    interrupt.abort();
    expect(await running).toEqual({ code: 130, stdout: '', stderr: '' });
  });

  it('fails at a line of 200 MB without reading it all', async () => {
    let chunks = 0;
    const stdin = Readable.from(
      (function* () {
        for (; chunks < 200; chunks += 1) yield Buffer.alloc(1_000_000, 'x');
      })(),
      { objectMode: false },
    );
    const { code, stderr } = await run(['encode', '--type', type, '--format', 'hex'], { stdin });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/line 1 is longer than/) });
    expect(chunks).toBeLessThan(30);
  });

  it.each(['lag', 'doctor'])(
    'ends within two seconds of Ctrl-C while the broker does not answer: %s',
    async (command) => {
      const interrupt = new AbortController();
      const asked = vi.fn(() => new Promise<never>(() => {}));
      showToOperators({ lag: asked, diagnose: asked });
      onTestFinished(() => showToOperators(undefined));
      const running = run([command, '--bus', './memory-bus.test-support.ts'], {
        abortSignal: interrupt.signal,
      });
      await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 60_000 });
      interrupt.abort('SIGINT');
      expect(await Promise.race([running, systemClock.sleep(2_000)])).toMatchObject({ code: 130 });
    },
  );

  it('stops with 130 when it is interrupted while its reader pauses', async () => {
    const interrupt = new AbortController();
    const stdout = new Writable({ highWaterMark: 1, write: () => interrupt.abort() });
    const { code } = await run(['catalog', 'list'], { stdout, abortSignal: interrupt.signal });
    expect(code).toBe(130);
  });
});
