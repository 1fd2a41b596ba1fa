import { describe, expect, it } from 'vitest';
import { RedisReplyError } from './redis-reply-error.js';
import { transactionReplies } from './transaction-replies.js';

const commands = [
  ['XADD', 'orders', '*', 'n', '1'],
  ['XADD', 'orders', '*', 'n', '2'],
];
const refusal = (text: string, command: readonly string[] = ['EXEC']) => new RedisReplyError(text, command);
const ok = Buffer.from('OK');
const queued = Buffer.from('QUEUED');
const ids = [Buffer.from('1-0'), Buffer.from('2-0')];
const read = (replies: Parameters<typeof transactionReplies>[1]) =>
  transactionReplies(commands, replies, (text) => text.replace('secret', '***'));

describe('the replies to a transaction', () => {
  it('are those of its commands', () => {
    expect(read([ok, queued, queued, ids])).toEqual({ replies: ids, notTogether: undefined, isOpen: false });
  });

  it('are refusals of all when one was refused before, under the reason of that one', () => {
    const full = refusal('OOM command not allowed', commands[1]);
    const { replies } = read([
      ok,
      queued,
      full,
      refusal('EXECABORT Transaction discarded because of previous errors.'),
    ]);
    expect(replies).toEqual([full, full]);
  });

  it('are refusals of all when EXEC was refused, under its reason', () => {
    const aborted = refusal('EXECABORT Transaction discarded because of: OOM command not allowed');
    expect(aborted).toMatchObject({
      code: 'OOM',
      message: expect.stringMatching(/^Redis refuses EXEC of a transaction: OOM .*raise maxmemory/),
    });
    expect(read([ok, queued, queued, aborted]).replies).toEqual([aborted, aborted]);
  });

  it('keep the refusal of each command that failed while it was executed, without secrets', () => {
    const { replies } = read([ok, queued, queued, [ids[0], new Error('WRONGTYPE secret')] as never]);
    expect(replies[0]).toBe(ids[0]);
    expect(replies[1]).toMatchObject({
      code: 'WRONGTYPE',
      message: expect.stringContaining('XADD of orders: WRONGTYPE ***'),
    });
  });

  it('are those of each command by itself where MULTI is refused', () => {
    const denied = refusal('NOPERM no permissions to run the MULTI command', ['MULTI']);
    const { replies, notTogether, isOpen } = read([denied, ...ids, refusal('ERR EXEC without MULTI')]);
    expect({ replies, notTogether, isOpen }).toEqual({ replies: ids, notTogether: denied, isOpen: false });
  });

  it('leave the transaction open where EXEC is not allowed', () => {
    expect(read([ok, queued, queued, refusal('NOPERM no permissions to run the EXEC command')]).isOpen).toBe(
      true,
    );
  });
});
