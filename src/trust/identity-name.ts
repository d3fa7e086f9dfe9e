/** One text for an issuer and a subject: different pairs never have the same. */
export const identityName = ({ issuer, subject }: { readonly issuer: string; readonly subject: string }): string => JSON.stringify([issuer, subject]);
