import { describe, expect, it } from 'vitest';
import { run } from './run.js';

const node = (code: string, timeoutMs = 10_000) => run(process.execPath, ['-e', code], { timeoutMs });

describe('run', () => {
  it('keeps what a program prints and its exit code', async () => {
    const result = await node('console.log("out"); console.error("err"); process.exitCode = 3');
    expect(result).toMatchObject({ code: 3, stdout: 'out\n' });
    expect(result.output).toContain('err\n');
  });

  it('reports a program that does not exist', async () => {
    expect(await run('no-such-program', [], { timeoutMs: 1000 })).toEqual({
      code: 127,
      stdout: '',
      output: 'no-such-program is not on the PATH',
    });
  });

  it('ends a program that takes too long, even with a grandchild that holds its output open', async () => {
    const grandchild = 'require("child_process").spawn("sleep", ["40"], { stdio: "inherit" })';
    expect(await node(grandchild, 200)).toMatchObject({ code: 124 }); // the test has less time than the grandchild
  });
});
