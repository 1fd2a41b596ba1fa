import { describe, expect, it } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { settingsError } from './settings-error.js';

describe('settingsError', () => {
  it('names the variable of an option once, and an option without one as it is', () => {
    const error = new InvalidOptionsError('X producer', [
      { path: 'url', message: 'must be a URL (EVENT_BUS_X_URL)' },
      { path: 'tls', message: 'needs a key' },
    ]);
    const named = settingsError(error, 'X settings', { url: 'EVENT_BUS_X_URL' });
    expect(named).toBeInstanceOf(InvalidOptionsError);
    expect(named).toMatchObject({
      message: 'X settings: EVENT_BUS_X_URL: must be a URL; tls: needs a key',
      cause: error,
    });
  });

  it('returns any other error as it is', () => {
    const error = new Error('no route');
    expect(settingsError(error, 'X settings', {})).toBe(error);
  });
});
