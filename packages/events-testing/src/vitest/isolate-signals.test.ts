import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Runs the tests of a file in a vitest of their own; one of them fails. */
async function outputOf(file: string): Promise<string> {
  const vitest = join(fileURLToPath(import.meta.resolve('vitest')), '../../vitest.mjs');
  const args = [
    vitest,
    'run',
    '--config',
    join(import.meta.dirname, 'fixtures/vitest-config.test-support.ts'),
    file,
  ];
  const ended = promisify(execFile)(process.execPath, args, {
    cwd: import.meta.dirname,
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
  const { stdout, stderr } = await ended.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

describe('isolateSignals of events-testing/vitest', () => {
  it('prints the warnings and errors of a test that fails, and none of one that passes', async () => {
    const output = await outputOf('isolated.test-support.ts');
    expect(output).toContain('1 failed | 1 passed');
    expect(output.match(/openedx-events error: .*/g)).toEqual([
      expect.stringMatching(/a receiver failed.*receiver=of-the-failing-test/),
    ]);
  });
});
