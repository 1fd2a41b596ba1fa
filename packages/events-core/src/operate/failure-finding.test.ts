import { expect, it } from 'vitest';
import { InfrastructureError } from '../errors/receiver-errors.js';
import { failureFinding } from './failure-finding.js';

const cures = { refused: 'correct the password', other: 'start the broker' };

it('names the credentials when the broker refuses the user', () => {
  expect(failureFinding(new Error('NOAUTH'), true, cures)).toStrictEqual({
    subject: 'broker',
    verdict: 'problem',
    message: 'NOAUTH',
    cure: 'correct the password',
  });
});

it('marks a broker that cannot be reached', () => {
  const finding = failureFinding(new InfrastructureError('connection refused'), false, cures);
  expect(finding).toMatchObject({ cure: 'start the broker', isUnreachable: true });
  expect(failureFinding(new TypeError('a bug'), false, cures)).not.toHaveProperty('isUnreachable');
});
