import { describe, expect, it } from 'vitest';
import { siteText } from './site-text.mjs';

const url = 'https://example.com/repository';
const text = (markdown: string, file = 'docs/guide/consume.md') => siteText(markdown, file, url);

describe('Markdown as the site shows it', () => {
  it.each([
    ['of the same folder', '[a](failures.md#time-limits)', '[a](./failures.md#time-limits)'],
    ['of a package', '[a](../../packages/events-cli/README.md)', '[a](../packages/events-cli.md)'],
    ['without a page here', '[a](../../tooling/brokers)', `[a](${url}/tree/main/tooling/brokers)`],
    ['to code', '[a](../../examples/demo/src/main.ts)', `[a](${url}/blob/main/examples/demo/src/main.ts)`],
    ['of another site', '[a](https://redis.io/docs/#x)', '[a](https://redis.io/docs/#x)'],
    ['of the same page', '[a](#order)', '[a](#order)'],
    ['that are absolute', `[a](${url}/blob/main/docs/guide/kafka.md#order)`, '[a](./kafka.md#order)'],
  ])('has links %s', (_, markdown, expected) => {
    expect(text(markdown)).toBe(expected);
  });

  it('is text where it looks like HTML, and as it is between backticks and in blocks of code', () => {
    expect(text('see <topic> and `<topic>`')).toBe('see &lt;topic> and `<topic>`');
    const block = '```ts\nconst a: Map<string, number>; // [x](y.md)\n```';
    expect(text(block)).toBe(block);
  });
});
