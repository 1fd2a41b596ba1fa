import type { SchemasAnswer } from '../../src/answers/event-answer.js';
import { CodeBlock } from './code-block.js';

/** What an event was written with beside what it is read with; lines that differ are marked. */
export function Schemas({ writer, reader }: SchemasAnswer) {
  const isSame = writer !== null && writer === reader;
  return (
    <>
      <p class="muted">
        {writer === null
          ? 'The message does not name the schema that it was written with: it is read with the one on the right.'
          : isSame
            ? 'Written and read with the same schema.'
            : 'Lines that only one of them has are marked.'}
      </p>
      <div class="beside">
        <Schema title="Written with" text={writer} other={reader} />
        <Schema title="Read with" text={reader} other={writer} />
      </div>
    </>
  );
}

function Schema({
  title,
  text,
  other,
}: {
  readonly title: string;
  readonly text: string | null;
  readonly other: string | null;
}) {
  const others = other === null ? undefined : new Set(other.split('\n').map(bare));
  return (
    <div>
      <h3>{title}</h3>
      {text === null ? (
        <p class="muted">unknown</p>
      ) : (
        <CodeBlock label={title}>
          {text.split('\n').map((line, index) => (
            <span key={index} class={others === undefined || others.has(bare(line)) ? '' : 'differs'}>
              {`${line}\n`}
            </span>
          ))}
        </CodeBlock>
      )}
    </div>
  );
}

function bare(line: string): string {
  return line.trim().replace(/,$/, '');
}
