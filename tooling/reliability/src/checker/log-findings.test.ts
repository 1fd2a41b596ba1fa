import { expect, it } from 'vitest';
import { Ledger } from './ledger.js';
import { logFindings } from './log-findings.js';

it('finds copies, and accepted events that are not where their receipts say', () => {
  const ledger = new Ledger();
  ledger.book('producer-1', [
    ['accepted', 1, 'here', '0:0', 1],
    ['accepted', 2, 'elsewhere', '0:1', 1],
    ['accepted', 3, 'somewhere', '0:-1', 1],
    ['accepted', 4, 'nowhere', '1:-1', 1],
    ['rejected', 5, 'refused', 'A_CODE'],
  ]);
  const log = new Map([
    ['0:0', 'here'],
    ['0:1', 'here'],
    ['0:2', 'elsewhere'],
    ['0:3', 'somewhere'],
    ['0:4', 'somewhere'],
  ]);
  expect(logFindings(ledger, log)).toEqual({ copies: 2, misplaced: 2 });
  expect(logFindings(new Ledger(), new Map())).toEqual({ copies: 0, misplaced: 0 });
});
