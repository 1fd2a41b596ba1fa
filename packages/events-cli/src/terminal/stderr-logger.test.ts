import { describe, expect, it } from 'vitest';
import { collected } from '../run.test-support.js';
import { stderrLogger } from './stderr-logger.js';

describe('stderrLogger', () => {
  it('writes a line each: what, why and where, without secrets and control characters', () => {
    const stderr = collected();
    const redact = (text: string) => text.replaceAll('secret', '***');
    const logger = stderrLogger({
      stderr: stderr.stream,
      redact,
      level: 'warn',
      isReported: (error) => error === 'reported',
    });
    logger.debug({}, 'a detail');
    logger.info({}, 'all is well');
    logger.warn({ err: new Error('a secret\u001b[0m\nreason'), topic: 'orders', data: { a: 1 } }, 'it waits');
    logger.warn({ reason: 'no answer', count: 2 }, 'it is unreachable');
    logger.error({ err: 'reported' }, 'reported elsewhere');
    expect(stderr.text()).toBe(
      'warning: it waits: a ***\\u{1b}[0m\\u{a}reason (topic orders)\nwarning: it is unreachable: no answer (count 2)\n',
    );
  });

  it('prints info entries with the level info', () => {
    const stderr = collected();
    stderrLogger({ stderr: stderr.stream, redact: (text) => text, level: 'info' }).info({}, 'all is well');
    expect(stderr.text()).toBe('info: all is well\n');
  });
});
