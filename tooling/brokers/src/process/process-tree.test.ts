import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { areStopped } from './process-tree.js';

describe.runIf(process.platform === 'linux')('areStopped', () => {
  it('is false for a running process, and true once all of its threads have stopped', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1)']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const pids = [child.pid as number];
    expect(areStopped(pids)).toBe(false);
    child.kill('SIGSTOP');
    await vi.waitUntil(() => areStopped(pids));
    child.kill('SIGCONT');
    await vi.waitUntil(() => !areStopped(pids));
  });
});
