import { peopleOf, type Policy } from '#approval';

/** Letters of another case or width are the same, and so are spaces around. */
const folded = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/**
 * Whom of a policy these names and addresses may mean, as the policy writes them. Only to find out who took part: that shuts somebody out.
 * What grants something compares letter by letter.
 */
export const takingPart = (policy: Pick<Policy, 'roles'>, names: readonly string[]): readonly string[] => {
  const said = new Set(names.map(folded));
  return [...peopleOf(policy)].filter((person) => said.has(folded(person)));
};

/** The authors of commits whom a policy knows by neither name nor address, as git writes them: nobody of the policy is shut out by what they did. */
export const unknownAuthors = (policy: Pick<Policy, 'roles'>, authors: readonly { readonly name: string; readonly mail: string }[]): readonly string[] => {
  const unknown = authors.filter(({ name, mail }) => takingPart(policy, [name, mail]).length === 0);
  return [...new Set(unknown.map(({ name, mail }) => (mail === '' ? name : `${name} <${mail}>`.trim())))];
};
