// The form of a value: how it is read, and how it is described to an editor. A reader is total: it reports
// its faults at the value's spot and then returns undefined.

import type { Spot } from "../tree/spot.ts";
import { quote } from "@corsway/cors/diagnostics";
import { kindOf, show, tomlString } from "../tree/show.ts";
import { isSlip, suggestion } from "../tree/suggestion.ts";

export type JsonSchema = { readonly [key: string]: unknown };

export interface Form<T> {
  readonly schema: JsonSchema;
  read(value: unknown, spot: Spot): T | undefined;
}

export function wrongType(spot: Spot, value: unknown, wanted: string, write?: string): undefined {
  return spot.fault("config/wrong-type", {
    message: `${show(value)} is ${kindOf(value)}, not ${wanted}`,
    why: "the meaning of a value of another type would be a guess",
    fix: write === undefined ? `write ${wanted}` : `write ${write}`,
    ...(write !== undefined && { write }),
  });
}

export const text: Form<string> = {
  schema: { type: "string" },
  read(value, spot) {
    if (typeof value === "string") return value;
    const scalar = typeof value === "number" || typeof value === "boolean";
    return wrongType(spot, value, "a string", scalar ? tomlString(String(value)) : undefined);
  },
};

export const boolean: Form<boolean> = {
  schema: { type: "boolean" },
  read(value, spot) {
    if (typeof value === "boolean") return value;
    const word = typeof value === "object" ? "" : String(value).toLowerCase();
    const meant = ["true", "yes", "on", "1"].includes(word)
      ? "true"
      : ["false", "no", "off", "0"].includes(word)
        ? "false"
        : undefined;
    return wrongType(spot, value, "a boolean", meant);
  },
};

export function integer(least: number, most: number): Form<number> {
  return {
    schema: { type: "integer", minimum: least, maximum: most },
    read(value, spot) {
      if (typeof value !== "number") {
        const meant = typeof value === "string" && /^\d{1,15}$/.test(value) ? value : undefined;
        return wrongType(spot, value, "a whole number", meant);
      }
      if (Number.isInteger(value) && value >= least && value <= most) return value;
      return spot.fault("config/out-of-range", {
        message: `${show(value)} is not a whole number from ${least} to ${most}`,
        why: "it would have to be adjusted, and the result would differ from what is written",
        fix: `write a whole number from ${least} to ${most}`,
      });
    },
  };
}

/** An empty string means the same as no key: Pingap's console writes such keys. */
export function unlessEmpty<T>(form: Form<T>): Form<T> {
  return {
    schema: { anyOf: [form.schema, { const: "" }] },
    read: (value, spot) => (value === "" ? undefined : form.read(value, spot)),
  };
}

/** One of several words. */
export function word<const W extends string>(...words: readonly W[]): Form<W> {
  return {
    schema: { enum: words },
    read(value, spot) {
      if (typeof value !== "string") return wrongType(spot, value, oneOf(words));
      const found = words.find((word) => word === value);
      return found ?? unknownWord(spot, value, words);
    },
  };
}

export function unknownWord(spot: Spot, value: string, words: readonly string[]): undefined {
  const meant = suggestion(value, words);
  return spot.fault("config/unknown-value", {
    message: `${quote(value)} is not one of ${words.map((word) => `\`${word}\``).join(", ")}`,
    why: "it would have to be ignored, and a different value would apply",
    fix: meant === undefined ? `write ${oneOf(words)}` : `did you mean \`${meant}\`?`,
    ...(meant !== undefined && isSlip(value, meant) && { write: tomlString(meant) }),
  });
}

function oneOf(words: readonly string[]): string {
  return words.map(tomlString).join(" or ");
}

/** Several values of one form: an array, or one comma-separated string. Every faulty element is reported. */
export function list<T>(element: Form<T>): Form<readonly T[]> {
  return {
    schema: { anyOf: [{ type: "array", items: element.schema }, { type: "string" }] },
    read(value, spot) {
      const items = typeof value === "string" ? splitList(value) : value;
      if (!Array.isArray(items)) {
        if (typeof value === "object") return wrongType(spot, value, "an array");
        const only = element.read(value, spot); // reports what a single value should be
        return only === undefined ? undefined : [only];
      }
      const read: T[] = [];
      for (const [index, item] of items.entries()) {
        // Text that is a single element is that element: its fault may be fixed in place.
        const one =
          item.text === value
            ? element.read(value, spot)
            : typeof value === "string"
              ? element.read(item.text, spot.within(item.offset, item.text.length))
              : element.read(item, spot.at(index));
        if (one !== undefined) read.push(one);
      }
      return read.length === items.length ? read : undefined;
    },
  };
}

/** The parts of comma-separated text, and where each begins. */
function splitList(text: string): { readonly text: string; readonly offset: number }[] {
  const items: { text: string; offset: number }[] = [];
  let from = 0;
  for (const part of text.split(",")) {
    const item = part.trim();
    if (item !== "") items.push({ text: item, offset: from + part.indexOf(item) });
    from += part.length + 1;
  }
  return items;
}
