import { expect, it } from 'vitest';
import { InvalidOptionsError } from '../errors/configuration-errors.js';
import { okFinding, problemFinding } from './findings.js';
import { invalidOptionsFindings } from './invalid-options-findings.js';

const error = new InvalidOptionsError('X settings', [
  { path: 'tls', message: 'needs a key' },
  { path: 'EVENT_BUS_X_URL', message: 'needs a port' },
]);

it('reports options that are refused together, with the variables to correct', () => {
  const fine = okFinding('settings', 'EVENT_BUS_X_URLS is understood: fine');
  expect(invalidOptionsFindings(error, 'EVENT_BUS_X_', [fine])).toStrictEqual([
    fine,
    problemFinding(
      'settings',
      'tls: needs a key; EVENT_BUS_X_URL: needs a port',
      'correct the EVENT_BUS_X_… variables',
    ),
  ]);
});

it('never calls a setting understood that it reports as a problem', () => {
  const found = [okFinding('settings', 'EVENT_BUS_X_URL is understood: where X is')];
  expect(invalidOptionsFindings(error, 'EVENT_BUS_X_', found)).toMatchObject([{ verdict: 'problem' }]);
});

it('adds nothing to a problem that is reported already', () => {
  const found = [problemFinding('settings', 'EVENT_BUS_X_URL is not set', 'set it')];
  expect(invalidOptionsFindings(error, 'EVENT_BUS_X_', found)).toStrictEqual(found);
});
