import { expect, it, vi } from 'vitest';

it('the example delivers the loan over the bus and refuses the wrong ISBN', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  await import('./main.js');
  expect(log.mock.calls.flat()).toEqual([
    'refused: data of com.example.library.book.borrowed.v1 is refused: loan.isbn: the check digit is wrong',
    'due on 2027-01-15: Structure and Interpretation of Computer Programs (ISBN 9780262510875)',
  ]);
});
