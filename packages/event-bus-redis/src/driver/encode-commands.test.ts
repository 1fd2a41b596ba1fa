import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encodeCommands } from './encode-commands.js';

/** Encodes a command as the RESP specification defines, without optimisations. */
function plainly(command: readonly (string | Uint8Array)[]): Buffer {
  const parts = command.map((part) => Buffer.from(part as Uint8Array));
  return Buffer.concat([
    Buffer.from(`*${parts.length}\r\n`),
    ...parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]),
  ]);
}

const encodeCommand = (command: readonly (string | Uint8Array)[]) => Buffer.concat(encodeCommands([command]));

describe('encodeCommands', () => {
  it('encodes a command as an array of bulk strings', () => {
    expect(encodeCommand(['XADD', 'sérvice', new Uint8Array([0, 255]), '']).toString('latin1')).toBe(
      '*4\r\n$4\r\nXADD\r\n$8\r\ns\u00c3\u00a9rvice\r\n$2\r\n\u0000\u00ff\r\n$0\r\n\r\n',
    );
  });

  it('encodes any texts and bytes, short and long', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(9, 10, 63, 64, 65, 99, 100, 999, 1_000, 16_384).map((length) => 'a'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 30 }), (command) => {
        expect(encodeCommand(command)).toEqual(plainly(command));
      }),
    );
  });

  it('encodes a command larger than all before, and then a small one', () => {
    const large = new Uint8Array(3_000_000).fill(7);
    expect(encodeCommand(['SET', 'a', large]).equals(plainly(['SET', 'a', large]))).toBe(true);
    expect(encodeCommand(['GET', 'a'])).toEqual(plainly(['GET', 'a']));
  });

  it('returns a separate buffer for every command', () => {
    const first = encodeCommand(['GET', 'a']);
    encodeCommand(['GET', 'b']);
    expect(first).toEqual(plainly(['GET', 'a']));
  });

  it('encodes many commands, in few pieces of at most one command more than 65,536 bytes', () => {
    const commands = Array.from({ length: 1_000 }, (_, index) => [
      'XADD',
      `stream-${index}`,
      'a'.repeat(500),
    ]);
    const pieces = encodeCommands(commands);
    expect(Buffer.concat(pieces).equals(Buffer.concat(commands.map(plainly)))).toBe(true);
    expect(pieces.length).toBeLessThan(10);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(66_200);
  });

  it('leaves nothing of a command that cannot be encoded', () => {
    expect(() => encodeCommands([['SET', 'a', undefined as unknown as string]])).toThrow(TypeError);
    expect(encodeCommand(['GET', 'a'])).toEqual(plainly(['GET', 'a']));
  });

  it('looks up no method of String for each character, which is slow where a package extends String', () => {
    const charCodeAt = vi.spyOn(String.prototype, 'charCodeAt');
    encodeCommand(['XADD', 'dev-enrollments', 'course-v1:edX+DemoX.1+2026_T1', 'Zürich']);
    const { calls } = charCodeAt.mock;
    charCodeAt.mockRestore();
    expect(calls).toHaveLength(0);
  });
});
