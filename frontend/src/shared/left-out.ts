// Which dossiers of the tray are left out of the next signature, by id. What is new is in, until it is taken out.

export type LeftOut = ReadonlySet<string>;

/** One row of the list as it is drawn. */
export interface Row {
  readonly id: string;
  readonly checked: boolean;
}

/** What is left out after the boxes shown were changed; rows that are not shown stay as they were. */
export const leftOutOf = (before: LeftOut, shown: readonly Row[]): LeftOut => {
  const after = new Set(before);
  for (const { id, checked } of shown) {
    if (checked) after.delete(id);
    else after.add(id);
  }
  return after;
};

/** Read back what ``asText`` wrote; anything else leaves nothing out. */
export const fromText = (text: string | null): LeftOut => {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return new Set(Array.isArray(found) ? found.filter((id) => typeof id === "string") : []);
  } catch {
    return new Set();
  }
};

export const asText = (left: LeftOut): string => JSON.stringify([...left]);
