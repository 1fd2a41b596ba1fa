import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { abortOnSignal, type SignalHost } from './abort-on-signal.js';
import { stopOnSignal } from './stop-on-signal.js';

class FakeProcess extends EventEmitter implements SignalHost {
  exitCode?: number | string | null;
  readonly exit = vi.fn();
}

function stopping(close: () => Promise<void>) {
  const host = new FakeProcess();
  stopOnSignal({ close, host });
  return host;
}

describe('stopOnSignal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes on %s and lets the process end with 0', async (signal) => {
    const close = vi.fn(async () => {});
    const host = stopping(close);
    host.emit(signal, signal);
    await vi.waitFor(() => expect(host.exitCode).toBe(0));
    expect(close).toHaveBeenCalledOnce();
    expect(host.exit).not.toHaveBeenCalled();
  });

  it('ends at once with 130 on a second signal', () => {
    const host = stopping(() => new Promise(() => {}));
    host.emit('SIGTERM', 'SIGTERM');
    expect(host.exit).not.toHaveBeenCalled();
    host.emit('SIGINT', 'SIGINT');
    expect(host.exit).toHaveBeenCalledExactlyOnceWith(130);
  });

  it('ends with 1 when closing fails', async () => {
    const host = stopping(async () => {
      throw new Error('stuck');
    });
    host.emit('SIGTERM', 'SIGTERM');
    await vi.waitFor(() => expect(host.exitCode).toBe(1));
  });
});

describe('abortOnSignal', () => {
  it('fires once, with the name of the signal', () => {
    const host = new FakeProcess();
    const abortSignal = abortOnSignal(host);
    expect(abortSignal.aborted).toBe(false);
    host.emit('SIGTERM', 'SIGTERM');
    host.emit('SIGINT', 'SIGINT');
    expect(abortSignal.reason).toBe('SIGTERM');
  });
});
