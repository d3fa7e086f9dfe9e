/** A whole number with commas: 100,000. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 file", "1,000 files"; the plural is the singular with s unless it is given. */
export const counted = (count: number, singular: string, plural: string = `${singular}s`): string => `${grouped(count)} ${count === 1 ? singular : plural}`;

/** A share for people: 0 %, below 0.1 %, 2.5 %, 34 %. Only nothing is 0 and only everything is 100. */
export const percent = (share: number): string => {
  const hundred = share * 100;
  if (hundred === 0 || hundred === 100) return `${hundred} %`;
  if (hundred < 0.1) return 'below 0.1 %';
  if (hundred > 99.9) return 'above 99.9 %';
  return hundred < 10 || hundred > 99 ? `${hundred.toFixed(1)} %` : `${Math.round(hundred)} %`;
};

/** A number with three digits that count. */
export const threeDigits = (value: number): string => String(Number(value.toPrecision(3)));

/** Things in a sentence: a, b and c; behind the first ones only how many more there are. */
export const listed = (things: readonly string[], most: number = things.length): string => {
  const shown = things.length <= most ? things : [...things.slice(0, most), `${grouped(things.length - most)} more`];
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
};

/** A recorded value of an ordered column: reals with six digits that count. */
export const shortValue = (text: string): string => (/^-?\d+\.\d{4,}(e[+-]?\d+)?$/i.test(text) ? String(Number(Number(text).toPrecision(6))) : text);
