// Terminal colours, or none. The library runs anywhere, so it cannot use `styleText` of node:util.

export type Color = "red" | "green" | "yellow" | "cyan" | "bold" | "dim";

const codes: Readonly<Record<Color, readonly [on: number, off: number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  bold: [1, 22],
  dim: [2, 22],
};

export type Paint = (color: Color, text: string) => string;

export function painter(color: boolean): Paint {
  if (!color) return (_color, text) => text;
  return (color, text) => {
    const [on, off] = codes[color];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
