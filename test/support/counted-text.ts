// A string that counts how much of it is looked at: work is bounded, whatever the clock says.

/** Pass it `as unknown as string`. It does not count what a Map does with a slice. */
export class CountedText {
  looks = 0;
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  get length(): number {
    return this.text.length;
  }
  charCodeAt(index: number): number {
    this.looks++;
    return this.text.charCodeAt(index);
  }
  indexOf(part: string): number {
    this.looks += this.text.length;
    return this.text.indexOf(part);
  }
  lastIndexOf(part: string, from?: number): number {
    this.looks += this.text.length;
    return from === undefined ? this.text.lastIndexOf(part) : this.text.lastIndexOf(part, from);
  }
  slice(start: number, end?: number): string {
    this.looks += (end ?? this.text.length) - start;
    return this.text.slice(start, end);
  }
}
