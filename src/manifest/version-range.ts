import { compareVersions } from './version-order.ts';

type Operator = '<' | '<=' | '==' | '!=' | '>=' | '>';

/** Versions of a package: those that fit every comparison; every one, if there is none. */
export type VersionRange = readonly { readonly operator: Operator; readonly version: string }[];

const COMPARISON = /^(<=|>=|==|!=|<|>) ?([^\s<>=!,]{1,100})$/;
const MOST = 16;

/** Reads `>=1.0,<1.6.2`, `==1.6.1`, a bare version, or `*` for every one; undefined for anything else. The text is hostile. */
export const readVersionRange = (text: string): VersionRange | undefined => {
  if (text === '*') return [];
  const parts = text.length > 400 ? [] : text.split(',').map((part) => part.trim());
  if (parts.length === 0 || parts.length > MOST) return undefined;
  const range = parts.flatMap((part) => {
    const [, operator, version] = COMPARISON.exec(/^[0-9v]/i.test(part) ? `==${part}` : part) ?? [];
    return version === undefined || compareVersions(version, version) === undefined ? [] : [{ operator: operator as Operator, version }];
  });
  return range.length === parts.length ? range : undefined;
};

/** Whether a version fits; unknown where it is no version, or only its local part tells it from one that is named. Source of the order: PEP 440. */
export const fitsRange = (version: string, range: VersionRange): 'yes' | 'no' | 'unknown' => {
  const fits = range.map(({ operator, version: other }) => {
    const order = version === other ? 0 : compareVersions(version, other);
    return order === undefined ? undefined : holds(order, operator);
  });
  return fits.includes(false) ? 'no' : fits.includes(undefined) ? 'unknown' : 'yes';
};

const holds = (order: number, operator: Operator): boolean => {
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
  }
};
