// Whether an answer has its documented shape. What the document does not name may be there besides: a newer Worker says more.

/** The part of JSON Schema that the API's document uses, written by pkg-scripts/write-wire-types.mjs. */
export interface Shape {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly items?: Shape;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  /** The shape of every member of a table. */
  readonly values?: Shape;
}

/** Tells whether a value has a shape; `named` has the shapes that it may refer to. */
export function hasShape(value: unknown, shape: Shape, named: Readonly<Record<string, Shape>>): boolean {
  if (shape.$ref !== undefined) {
    const other = named[shape.$ref];
    return other !== undefined && hasShape(value, other, named);
  }
  if ("const" in shape) return value === shape.const;
  if (shape.enum) return shape.enum.includes(value);
  const choices = shape.anyOf ?? shape.oneOf;
  if (choices) return choices.some((choice) => hasShape(value, choice, named));
  if (shape.type !== undefined && ![shape.type].flat().some((type) => isOfType(value, type))) return false;
  if (Array.isArray(value)) return value.every((entry) => !shape.items || hasShape(entry, shape.items, named));
  if (typeof value !== "object" || value === null) return true;
  return hasMembers(value as Record<string, unknown>, shape, named);
}

function hasMembers(value: Record<string, unknown>, shape: Shape, named: Readonly<Record<string, Shape>>): boolean {
  if (shape.required?.some((name) => !(name in value))) return false;
  return Object.entries(value).every(([name, member]) => {
    const wanted = shape.properties?.[name] ?? shape.values;
    return !wanted || hasShape(member, wanted, named);
  });
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
