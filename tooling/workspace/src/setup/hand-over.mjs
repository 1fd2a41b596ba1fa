import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * Runs `node SCRIPT ARGS` on this process's terminal and ends as it ends: same exit code, same signal. SIGTERM and SIGHUP
 * are forwarded. SIGINT is forwarded unless there is a terminal: a terminal sends it to every process of the foreground
 * group, and a second SIGINT would turn the child's graceful stop into a hard one.
 * @param {string} script
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] the environment of the child; default: that of this process
 * @returns {Promise<number>} the exit code
 */
export function handOver(script, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, env, stdio: 'inherit' });
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
