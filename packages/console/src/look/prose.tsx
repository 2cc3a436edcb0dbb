// A sentence of ours, in which back-ticks mean code.

/** Everything in it is text: what was observed stays what it was. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <>
      {text
        .split("`")
        .map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))}
    </>
  );
}
