import { useState } from 'preact/hooks';
import { CodeBlock } from './code-block.js';

/** JSON text with its parts in colours; long texts in it are cut until they are asked for. Everything stays text. */
export function JsonView({ text, label }: { readonly text: string; readonly label: string }) {
  const [isWhole, setWhole] = useState(false);
  const tokens = tokensOf(text);
  const isCut = !isWhole && tokens.some(({ part }) => part.length > MAX_PART);
  return (
    <div class="json">
      <CodeBlock label={label}>
        {tokens.map(({ kind, part }, index) => (
          <span key={index} class={kind}>
            {isWhole || part.length <= MAX_PART
              ? part
              : `${part.slice(0, MAX_PART)}… (${part.length.toLocaleString('en-US')} characters)`}
          </span>
        ))}
      </CodeBlock>
      {isCut && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          Show long texts
        </button>
      )}
    </div>
  );
}

const MAX_PART = 1_000;
const MAX_TOKENS = 20_000;

interface Token {
  readonly kind: string;
  readonly part: string;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (tokens.length > MAX_TOKENS) break;
    if (match.index > end) tokens.push({ kind: 'plain', part: text.slice(end, match.index) });
    tokens.push({ kind: kindOf(match[0], match[1], match[2]), part: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) tokens.push({ kind: 'plain', part: text.slice(end) });
  return tokens;
}

function kindOf(part: string, quotedText: string | undefined, colon: string | undefined): string {
  if (quotedText === '"***"') return 'masked';
  if (quotedText !== undefined) return colon === undefined ? 'text' : 'name';
  return /^[-\d]/.test(part) ? 'number' : 'word';
}
