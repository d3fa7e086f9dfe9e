import type { Settings } from '#config';
import type { ApprovalKind } from '#seal';
import type { BuiltStatement } from '#statements';
import { type EnteredLeaves, enterLeaves } from '../enter-leaves.ts';
import { addDocument, type DocumentPlace, type NewDocument } from './document-files.ts';
import type { DocumentSigner, SignerChoice } from './document-signer.ts';

/** Whose hand signs a document of the project, and where what it signs is laid. */
export type SigningPlace = SignerChoice & {
  readonly projectRoot: string;
  readonly storeFolder: string;
  readonly workingDirectory: string;
  readonly settings: Pick<Settings, 'log'>;
};

export type FiledDocument = { readonly path: string; readonly sha256: string; readonly logged?: EnteredLeaves };

type Filing = { readonly signer: DocumentSigner; readonly place: DocumentPlace; readonly event: NewDocument['event'] };

/** Signs a statement, lays it beside the policy, and enters its leaf into the log unless the log is off. Throws TL0003, and as the signer does. */
export const fileDocument = async (
  statement: BuiltStatement<ApprovalKind>,
  { signer, place, event }: Filing,
  { projectRoot, storeFolder, env, settings }: Pick<SigningPlace, 'projectRoot' | 'storeFolder' | 'env' | 'settings'>,
): Promise<FiledDocument> => {
  const signed = await signer.sign(statement);
  const path = await addDocument(projectRoot, place, { payload: statement.payload, signed, publicKey: signer.publicKey, event });
  const logged = settings.log.value === 'off' ? undefined : await enterLeaves({ statementPaths: [path], storeRoot: storeFolder, env });
  return { path, sha256: statement.sha256, ...(logged === undefined ? {} : { logged }) };
};
