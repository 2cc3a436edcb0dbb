// One policy as a form. Each change is made in the text, where comments and order stay.

import type { Diagnostic } from "../api/shapes.ts";
import { DiagnosticView } from "../look/diagnostic-view.tsx";
import { draft } from "./draft.ts";
import { Field } from "./field.tsx";
import { firstFields, furtherFields, type FormField } from "./fields.ts";
import { printedPath, writtenField, type PolicyPlace } from "./tree.ts";

interface Props {
  readonly place: PolicyPlace;
  readonly diagnostics: readonly Diagnostic[];
}

export function PolicyForm({ place, diagnostics }: Props) {
  const own = printedPath(place);
  const about = diagnostics.filter(({ path }) => path === own || path.startsWith(`${own}.`));
  const shown = new Set<Diagnostic>();
  const fieldOf = (field: FormField) => {
    const { key, value } = writtenField(place, field.name);
    const at = printedPath(place, key);
    const said = about.filter(({ path }) => path === at || path.startsWith(`${at}[`));
    said.forEach((one) => shown.add(one));
    return (
      <Field
        key={field.name}
        field={field}
        value={value}
        diagnostics={said}
        onFix={(one) => draft.applyFix(one)}
        set={(written) =>
          void draft.edit(place.file, [
            { path: [...place.path, key], ...(written !== undefined && { value: written }) },
          ])
        }
      />
    );
  };
  const first = firstFields.map(fieldOf);
  const further = furtherFields.map(fieldOf);
  const isUsed = furtherFields.some(({ name }) => writtenField(place, name).value !== undefined);
  const rest = about.filter((one) => !shown.has(one));
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      {rest.map((one) => (
        <DiagnosticView
          key={one.code + one.path}
          diagnostic={one}
          onFix={(fixed) => draft.applyFix(fixed)}
        />
      ))}
      {first}
      <details open={isUsed}>
        <summary>All fields</summary>
        <div>{further}</div>
      </details>
    </form>
  );
}
