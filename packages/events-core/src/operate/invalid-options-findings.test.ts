import { expect, it } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { okFinding, problemFinding } from './findings.js';
import { invalidOptionsFindings } from './invalid-options-findings.js';

const error = new InvalidOptionsError('X', [
  { path: 'tls', message: 'needs a key' },
  { path: 'url', message: 'needs a port' },
]);

it('reports options that are refused together, with the variables to correct', () => {
  expect(invalidOptionsFindings(error, 'EVENT_BUS_X_', [okFinding('settings', 'fine')])).toStrictEqual([
    problemFinding('settings', 'tls: needs a key; url: needs a port', 'correct the EVENT_BUS_X_… variables'),
  ]);
});

it('adds nothing to a problem that is reported already', () => {
  const found = [problemFinding('settings', 'EVENT_BUS_X_URL is not set', 'set it')];
  expect(invalidOptionsFindings(error, 'EVENT_BUS_X_', found)).toStrictEqual([]);
});
