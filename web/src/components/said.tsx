import { useMemo } from 'react';
import { difference } from '../logic/difference';
import { splitControls } from '../logic/text';

/** Text of a citizen (or anybody): always text, its direction its own, what cannot be seen made visible. */
export function Said({ text }: { text: string }) {
  const parts = useMemo(() => splitControls(text), [text]);
  return (
    <bdi dir="auto">
      {parts.map((part, index) =>
        part.control ? (
          <span key={index} className="control" title={`Ký tự ẩn U+${part.text}`}>
            {part.text}
          </span>
        ) : (
          <bdi key={index} dir="auto">
            {part.text}
          </bdi>
        ),
      )}
    </bdi>
  );
}

export function Difference({ before, after }: { before: string; after: string }) {
  const parts = useMemo(() => difference(before, after), [before, after]);
  return (
    <div className="said difference">
      {parts.map((part, index) => {
        const Mark = part.kind === 'added' ? 'ins' : part.kind === 'removed' ? 'del' : 'span';
        return (
          <Mark key={index}>
            <Said text={part.text} />
          </Mark>
        );
      })}
    </div>
  );
}
