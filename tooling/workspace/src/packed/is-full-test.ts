/** Whether what is long and seldom fails alone runs too: `npm run test:full`. */
export const isFullTest = process.env.TEST_SIZE === 'short';
