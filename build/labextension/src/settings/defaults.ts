/** A JSON schema's defaults, without a compiler. Pure functions. */

interface Schema {
  $ref?: string;
  default?: unknown;
  allOf?: Schema[];
  items?: Schema | Schema[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
}

/** What an empty object becomes by `schema`: as Ajv's `useDefaults` fills it, which looks into no `anyOf`, `oneOf`, `not` or `if`. */
export function defaultsOf(schema: object): Record<string, unknown> {
  const composite = {};
  fill(composite, schema as Schema, schema as Schema);
  return composite;
}

function fill(value: unknown, schema: Schema, root: Schema): void {
  if (schema.$ref !== undefined) fill(value, referred(schema.$ref, root), root);
  for (const part of schema.allOf ?? []) fill(value, part, root);
  if (Array.isArray(value)) fillItems(value, schema, root);
  else if (typeof value === "object" && value !== null) fillProperties(value as Record<string, unknown>, schema, root);
}

function fillItems(value: unknown[], { items }: Schema, root: Schema): void {
  if (!items) return;
  if (Array.isArray(items)) {
    items.forEach((item, index) => {
      if (value[index] === undefined && item.default !== undefined) value[index] = structuredClone(item.default);
    });
  }
  value.forEach((each, index) => {
    const item = Array.isArray(items) ? items[index] : items;
    if (item) fill(each, item, root);
  });
}

function fillProperties(value: Record<string, unknown>, schema: Schema, root: Schema): void {
  const { properties = {}, patternProperties = {}, additionalProperties } = schema;
  for (const [name, property] of Object.entries(properties)) {
    if (value[name] === undefined && property.default !== undefined) value[name] = structuredClone(property.default);
  }
  for (const [name, held] of Object.entries(value)) {
    const patterns = Object.entries(patternProperties).filter(([pattern]) => new RegExp(pattern, "u").test(name));
    const named = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const others = !named && patterns.length === 0 && typeof additionalProperties === "object" ? [additionalProperties] : [];
    for (const one of [...(named ? [named] : []), ...patterns.map(([, pattern]) => pattern), ...others]) fill(held, one, root);
  }
}

function referred(reference: string, root: Schema): Schema {
  if (reference === "#") return root;
  let found: unknown = root;
  for (const name of reference.replace(/^#\//, "").split("/")) {
    found = (found as Record<string, unknown> | undefined)?.[name.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  if (typeof found !== "object" || found === null) throw new Error(`The schema has no ${reference}.`);
  return found as Schema;
}
