import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadFailure } from './load-failure.js';

const here = pathToFileURL(import.meta.filename).href;
const withCode = (code: string) => Object.assign(new Error(`${code} of Node`), { code });

describe('the reason why a module of --require is not loaded', () => {
  it('names the cure where Node does not load TypeScript', () => {
    expect(loadFailure(withCode('ERR_UNKNOWN_FILE_EXTENSION'), here)).toMatch(
      /^Node \S+ does not load TypeScript: .*NODE_OPTIONS='--import tsx'/,
    );
  });

  it('names a file that does not exist, and a folder', () => {
    const missing = withCode('ERR_MODULE_NOT_FOUND');
    expect(loadFailure(missing, `${here}.js`)).toBe('there is no such file');
    const folder = pathToFileURL(import.meta.dirname).href;
    expect(loadFailure(withCode('ERR_UNSUPPORTED_DIR_IMPORT'), folder)).toMatch(/^it is a folder/);
  });

  it('is the message of the module itself otherwise', () => {
    expect(loadFailure(new Error('boom'), here)).toBe('boom');
    expect(loadFailure('boom', here)).toBe('it threw a value that is not an Error');
  });
});
