import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * Gives the terminal to `node SCRIPT ARGS` and ends as it ends: same exit code, same signal. SIGTERM and SIGHUP are
 * passed on. So is SIGINT, unless a terminal sent it: a terminal tells every process of the foreground group itself, and
 * a second SIGINT would turn the child's graceful stop into a hard one.
 * @param {string} script
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export function handOver(script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
    /** @type {Partial<Record<NodeJS.Signals, () => void>>} */
    const listeners = {
      SIGINT: () => {
        if (!process.stdin.isTTY) child.kill('SIGINT');
      },
      SIGTERM: () => void child.kill('SIGTERM'),
      SIGHUP: () => void child.kill('SIGHUP'),
    };
    for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
      if (signal !== null) process.kill(process.pid, signal);
      else resolve(code ?? 1);
    });
  });
}
