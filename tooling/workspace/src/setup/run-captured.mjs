import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * @typedef {object} CapturedRun
 * @property {number} code exit code; 128 when a signal ended it, 127 when it could not be started
 * @property {string} output stdout and stderr as they came
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * Runs a program without a terminal and keeps what it prints. Never rejects.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<CapturedRun>}
 */
export function runCaptured(command, args, options = {}) {
  return new Promise((resolve) => {
    const run = { code: 0, output: '', stdout: '', stderr: '' };
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      // Plain text, and the same everywhere.
      env: { ...(options.env ?? process.env), NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
    });
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      child.kill(signal);
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.once('SIGINT', passOn).once('SIGTERM', passOn);
    for (const stream of /** @type {const} */ (['stdout', 'stderr'])) {
      child[stream].setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        run[stream] += text;
        run.output += text;
      });
    }
    /** @param {number} code @param {string} [why] */
    const end = (code, why) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      resolve({ ...run, code, output: why === undefined ? run.output : `${run.output}${why}\n` });
    };
    child.on('error', (error) => end(127, `${command}: ${error.message}`));
    child.on('close', (code, signal) => end(code ?? 128, signal ? `ended by ${signal}` : undefined));
  });
}
