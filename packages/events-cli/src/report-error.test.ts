import { ConsumerFailedError, InfrastructureError, InvalidOptionsError } from '@openedx-ts/events-core';
import { UnusableMessageError } from '@openedx-ts/events-core/bus';
import { describe, expect, it } from 'vitest';
import { errorText, exitCodeOf } from './report-error.js';
import { CommandError } from './terminal/command-error.js';

const typed = new UnusableMessageError('it is too short');

describe('errorText', () => {
  it('is one line with the code of a typed error', () => {
    expect(errorText(typed, false)).toBe(
      'error: message cannot be used: it is too short [EVENTS_UNUSABLE_MESSAGE]\n',
    );
    expect(errorText(new CommandError('CLI_FILE', 'a.avsc: no', { cause: typed }), false)).toBe(
      'error: a.avsc: no [CLI_FILE]\n',
    );
  });

  it('keeps the code of the typed error when a command only adds the place', () => {
    expect(errorText(new CommandError('CLI_INPUT', 'line 3: no', { cause: typed }), false)).toBe(
      'error: line 3: no [EVENTS_UNUSABLE_MESSAGE]\n',
    );
  });

  it('keeps the code of a bus, and leaves out those of Node', () => {
    const refused = Object.assign(new Error('no'), { code: 'EVENT_BUS_REDIS_ACCESS' });
    expect(errorText(refused, false)).toBe('error: no [EVENT_BUS_REDIS_ACCESS]\n');
    const node = Object.assign(new Error('no'), { code: 'ERR_INVALID_URL' });
    expect(errorText(node, false)).not.toContain('ERR_INVALID_URL');
  });

  it('shows the stacks of causes with debug, and nothing else that errors hold', () => {
    const cause = Object.assign(new Error('below'), { command: { args: ['top-secret'] } });
    const text = errorText(new Error('above', { cause }), true);
    expect(text).toMatch(/caused by Error: below\n {4}at /);
    expect(text).not.toContain('top-secret');
  });

  it('prints stacks only with debug, and mentions --debug for unexpected errors', () => {
    const unexpected = new TypeError('boom');
    expect(errorText(unexpected, false)).toBe('error: boom\n(--debug prints the stack)\n');
    expect(errorText(unexpected, true)).toMatch(/^error: boom\nTypeError: boom\n {4}at /);
  });
});

describe('exitCodeOf', () => {
  it('is 2 for usage, 3 for what cannot be reached, and 1 for everything else', () => {
    expect(exitCodeOf(new CommandError('CLI_USAGE', 'no'))).toBe(2);
    expect(exitCodeOf(new InvalidOptionsError('it', []))).toBe(2);
    const late = new InvalidOptionsError('it', []);
    expect(exitCodeOf(new ConsumerFailedError('mail', 'no', { cause: late }))).toBe(2);
    expect(exitCodeOf(new InfrastructureError('the broker is down'))).toBe(3);
    expect(exitCodeOf(new CommandError('CLI_UNREACHABLE', 'no'))).toBe(3);
    expect(exitCodeOf(new CommandError('CLI_FILE', 'no'))).toBe(1);
    expect(exitCodeOf(typed)).toBe(1);
    expect(exitCodeOf('thrown text')).toBe(1);
  });
});
