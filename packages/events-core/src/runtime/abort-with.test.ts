import { describe, expect, it, vi } from 'vitest';
import { abortWith } from './abort-with.js';

describe('abortWith', () => {
  it('aborts every controller with the reason of the source', () => {
    const source = new AbortController();
    const followers = [new AbortController(), new AbortController()];
    for (const follower of followers) abortWith(source.signal, follower);
    const reason = new Error('the lane was lost');
    source.abort(reason);
    expect(followers.map(({ signal }) => signal.reason)).toEqual([reason, reason]);
  });

  it('aborts at once when the source has aborted already', () => {
    const follower = new AbortController();
    abortWith(AbortSignal.abort('gone'), follower)();
    expect(follower.signal.reason).toBe('gone');
  });

  it('does not abort a controller that was released', () => {
    const source = new AbortController();
    const follower = new AbortController();
    abortWith(source.signal, follower)();
    source.abort();
    expect(follower.signal.aborted).toBe(false);
  });

  it('adds one listener to a source, however many controllers follow it', () => {
    const source = new AbortController();
    const listen = vi.spyOn(source.signal, 'addEventListener');
    for (let count = 0; count < 1_000; count += 1) abortWith(source.signal, new AbortController());
    expect(listen).toHaveBeenCalledOnce();
  });
});
