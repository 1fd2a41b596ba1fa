import { PassThrough } from 'node:stream';
import { runtime } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { collected } from '../run.test-support.js';
import { openBus } from './open-bus.js';

const stdin = new PassThrough();
const stdout = new PassThrough();
const abortSignal = new AbortController().signal;
const env = { EVENT_BUS: 'memory', EVENT_BUS_REDIS_CONNECTION_URL: 'redis://me:top-secret@db:6379' };

describe('openBus', () => {
  it('makes the libraries log to the stderr of the command, without secrets, until it is disposed', async () => {
    const stderr = collected();
    const before = runtime().logger;
    {
      using bus = await openBus(undefined, {
        stdin,
        stdout,
        stderr: stderr.stream,
        cwd: '.',
        env,
        abortSignal,
      });
      expect(bus.plugin.name).toBe('memory');
      runtime().logger.info({}, 'connected');
      runtime().logger.warn({ url: env.EVENT_BUS_REDIS_CONNECTION_URL }, 'unreachable: top-secret');
    }
    expect(stderr.text()).toBe('warning: unreachable: *** (url redis://***@db:6379)\n');
    expect(runtime().logger).toBe(before);
  });
});
