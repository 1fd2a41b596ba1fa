import { InfrastructureError } from '@openedx-ts/events-core';
import { describe, expect, it } from 'vitest';
import { fencedCommand } from './fenced-command.js';
import { RedisAccessError } from './redis-access-error.js';
import { keyRefusal, RedisReplyError, thrownError, waitingFor } from './redis-reply-error.js';

describe('RedisReplyError', () => {
  it('names command, key and cure, and never an argument', () => {
    const text = "WRONGTYPE Operation against a key, with args beginning with: 'secret'";
    const error = new RedisReplyError(text, ['XADD', 'orders', '*', 'event_data', 'secret']);
    expect(error.code).toBe('WRONGTYPE');
    expect(error.message).toMatch(/^Redis refuses XADD of orders: WRONGTYPE .*\(the key is no stream/);
    expect(error.message).not.toContain('secret');
  });

  it.each([
    [['AUTH', 'user', 'secret'], 'Redis refuses AUTH: ERR x'],
    [
      ['XREADGROUP', 'GROUP', 'g', 'me', 'STREAMS', 'orders', '>'],
      'Redis refuses XREADGROUP of orders: ERR x',
    ],
    [['XADD', 'orders', '*', 'STREAMS', 'secret'], 'Redis refuses XADD of orders: ERR x'],
    [
      ['XREADGROUP', 'GROUP', 'STREAMS', 'me', 'STREAMS', 'orders', '>'],
      'Redis refuses XREADGROUP of orders: ERR x',
    ],
    [['XGROUP', 'CREATE', 'orders', 'g', '$'], 'Redis refuses XGROUP CREATE of orders: ERR x'],
    [
      fencedCommand({ leaseKey: 'l', token: 't' }, 'orders', ['XCLAIM', 'orders']),
      'Redis refuses XCLAIM of orders: ERR x',
    ],
    [['EVAL', 'return 1', '1', 'orders', 'g', 'me'], 'Redis refuses EVAL of orders: ERR x'],
  ])('describes %j', (command, message) => {
    expect(new RedisReplyError('ERR x', command).message).toBe(message);
  });
});

describe('a script that lacks permissions for a command inside', () => {
  it.each([
    "ERR The user executing the script can't run this command or subcommand script: f109, on @user_script:1.", // 7.0
    "@user_script: 1: The user executing the script can't run this command or subcommand", // 6.2
    "ERR ACL failure in script: User u has no permissions to run the 'xgroup|delconsumer' command", // 7.2
  ])('is refused like the command itself: %s', (text) => {
    const error = new RedisReplyError(text, ['EVAL', 'return 1', '1', 'orders']);
    expect(error.message).toMatch(/^Redis refuses EVAL of orders: NOPERM .*README of event-bus-redis\)$/);
    expect(thrownError(error)).toBeInstanceOf(RedisAccessError);
  });
});

describe('thrownError', () => {
  it.each([
    ['LOADING Redis is loading the dataset in memory', InfrastructureError],
    ['OOM command not allowed', InfrastructureError],
    ['NOPERM no permissions', RedisAccessError],
    ['WRONGTYPE no stream', RedisReplyError],
  ])('converts "%s" to the error that shows whether to try again', (text, type) => {
    expect(thrownError(new RedisReplyError(text, ['XADD', 'orders']))).toBeInstanceOf(type);
  });
});

describe('keyRefusal', () => {
  it.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'NOPERM this user has no permissions to access one of the keys used as arguments', // 6.2, 7.0
    'NOPERM No permissions to access a key', // 7.2, Valkey
    "ERR The user executing the script can't access at least one of the keys mentioned in the command arguments script: f1", // 7.0
    "ERR ACL failure in script: User u has no permissions to access the 'orders' key", // 7.2
  ])('finds that only one key is refused: %s', (text) => {
    const refusal = new RedisReplyError(text, ['XACK', 'orders', 'g', '1-0']);
    expect(keyRefusal(thrownError(refusal))).toBe(refusal);
    expect(waitingFor(keyRefusal, thrownError(refusal))).toBeInstanceOf(InfrastructureError);
  });

  it.each([
    "NOPERM this user has no permissions to run the 'xack' command",
    "NOPERM User u has no permissions to run the 'xack' command",
    'OOM command not allowed',
    'ERR syntax error',
  ])('finds none where other keys are refused, too: %s', (text) => {
    const error = thrownError(new RedisReplyError(text, ['XACK', 'key-access', 'g', '1-0']));
    expect(keyRefusal(error)).toBeUndefined();
    expect(waitingFor(keyRefusal, error)).toBe(error);
  });
});
