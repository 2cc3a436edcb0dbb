// The comments in the options that a policy replaces: each goes above the field that its option became.

import type { Node } from "./source.ts";

export interface OptionComment {
  readonly node: Node;
  /** The option that it stands at: the one on its line, or else the next; after the last option, the last. */
  readonly option?: string;
}

/** Each library's name of the option that a field comes from, where it is not the field's own. */
export const optionsOfField: Readonly<Record<string, readonly string[]>> = {
  allowOrigins: ["origin"],
  allowMethods: ["methods"],
  allowHeaders: ["allowedHeaders", "headers"],
  exposeHeaders: ["exposedHeaders"],
  allowCredentials: ["credentials"],
  preflightStatus: ["optionsSuccessStatus"],
};

/**
 * @param options the object of the options
 * @param place what the policy replaces, around the object
 */
export function commentsOf(
  options: Node,
  place: Node,
  { comments }: { readonly comments: readonly Node[] },
): OptionComment[] {
  const properties = (options["properties"] as readonly Node[] | undefined) ?? [];
  return comments
    .filter(({ start, end }) => place.start <= start && end <= place.end)
    .map((node) => {
      const at =
        properties.find(
          ({ start, end, loc }) =>
            start <= node.start && (node.end <= end || loc.end.line === node.loc.start.line),
        ) ??
        properties.find(({ start }) => node.end <= start) ??
        properties.at(-1);
      const key = at?.["key"] as Node | undefined;
      const option = key?.["name"] ?? key?.["value"];
      return typeof option === "string" ? { node, option } : { node };
    });
}

/** The comments above each field; those of an option that no field comes from are above the first. */
export function commentsByField(
  fields: readonly string[],
  comments: readonly OptionComment[],
): ReadonlyMap<string, readonly Node[]> {
  const above = new Map<string, Node[]>();
  for (const { node, option } of comments) {
    const field = fields.find(
      (one) => option !== undefined && (one === option || optionsOfField[one]?.includes(option)),
    );
    const place = field ?? fields[0]!;
    const there = above.get(place);
    if (there === undefined) above.set(place, [node]);
    else there.push(node);
  }
  return above;
}
