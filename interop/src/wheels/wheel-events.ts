import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ComparedEvents } from './compared-event.js';

/**
 * The events that wheels define, read from their source: nothing of them is imported, so the packages that they need, and
 * the version of Python that they demand, do not matter.
 *
 * @param python an interpreter, 3.11 or newer
 * @param wheels the files
 */
export async function wheelEvents(python: string, wheels: readonly string[]): Promise<ComparedEvents> {
  const { stdout } = await promisify(execFile)(python, ['-X', 'utf8', script, ...wheels], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout) as ComparedEvents;
}

const script = fileURLToPath(new URL('../../python/wheel_definitions.py', import.meta.url));
