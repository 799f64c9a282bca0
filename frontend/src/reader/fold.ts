/** Text of a page made comparable, character by character, so that a hit can be found again on the page. */

const MARKS = /\p{M}/gu;
const SPACE = /\s/u;

const plainOf = (character: string): string => character.normalize("NFC").toLowerCase().slice(0, 1);

/** One letter without its diacritics: "ế" → "e", "Đ" → "d". */
const foldOf = (character: string): string => {
  const base = character.normalize("NFD").replace(MARKS, "").toLowerCase().slice(0, 1);
  return base === "đ" ? "d" : base;
};

export interface Place {
  /** Number of the text run on the page, and the offset in it. */
  run: number;
  offset: number;
}

export interface PageText {
  plain: string;
  folded: string;
  /** Where each character of the two strings stands on the page. */
  places: Place[];
}

export interface Hit {
  page: number;
  from: Place;
  /** The last character, included. */
  to: Place;
  exact: boolean;
}

/** Joins the runs of a page; any white space between words counts as one blank. */
export const pageText = (runs: readonly { str: string; hasEOL: boolean }[]): PageText => {
  const text: PageText = { plain: "", folded: "", places: [] };
  const add = (plain: string, folded: string, place: Place): void => {
    text.plain += plain;
    text.folded += folded;
    text.places.push(place);
  };
  const blank = (place: Place): void => {
    if (!text.plain.endsWith(" ")) add(" ", " ", place);
  };
  runs.forEach(({ str, hasEOL }, run) => {
    const whole = str.normalize("NFC");
    // Runs whose marks are written apart cannot be told by offsets; they are compared as they stand.
    const source = whole.length === str.length ? whole : str;
    for (let offset = 0; offset < source.length; offset += 1) {
      const character = source.charAt(offset);
      if (SPACE.test(character)) blank({ run, offset });
      else {
        const folded = foldOf(character);
        if (folded) add(plainOf(character), folded, { run, offset });
      }
    }
    if (hasEOL) blank({ run, offset: source.length });
  });
  return text;
};

const squeeze = (words: string): string => words.normalize("NFC").trim().replace(/\s+/gu, " ");

/** The words as they are compared with diacritics, and without. */
export const needle = (words: string): { plain: string; folded: string } => {
  const characters = [...squeeze(words)];
  return { plain: characters.map(plainOf).join(""), folded: characters.map(foldOf).join("") };
};

/** Every place of the words on a page; `exact` tells that the diacritics agree too. */
export const findIn = (text: PageText, page: number, words: string): Hit[] => {
  const { plain, folded } = needle(words);
  const hits: Hit[] = [];
  if (!folded) return hits;
  for (let at = text.folded.indexOf(folded); at >= 0; at = text.folded.indexOf(folded, at + folded.length)) {
    const from = text.places[at];
    const to = text.places[at + folded.length - 1];
    if (from && to) hits.push({ page, from, to, exact: text.plain.startsWith(plain, at) });
  }
  return hits;
};
