import { allFields, type Field } from '#manifest';
import { code, NOTICE, page, table } from './markdown.ts';

/** docs/reference/manifest.md, from the field dictionary. */
export const manifestPage = (): string => {
  const fields = allFields();
  const sections = fields.filter((field) => /^\/[^/]+$/.test(field.path));
  return page(
    NOTICE,
    '# The manifest',
    'The record of one training run. The contract is `schema/manifest/v1.schema.json`, frozen: a later minor version only adds optional fields. Records of v0 are read and shown as v1 ([schemas](../guides/schemas.md)). This page lists the fields. Absent means not recorded; it never means empty, zero or false.',
    'In paths `*` stands for the items of a list and `{}` for the members of an open object. *Class* is the kind of a change in the field: parameter, code, data, split, seed, package, native, threads, hardware, config and criteria are causes; result and context are not. *Risk* says how likely a change in it changes the result. *Swap* marks what a replay can exchange.',
    ...sections.flatMap((section) => [
      `## ${section.path.slice(1)}`,
      section.meaning,
      ...(section.key === undefined ? [] : [`Items are told apart by ${section.key.map(code).join(', ')}.`]),
      table(['Field', 'Meaning', 'Unit', 'Class', 'Risk', 'Swap'], fields.filter((field) => isBelow(field, section)).map(fieldRow)),
    ]),
  );
};

const isBelow = (field: Field, section: Field): boolean => field.path.startsWith(`${section.path}/`) || (field === section && section.path.split('/').length === 2);

/** Fields that are still read and not to be written any more say so here, too. */
const meaningOf = ({ meaning, deprecated }: Field): string =>
  deprecated === undefined
    ? meaning
    : `${meaning} *Deprecated since ${deprecated.since}*: ${deprecated.because}${deprecated.use === undefined ? '' : `; in its place ${code(deprecated.use)}`}.`;

const fieldRow = (field: Field): readonly string[] => [code(field.path), meaningOf(field), field.unit ?? '', field.class, field.risk, field.swap ? 'yes' : ''];
